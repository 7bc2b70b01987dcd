"""From a prompt to a take: one author, one reviewer, two windows, no reload."""

import json
import re
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Studio, axe_violations, own_environment, until, watched

RENDERED_WITHIN = 90_000  # ms, on a machine that does other things as well
JOIN = """
from studio.models import Member, User
from studio.services import setup
team = setup.first_admin().team
for email, name, role in {people}:
    user = User.objects.create_user(email, "a long and quite new password", name=name)
    Member.objects.create(team=team, user=user, role=role)
    print(setup.sign_in_token(user))
"""


def join(studio: Studio, *people: tuple[str, str, str]) -> list[str]:
    """Members of the studio's team, as (e-mail, name, role); their one-time tokens."""
    code = JOIN.format(people=repr(people))
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code, "--data", str(studio.data)]
    said = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env=own_environment()
    )
    return said.stdout.split()[-len(people) :]


def picture(path, *, hue: int) -> str:
    """A photograph-like picture: gradients and grain, 1280 x 800."""
    grain = np.random.default_rng(hue).integers(0, 40, (800, 1280, 3))
    across = np.linspace(0, 180, 1280)[None, :, None] * np.array([hue / 255, 0.6, 1 - hue / 255])
    Image.fromarray((grain + across).astype(np.uint8)).save(path)
    return str(path)


def open_wall(chromium, studio: Studio, token: str, **options) -> Page:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, **options)
    page = watched(context)
    page.goto(f"{studio.url}/door/{token}/")
    page.get_by_role("button", name=re.compile("^Sign in as")).click()
    page.goto(studio.url)
    expect(page.locator("[data-connection]").first).to_have_text("Live", timeout=20_000)
    return page


@pytest.fixture(scope="module")
def pair(chromium, studio):
    """Ana writes prompts, Ben has the wall open in a browser of his own."""
    ana, ben = join(
        studio, ("ana@x.example", "Ana Ruiz", "author"), ("ben@x.example", "Ben Ode", "reviewer")
    )
    pages = open_wall(chromium, studio, ana), open_wall(chromium, studio, ben)
    yield pages
    for page in pages:
        page.context.close()


@pytest.fixture(scope="module")
def clip(studio) -> int:
    """A finished clip of five seconds, ordered from the command line while the studio runs."""
    command = [sys.executable, "manage.py", "shoot", "A pier in fog.", "--duration", "5", "--json"]
    said = subprocess.run(
        [*command, "--data", str(studio.data)],
        cwd=ROOT, capture_output=True, text=True, check=True, env=own_environment(),
    )  # fmt: skip
    job = json.loads(said.stdout)["job"]
    with sqlite3.connect(studio.data / "studio.sqlite3") as rows:
        return rows.execute("SELECT clip_id FROM studio_job WHERE id = ?", [job]).fetchone()[0]


def tile_of(page: Page, title: str):
    return page.locator("article.tile", has_text=title)


class TestFirstLight:
    def test_a_take_made_in_one_window_appears_in_the_other(self, pair, studio, tmp_path):
        ana, ben = pair
        for page in pair:
            page.goto(studio.url)
            expect(page.locator("[data-connection]").first).to_have_text("Live")
            page.evaluate("window.sameWindow = true")
            page.errors.clear()
        title = "Light breaks through the canopy"
        ana.set_input_files("input[name=first_frame_file]", picture(tmp_path / "a.png", hue=40))
        expect(ana.locator("input[type=hidden][name=first_frame]")).to_have_count(1)
        ana.set_input_files("input[name=last_frame_file]", picture(tmp_path / "b.png", hue=200))
        expect(ana.locator("input[type=hidden][name=last_frame]")).to_have_count(1)
        ana.fill("#prompt", f"{title}. Slow push in.")
        expect(ana.locator("#generate")).to_contain_text("Free")
        ana.keyboard.press("Control+Enter")

        expect(tile_of(ana, title)).to_be_visible()
        expect(ben.locator("[data-new-pill]")).to_be_visible()
        ben.locator("[data-new-pill]").click()
        expect(tile_of(ben, title)).to_be_visible()
        for page in pair:
            done = page.locator('article.tile[data-state="done"]', has_text=title)
            expect(done).to_be_visible(timeout=RENDERED_WITHIN)
            assert page.evaluate("window.sameWindow"), "the page was reloaded"
            assert page.errors == []
        assert ana.input_value("#prompt").startswith(title)
        assert ben.locator("#compose").count() == 0

    def test_the_player_steps_and_seeks_by_frames(self, pair, studio, clip):
        ana, _ = pair
        ana.errors.clear()
        ana.goto(f"{studio.url}/clips/{clip}/")
        until(ana, "document.querySelector('video').readyState >= 2")
        now = ana.locator("[data-now]")
        expect(now).to_have_text("00:00:00:00")
        ana.keyboard.press(".")
        expect(now).to_have_text("00:00:00:01")
        ana.keyboard.press("ArrowRight")
        expect(now).to_have_text("00:00:01:01")
        ana.locator(".scrub").fill("100")
        expect(now).to_have_text("00:00:04:04")
        until(ana, "!document.querySelector('video').seeking")
        time, length = ana.evaluate(
            "[document.querySelector('video').currentTime, document.querySelector('video').duration]"
        )
        assert abs(time - 100.5 / 24) < 1 / 48
        assert length == pytest.approx(5)
        ana.keyboard.press("End")
        expect(now).to_have_text("00:00:04:23")
        assert ana.errors == []

    def test_bad_input_keeps_what_was_typed(self, pair, tmp_path, studio):
        ana, _ = pair
        ana.goto(studio.url)
        words = tmp_path / "words.png"
        words.write_text("these are words")
        ana.fill("#prompt", "Kept as it is")
        ana.set_input_files("input[name=first_frame_file]", words)
        expect(ana.locator("#slot-first_frame-problem")).to_contain_text("PNG, JPEG or WebP")
        assert ana.input_value("#prompt") == "Kept as it is"
        ana.fill("#prompt", "x" * 2501)
        ana.keyboard.press("Control+Enter")
        expect(ana.locator("#prompt-problem")).to_contain_text("2,500")
        assert len(ana.input_value("#prompt")) == 2501


class TestPages:
    @pytest.mark.parametrize(
        "path", ["/", "/director/", "/queue/", "/clips/{clip}/", "/?q=status:failed"]
    )
    @pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
    def test_axe_finds_nothing_and_nothing_is_too_wide(
        self, pair, studio, clip, path, width, height
    ):
        ana, _ = pair
        ana.set_viewport_size({"width": width, "height": height})
        ana.errors.clear()
        ana.goto(studio.url + path.format(clip=clip))
        assert axe_violations(ana) == []
        assert not ana.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert ana.errors == []
