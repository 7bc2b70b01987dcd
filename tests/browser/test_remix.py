"""The remix menu and films that come back, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Studio, axe_violations, watched
from tests.browser.test_first_light import join


@pytest.fixture
def author(chromium, studio: Studio) -> Page:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = watched(context)
    (token,) = join(studio, ("remix@example.org", "Rey", "author"))
    page.goto(f"{studio.url}/door/{token}/")
    page.get_by_role("button", name=re.compile("^Sign in as")).click()
    page.wait_for_url(re.compile(r"/$"))
    yield page
    context.close()


def made(page: Page, prompt: str) -> None:
    """A finished clip."""
    page.locator("#prompt").fill(prompt)
    page.locator("#generate button:not([disabled])").first.click()
    tile = page.locator(".tile", has_text=prompt.removesuffix(".")).first
    expect(tile).to_have_attribute("data-state", "done", timeout=60_000)


def drop(page: Page, path: str, onto: str) -> None:
    """Drop a file of this machine as a person would."""
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<input id=\"held\" type=\"file\">')"
    )
    page.locator("#held").set_input_files(path)
    page.evaluate(
        """(onto) => {
          const transfer = new DataTransfer();
          transfer.items.add(document.getElementById('held').files[0]);
          const place = document.querySelector(onto);
          for (const name of ['dragover', 'drop']) place.dispatchEvent(
            new DragEvent(name, { dataTransfer: transfer, bubbles: true, cancelable: true }));
          document.getElementById('held').remove();
        }""",
        onto,
    )


def test_a_take_is_remixed_by_key_and_comes_back_from_its_file(author: Page, tmp_path) -> None:
    page = author
    made(page, "A lantern on the water.")
    tile = page.locator(".tile", has_text="A lantern on the water").first
    page.locator("#prompt").fill("What I typed")
    tile.locator(".tile-link").focus()
    page.keyboard.press("r")
    menu = page.get_by_role("link", name=re.compile("^Use all"))
    expect(menu).to_be_focused()
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.keyboard.press("r")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#director")).to_be_visible()
    expect(page.locator("#prompt")).to_have_value("What I typed")
    tile.hover()
    tile.get_by_role("link", name=re.compile("^Remix")).click()
    page.get_by_role("link", name=re.compile("^Prompt only")).click()
    expect(page.locator("#prompt")).to_have_value("A lantern on the water.")

    tile.hover()
    with page.expect_download() as saved:
        tile.get_by_role("link", name=re.compile("^Download")).click()
    film = str(tmp_path / "film.mp4")
    saved.value.save_as(film)
    for onto in ("#wall", "#director"):
        page.locator("#prompt").fill("Something else")
        with page.expect_request_finished(lambda one: "/remix/file/" in one.url) as asked:
            drop(page, film, onto)
        assert 0 < int(asked.value.all_headers()["content-length"]) < 60_000
        expect(page.locator("#prompt")).to_have_value("A lantern on the water.")
    (tmp_path / "no.mp4").write_bytes(b"\0\0\0\x10ftypisom\0\0\0\0")
    page.locator("#prompt").fill("Kept")
    drop(page, str(tmp_path / "no.mp4"), "#wall")
    expect(page.get_by_text("This file carries no order of Dailies.")).to_be_visible()
    expect(page.locator("#prompt")).to_have_value("Kept")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("link", name="Open an exported film").click()
    chooser.value.set_files(film)
    expect(page.locator("#prompt")).to_have_value("A lantern on the water.")
    assert [one for one in page.errors if "422" not in one] == []
