"""A client's whole way on a phone, while the author looks on; then the link is taken back."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Studio, axe_violations, own_environment, until, watched
from tests.browser.test_first_light import join

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MAKE = """
from pathlib import Path
from studio.models import Member
from tests.factories import make_order
from tests.storage import videos
from tests.takes import make_takes
folder = Path({folder!r})
member = Member.objects.order_by("pk").first()
for number in range(3):
    film = videos.video(folder / f"{{number}}.mp4", frames=24 + number, fps=24)
    order = make_order(prompt=f"Zanzibar heron {{number}} at dusk.")
    (take,) = make_takes(film, author=member, order=order)
    print(take.clip_id)
"""


@pytest.fixture(scope="module")
def clips(studio: Studio, tmp_path_factory) -> list[str]:
    code = MAKE.format(folder=str(tmp_path_factory.mktemp("shares")))
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code, "--data", str(studio.data)]
    said = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env=own_environment()
    )
    return said.stdout.split()


@pytest.fixture(scope="module")
def author(chromium, studio: Studio) -> Page:
    """An admin at a desk."""
    context = chromium.new_context(viewport=DESK, base_url=studio.url)
    page = watched(context)
    (token,) = join(studio, ("shares@example.org", "Ana Ruiz", "admin"))
    page.goto(f"/door/{token}/")
    page.get_by_role("button", name=re.compile("^Sign in as")).click()
    page.wait_for_url(re.compile(r"/$"))
    yield page
    context.close()


def make_link(page: Page, clips: list[str], name: str) -> str:
    page.goto(f"/shares/new/?clips={','.join(clips)}")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_text("They approve each clip").click()
    page.get_by_role("button", name="Make the link").click()
    page.wait_for_url(re.compile(r"/shares/\d+/$"))
    return page.input_value("#link-address")


def knock(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Your name").fill("Claire Dubois")
    page.get_by_label("E-mail").fill("claire@client.example")
    page.get_by_role("button", name="Open the review").click()
    page.wait_for_selector(".guest-wall")


def sound(page: Page) -> None:
    """Nothing for axe, nothing wider than the window."""
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_client_answers_on_a_phone_until_the_link_is_revoked(
    chromium, studio: Studio, clips: list[str], author: Page
) -> None:
    address = make_link(author, clips, "Act I selects")
    sound(author)
    author.get_by_role("link", name="Preview as the client").click()
    expect(author.get_by_text("Preview.")).to_be_visible()
    expect(author.get_by_role("button", name="Approve Shot 1")).to_be_disabled()
    sound(author)
    author.goto(f"/clips/{clips[1]}/")
    author.get_by_text("History", exact=True).click()
    expect(author.get_by_text("Shared by Ana Ruiz").first).to_be_visible()
    asked = author.get_by_text("Needs changes by Claire Dubois")
    asked_before = asked.count()

    context = chromium.new_context(viewport=PHONE, has_touch=True)
    phone = watched(context)
    phone.goto(address)
    sound(phone)
    knock(phone, address)
    expect(phone.get_by_text("0 of 3 answered")).to_be_visible()
    assert "Zanzibar" not in phone.content()
    sound(phone)

    phone.get_by_role("link", name="Play Shot 1").click()
    until(phone, "document.querySelector('video').readyState > 1")
    phone.evaluate("document.querySelector('video').play()")
    until(phone, "document.querySelector('video').currentTime > 0.2")
    sound(phone)
    phone.get_by_role("button", name="Approve Shot 1").click()
    expect(phone.get_by_text("You approved")).to_be_visible()
    phone.get_by_role("button", name="The frame I see").click()
    assert 0 < int(phone.input_value("#note-frame")) < 24
    phone.get_by_label("Your note").fill("The edge is too soft here.")
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_text("The edge is too soft here.").first).to_be_visible()
    until(phone, "document.getElementById('note-text').value === ''")
    phone.get_by_role("link", name="Back to all clips").click()

    phone.get_by_role("button", name="Ask for changes to Shot 2").click()
    phone.get_by_role("textbox", name="What should change?").fill("Could she slow down a little?")
    phone.get_by_role("button", name="Ask for changes", exact=True).click()
    expect(phone.get_by_text("You asked for changes")).to_be_visible()
    expect(phone.get_by_text("“Could she slow down a little?”")).to_be_visible()
    until(phone, f"document.activeElement.closest('article')?.id === 'shot-{clips[1]}'")
    author.reload()
    author.get_by_text("History", exact=True).click()
    expect(asked).to_have_count(asked_before + 1)

    phone.get_by_role("button", name="Approve the rest").click()
    expect(phone.get_by_role("dialog")).to_contain_text("“Shot 3”, take 1")
    sound(phone)
    phone.get_by_role("button", name="Approve 1 clip").click()
    expect(phone.get_by_text("3 of 3 answered")).to_be_visible()
    phone.get_by_role("button", name="Finish review").click()
    expect(phone.get_by_text("Thank you, your review is finished.")).to_be_visible()
    assert phone.errors == []

    author.goto("/shares/")
    row = author.get_by_role("row").filter(has_text=re.compile(r"Act I selects"))
    expect(row).to_contain_text("2 of 3 approved")
    sound(author)
    phone.get_by_role("link", name="Play Shot 1").click()
    video = phone.get_attribute("video", "src")
    seen = "async (at) => (await fetch(at)).status"
    assert phone.evaluate(seen, video) == 200
    author.get_by_role("button", name="Revoke Act I selects").click()
    expect(author.get_by_text("opens for nobody any more")).to_be_visible()
    assert phone.evaluate(seen, video) == 404
    assert (
        phone.evaluate("async (at) => (await fetch(at, {cache: 'force-cache'})).status", video)
        == 404
    )
    phone.reload()
    expect(phone.get_by_text("There is nothing here").first).to_be_visible()
    sound(phone)
    context.close()


def test_an_open_page_goes_when_the_link_does(
    chromium, studio: Studio, clips: list[str], author: Page
) -> None:
    address = make_link(author, clips, "Act II")
    context = chromium.new_context(viewport=PHONE)
    phone = watched(context)
    knock(phone, address)
    author.get_by_role("button", name="Revoke").click()
    author.wait_for_url(re.compile(r"/shares/$"))
    phone.get_by_role("button", name="Approve Shot 1").click()
    expect(phone.get_by_text("There is nothing here").first).to_be_visible()
    author.get_by_role("button", name="Undo for Act II").click()
    expect(author.get_by_text("“Act II” is open again.")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("0 of 3 answered")).to_be_visible()
    context.close()


def test_everything_works_without_scripts(
    chromium, studio: Studio, clips: list[str], author: Page
) -> None:
    address = make_link(author, clips, "Act III")
    context = chromium.new_context(viewport=DESK, java_script_enabled=False)
    page = context.new_page()
    knock(page, address)
    page.get_by_role("button", name="Approve Shot 1").click()
    expect(page.get_by_text("1 of 3 answered")).to_be_visible()
    page.get_by_role("button", name="Ask for changes to Shot 2").click()
    page.get_by_role("textbox", name="What should change?").fill("Slower.")
    page.get_by_role("button", name="Ask for changes", exact=True).click()
    expect(page.get_by_text("“Slower.”")).to_be_visible()
    page.get_by_role("link", name="Play Shot 1").click()
    page.get_by_label("Your note").fill("Softer.")
    page.get_by_label("Frame, 0 to 23").fill("12")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Frame 12")).to_be_visible()
    page.get_by_role("link", name="Back to all clips").click()
    page.get_by_role("button", name="Finish review").click()
    expect(page.get_by_text("Thank you, your review is finished.")).to_be_visible()
    context.close()
