"""Single keys: what they do, the list under "?", and giving an action another one."""

import re

import pytest
from playwright.sync_api import Page, expect

from studio.core.status import JobStatus
from studio.models import Asset, AssetKind, Member, Take
from tests.browser.conftest import axe_violations
from tests.browser.test_models import NARROW, WIDE, opened
from tests.factories import make_job, make_member, make_project

pytestmark = pytest.mark.browser


@pytest.fixture
def member(data_folder):
    member = make_member()
    make_project(member.team)
    return member


def shown_take(author: Member) -> Take:
    """A clip with one take on the wall; its files are of no matter here."""
    job = make_job(JobStatus.SUCCEEDED, author=author)
    names = ("video", "poster", "preview", "last_frame", "strip")
    files = {
        name: Asset.objects.create(
            team=author.team, kind=AssetKind.UPLOAD, path=f"{name}.webp", sha256=name, size=1,
            content_type="image/webp", width=16, height=9,
        )
        for name in names
    }  # fmt: skip
    take = Take.objects.create(
        clip=job.clip, job=job, number=1, index=0, width=16, height=9, fps=24, frames=24, seconds=1,
        **files,
    )  # fmt: skip
    job.clip.follow_jobs(rev=job.clip.rev)
    return take


def at(chromium, server, member, path: str, size=WIDE) -> Page:
    page = opened(chromium, server, member, size=size)
    page.goto(path)
    return page


@pytest.fixture
def wall(chromium, server, member):
    shown_take(member)
    page = at(chromium, server, member, "/")
    yield page
    page.context.close()


def change(page: Page, words: str, key: str) -> None:
    page.locator("#keys").get_by_role("button", name=re.compile(words)).click()
    page.keyboard.press(key)


class TestList:
    @pytest.mark.parametrize("path", ["/", "/queue/", "/settings/profile/", "/director/"])
    def test_opens_on_every_page(self, chromium, server, member, path):
        page = at(chromium, server, member, path)
        page.locator("body").press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        assert page.errors == []
        page.context.close()

    def test_says_everything_and_fits_a_phone(self, chromium, server, member):
        page = at(chromium, server, member, "/", NARROW)
        page.locator("body").press("?")
        for words in ("Remix the clip", "Undo, redo", "Insert a template", "One frame on"):
            expect(page.get_by_role("dialog")).to_contain_text(words)
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.context.close()

    def test_a_question_mark_in_the_prompt_is_one(self, wall):
        wall.locator("[data-prompt]").press("?")
        expect(wall.locator("[data-prompt]")).to_have_value("?")
        expect(wall.locator("#keys")).to_have_count(0)


class TestActions:
    def test_remix_and_continue_the_clip_that_has_the_focus(self, wall):
        wall.keyboard.press("ArrowRight")
        wall.keyboard.press("r")
        wall.get_by_role("navigation", name="Remix").get_by_role("link", name="Use all").press(
            "Enter"
        )
        expect(wall.locator(".director-head .badge")).to_contain_text("From")
        wall.keyboard.press("Escape")
        expect(wall.locator(".director-head")).to_have_count(0)  # closing it moves the focus
        wall.locator(".tile-link").focus()
        wall.keyboard.press("e")
        expect(wall.locator(".director-head .badge")).to_contain_text("Continues")

    def test_to_the_wall_and_to_a_new_shot_from_elsewhere(self, wall):
        wall.goto("/queue/")
        wall.keyboard.press("g")
        expect(wall.locator("#wall")).to_be_visible()
        wall.goto("/queue/")
        wall.keyboard.press("p")
        expect(wall.locator("[data-prompt]")).to_be_focused()


def test_the_directors_head_fits_a_phone(chromium, server, member):
    """However long the title of what it continues is."""
    take = shown_take(member)
    page = at(chromium, server, member, f"/director/?take={take.pk}", NARROW)
    box = page.locator("[data-close]").bounding_box()
    assert box["x"] + box["width"] <= NARROW[0]
    page.context.close()


class TestChange:
    def test_counts_after_a_reload_and_goes_back(self, wall):
        wall.locator("body").press("?")
        change(wall, "Remix the clip", "y")
        wall.reload()
        wall.keyboard.press("ArrowRight")
        menu = wall.get_by_role("navigation", name="Remix")
        wall.keyboard.press("r")
        expect(menu).to_be_hidden()
        wall.keyboard.press("y")
        expect(menu).to_be_visible()
        wall.keyboard.press("Escape")
        wall.keyboard.press("?")
        wall.get_by_role("button", name="As usual").click()
        expect(wall.locator("[data-action=remix]")).to_have_text("R")

    def test_a_key_that_is_taken_is_refused_with_its_name(self, wall):
        wall.locator("body").press("?")
        change(wall, "Remix the clip", "g")
        expect(wall.locator("#keys")).to_contain_text("G is “Go to the wall” already")
        wall.keyboard.press("Escape")
        expect(wall.locator("[data-action=remix]")).to_have_text("R")

    def test_what_is_no_sign_is_refused(self, wall):
        wall.locator("body").press("?")
        change(wall, "Remix the clip", "Enter")
        expect(wall.locator("#keys")).to_contain_text("Choose a letter or a sign")
