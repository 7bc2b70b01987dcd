"""The search in a real browser: completed by keys, chips, saved views, and a wall that stays true."""

import re

import pytest
from playwright.sync_api import Page, expect

from studio.core.status import JobStatus
from studio.models import Clip, Member, Tag
from studio.reports import counts
from tests.browser.conftest import axe_violations
from tests.browser.test_models import NARROW, WIDE, opened
from tests.factories import make_job, make_member, make_order, make_price, make_project

pytestmark = pytest.mark.browser
S = JobStatus


@pytest.fixture
def member(data_folder, monkeypatch) -> Member:
    monkeypatch.setattr(counts, "_kept", {})
    member = make_member(name="Ana Ruiz")
    make_project(member.team)
    make_price()
    return member


def shot(author: Member, prompt: str, status: str = S.FAILED) -> Clip:
    return make_job(status, author=author, order=make_order(prompt=prompt)).clip


@pytest.fixture
def mate(member) -> Member:
    """Another author, with a red door, a red car and a blue gate of the two of them."""
    mate = make_member(team=member.team, name="Jonas Weber")
    shot(member, "Red door.")
    shot(mate, "Red car.")
    shot(member, "Blue gate.")
    Tag.objects.create(team=member.team, name="first cut")
    return mate


def at(chromium, server, member, path: str = "/", size=WIDE, **more) -> Page:
    page = opened(chromium, server, member, size=size, **more)
    page.goto(path)
    return page


@pytest.fixture
def wall(chromium, server, member, mate):
    page = at(chromium, server, member)
    yield page
    page.context.close()


def titles(page: Page) -> list[str]:
    return page.locator(".tile .tile-title").all_inner_texts()


def box(page: Page):
    return page.get_by_role("searchbox", name="Search clips, prompts, notes")


class TestBox:
    def test_keys_lead_to_it_from_everywhere(self, wall):
        wall.locator("body").press("/")
        expect(box(wall)).to_be_focused()
        wall.keyboard.press("Escape")
        wall.goto("/settings/profile/")
        wall.locator("body").press("Control+k")
        expect(box(wall)).to_be_focused()
        wall.keyboard.type("red")
        wall.keyboard.press("Enter")
        expect(wall).to_have_url(re.compile(r"/\?q=red$"))

    def test_completes_fields_and_values_by_keys(self, wall):
        wall.keyboard.press("Control+k")
        wall.keyboard.type("red b")
        expect(wall.get_by_role("option", name="by:")).to_be_visible()
        wall.keyboard.press("ArrowDown")
        expect(box(wall)).to_have_attribute("aria-activedescendant", re.compile("listbox"))
        wall.keyboard.press("Enter")
        expect(box(wall)).to_have_value("red by:")
        wall.keyboard.type("we")
        expect(wall.get_by_role("option")).to_have_count(1)
        wall.keyboard.press("ArrowDown")
        wall.keyboard.press("Enter")
        expect(box(wall)).to_have_value('red by:"Jonas Weber" ')
        wall.keyboard.type("-tag:f")
        expect(wall.get_by_role("option", name="first cut")).to_be_visible()
        wall.keyboard.press("Tab")
        expect(box(wall)).to_have_value('red by:"Jonas Weber" -tag:"first cut" ')
        wall.keyboard.press("Enter")
        expect(wall.locator(".chips .chip")).to_have_count(3)
        assert titles(wall) == ["Red car"]
        assert wall.errors == []

    def test_what_is_offered_does_not_keep_enter(self, wall):
        wall.keyboard.press("Control+k")
        wall.keyboard.type("by:ana")
        expect(wall.get_by_role("option", name="Ana Ruiz")).to_be_visible()
        wall.keyboard.press("Enter")
        expect(wall.locator(".chip")).to_contain_text("by ana")
        assert titles(wall) == ["Blue gate", "Red door"]

    def test_what_can_not_be_read_is_explained_and_stays(self, wall):
        wall.keyboard.press("Control+k")
        wall.keyboard.type("seed:abc")
        wall.keyboard.press("Enter")
        expect(wall.get_by_role("alert")).to_contain_text("seed takes one whole number")
        expect(box(wall)).to_have_value("seed:abc")
        assert axe_violations(wall) == []

    def test_works_without_scripts(self, chromium, server, member, mate):
        page = at(chromium, server, member, scripts=False)
        box(page).fill("red")
        box(page).press("Enter")
        expect(page.locator(".tile")).to_have_count(2)
        page.get_by_role("link", name="Saved views").click()
        page.get_by_label("Name").fill("Reds")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("“Reds” is saved.")).to_be_visible()
        expect(page).to_have_url(re.compile(r"/\?q=red$"))
        page.context.close()


class TestChips:
    def test_each_can_be_taken_away(self, wall):
        wall.goto("/?q=red -car by:me&sort=cost")
        assert titles(wall) == ["Red door"]
        wall.get_by_role("link", name="Remove not car").click()
        expect(wall).to_have_url(re.compile(r"q=red\+by%3Ame&sort=cost"))
        wall.get_by_role("link", name="Remove by me").click()
        expect(wall.locator(".tile")).to_have_count(2)
        expect(wall.get_by_role("status").filter(has_text="2 clips")).to_be_visible()

    def test_filters_and_sorts_are_menus(self, wall):
        wall.get_by_role("button", name="Filter").click()
        wall.get_by_role("link", name="Made by you").click()
        expect(wall.locator(".chip")).to_contain_text("is mine")
        wall.get_by_role("button", name="Newest first").click()
        wall.get_by_role("link", name="Best rated").click()
        expect(wall.get_by_role("heading", name="Best rated")).to_be_visible()
        assert titles(wall) == ["Blue gate", "Red door"]

    def test_without_a_match_the_narrowest_goes(self, wall):
        wall.goto("/?q=red rating:5")
        wall.get_by_role("link", name="Without rating:5: 2").click()
        expect(wall.locator(".tile")).to_have_count(2)


class TestViews:
    def test_made_counted_renamed_removed_and_back(self, wall):
        wall.goto("/?q=red")
        wall.get_by_role("button", name="Save this view").click()
        wall.get_by_role("button", name="Save", exact=True).click()
        expect(wall.get_by_role("alert")).to_contain_text("Name must have 1 to 40 characters")
        expect(wall.get_by_role("textbox", name="Name")).to_be_focused()
        wall.keyboard.type("Reds")
        wall.get_by_label("For the whole team").check()
        wall.get_by_role("textbox", name="Name").press("Enter")
        view = wall.locator(".view", has_text="Reds")
        expect(view).to_have_text(re.compile(r"Reds\s+2"))
        expect(view).to_have_attribute("aria-current", "true")
        expect(view).to_be_focused()
        wall.get_by_role("button", name="Rename or remove “Reds”").click()
        wall.get_by_role("textbox", name="Name").fill("Crimson")
        wall.get_by_role("textbox", name="Name").press("Enter")
        expect(wall.locator(".view", has_text="Crimson")).to_be_visible()
        wall.get_by_role("button", name="Rename or remove “Crimson”").click()
        wall.get_by_role("button", name="Remove", exact=True).click()
        expect(wall.locator(".view", has_text="Crimson")).to_have_count(0)
        wall.get_by_role("button", name="Undo").click()
        expect(wall.locator(".view", has_text="Crimson")).to_have_text(re.compile(r"Crimson\s+2"))
        assert [one for one in wall.errors if "422" not in one] == []

    def test_counts_follow_what_happens(self, wall, mate):
        failed = wall.locator(".view", has_text="Failed this week")
        expect(failed).to_have_text(re.compile(r"3$"))
        shot(mate, "Another one.")
        expect(failed).to_have_text(re.compile(r"4$"))


class TestNews:
    def test_only_what_matches_waits_above_a_searched_wall(self, wall, mate, member):
        wall.goto("/?q=red")
        expect(wall.locator("[data-connection]")).to_have_attribute("data-state", "live")
        shot(mate, "Green field.")
        shot(mate, "Red sky.")
        pill = wall.locator("[data-new-pill]")
        expect(pill).to_have_text("1 new clip")
        assert titles(wall) == ["Red car", "Red door"]
        pill.click()
        expect(wall.locator(".tile")).to_have_count(3)
        assert titles(wall) == ["Red sky", "Red car", "Red door"]
        expect(pill).to_be_hidden()

    def test_what_comes_to_match_waits_too(self, wall, mate):
        job = shot(mate, "Green field.", S.QUEUED).jobs.get()
        wall.goto("/?q=status:cancelled")
        expect(wall.locator("[data-connection]")).to_have_attribute("data-state", "live")
        job.move(S.CANCELLED)
        expect(wall.locator("[data-new-pill]")).to_have_text("1 new clip")

    def test_own_order_comes_first_whatever_was_searched(self, wall):
        wall.goto("/?q=red")
        wall.fill("#prompt", "Violet sea.")
        wall.locator("#generate").click()
        expect(wall.locator(".tile").first).to_contain_text("Violet sea")


class TestAccess:
    @pytest.mark.parametrize("size", [WIDE, NARROW])
    @pytest.mark.parametrize("path", ["/", "/?q=red -car by:ana", "/?q=zebra red", "/?q=a:b"])
    def test_axe_finds_nothing_and_it_fits(self, chromium, server, member, mate, size, path):
        page = at(chromium, server, member, path, size)
        expect(page.locator(".view .n").first).to_be_attached()
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.context.close()

    @pytest.mark.parametrize("size", [WIDE, NARROW])
    def test_nor_in_its_menus(self, chromium, server, member, mate, size):
        page = at(chromium, server, member, "/?q=red", size)
        for opener in ("#views [popovertarget]", "[popovertarget=filter-menu]", "[popovertarget=sort-menu]"):  # fmt: skip
            page.locator(opener).click()
            assert axe_violations(page) == []
            page.keyboard.press("Escape")
        box(page).focus()
        page.keyboard.type(" by:")
        expect(page.get_by_role("option").first).to_be_visible()
        assert axe_violations(page) == []
        page.context.close()

    def test_a_finger_opens_it_on_a_phone(self, chromium, server, member, mate):
        page = at(chromium, server, member, "/", NARROW)
        page.locator(".search").click()
        expect(box(page)).to_be_focused()
        page.keyboard.type("red")
        page.keyboard.press("Enter")
        expect(page.locator(".tile")).to_have_count(2)
        page.context.close()
