"""A chain in a real browser: one take after the other, and all of them as one file."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Studio, axe_violations, own_environment, until, watched
from tests.browser.test_first_light import join

# Three takes that continue each other; the first is cut after its frame 11.
MAKE = """
from pathlib import Path
from studio.models import Member
from tests.chains import make_take
from tests.storage import videos
folder = Path({folder!r})
member = Member.objects.order_by("pk").first()
one = make_take(member, videos.video(folder / "one.mp4", frames=24, fps=24))
path = videos.video(folder / "two.mp4", frames=18, fps=24)
two = make_take(member, path, after=one, cut=11, first_frame=one.last_frame_id)
square = videos.video(folder / "three.mp4", frames=12, fps=24, size=(180, 180))
print(make_take(member, square, after=two).clip_id)
"""


@pytest.fixture(scope="module")
def chain(studio: Studio, tmp_path_factory) -> str:
    """The address of its last clip."""
    code = MAKE.format(folder=str(tmp_path_factory.mktemp("chain")))
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code, "--data", str(studio.data)]
    said = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env=own_environment()
    )
    return f"{studio.url}/clips/{said.stdout.split()[-1]}/"


def test_it_plays_through_and_becomes_one_file(chromium, studio: Studio, chain: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, accept_downloads=True)
    page = watched(context)
    (token,) = join(studio, ("chain@example.org", "Cha", "author"))
    page.goto(f"{studio.url}/door/{token}/")
    page.get_by_role("button", name=re.compile("^Sign in as")).click()
    page.wait_for_url(re.compile(r"/$"))
    page.goto(chain)
    page.get_by_role("link", name="Play joined").click()
    expect(page.get_by_text("Ends after frame 11 of 24")).to_be_visible()
    assert axe_violations(page) == []
    page.evaluate(
        """() => {
          window.seen = [];
          new MutationObserver(() => seen.push(
            [...document.querySelectorAll('[data-src]')].findIndex((one) => one.ariaCurrent === 'true'),
          )).observe(document.querySelector('[data-links]'), { attributes: true, subtree: true });
        }"""
    )
    until(page, "[...document.querySelectorAll('video')].every((one) => one.readyState > 1)")
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "window.seen.includes(1) && window.seen.includes(2) && window.seen.at(-1) === 0")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.get_by_label("Position in seconds").focus()
    page.keyboard.press("End")
    expect(page.locator("[data-links] [aria-current]")).to_contain_text("Shot three")

    page.get_by_role("button", name="Export as one file").click()
    expect(page.get_by_text("The film is ready: 320 × 180")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download").click()
    assert saved.value.suggested_filename == "Shot three, joined.mp4"
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.errors == []
    context.close()
