"""The costs in a real browser: another grouping keeps the place, a row leads to its clips."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from studio import ledger
from studio.core.status import JobStatus
from studio.models import Day, Member, Role
from tests.browser.conftest import axe_violations
from tests.browser.test_models import NARROW, WIDE, opened
from tests.factories import make_job, make_member, make_order, make_price, make_project
from tests.rollups import failure, free, total

pytestmark = pytest.mark.browser
TOP = "() => document.querySelector('main').scrollTop"
FITS = (
    "() => document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth"
)


@pytest.fixture
def ana(data_folder) -> Member:
    """Ana and Jonas have spent something today and yesterday; one clip of hers failed."""
    ana = make_member(Role.ADMIN, name="Ana Ruiz")
    jonas = make_member(team=ana.team, name="Jonas Weber")
    make_project(ana.team)
    make_price()
    today = ledger.today_of(ana.team)
    for author, provider, credits in ((ana, "runware", 60), (jonas, "trinetra", 35)):
        total(author, today, spent=credits, provider=provider)
        total(author, today - timedelta(days=40), spent=credits, provider=provider)
        failure(author, today)
    free(ana, today)
    make_job(JobStatus.FAILED, author=ana, order=make_order(prompt="Red door."))
    make_job(JobStatus.FAILED, author=jonas, order=make_order(prompt="Blue gate."))
    Day.objects.update(stale=False)  # or the totals above would be made anew from the ledger
    return ana


@pytest.fixture
def at(chromium, server, ana):
    pages: list[Page] = []

    def at(address: str = "/costs/", **options) -> Page:
        page = opened(chromium, server, ana, **options)
        page.goto(address)
        page.errors.clear()  # of the page before
        pages.append(page)
        return page

    yield at
    for page in pages:
        page.context.close()


class TestPage:
    @pytest.mark.parametrize("size", [WIDE, NARROW])
    @pytest.mark.parametrize("theme", ["dark", "light"])
    def test_is_for_everybody(self, at, size, theme):
        page = at(size=size, theme=theme)
        page.locator("#costs-as-table summary").click()
        expect(page.locator("#costs-as-table tfoot")).to_contain_text("95")
        assert axe_violations(page) == []
        assert page.evaluate(FITS)
        assert page.errors == []

    def test_another_grouping_keeps_place_and_focus(self, at):
        page = at()
        way = page.get_by_role("link", name="Provider", exact=True)
        way.scroll_into_view_if_needed()
        way.focus()
        top = page.evaluate(TOP)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="By provider")).to_be_visible()
        expect(way).to_be_focused()
        expect(way).to_have_attribute("aria-current", "true")
        expect(page).to_have_url(re.compile(r"/costs/\?by=provider$"))
        assert abs(page.evaluate(TOP) - top) <= 1
        page.go_back()
        expect(page.get_by_role("heading", name="By person")).to_be_visible()
        assert page.errors == []

    def test_rows_are_split_by_what_is_chosen(self, at):
        page = at()
        page.locator("#costs-then").select_option("decision")
        expect(page).to_have_url(re.compile(r"then=decision"))
        expect(page.locator("#cost-groups .sub", has_text="Approved").first).to_be_visible()

    def test_a_row_opens_by_key_and_leads_to_its_clips(self, at):
        page = at()
        twisty = page.get_by_role("checkbox", name="Show what is in Jonas Weber")
        twisty.focus()
        page.keyboard.press("Space")
        row = page.locator("#cost-groups tbody", has=twisty)
        row.get_by_role("link", name="See the clips").click()
        expect(page.locator(".tile .tile-title")).to_have_count(1)
        expect(page.locator(".tile .tile-title")).to_contain_text("Blue gate")

    def test_the_figures_follow_without_a_jump(self, at, ana):
        page = at()
        figure = page.locator("#cost-figures .v").first
        expect(figure).to_contain_text("95")
        total(ana, ledger.today_of(ana.team), spent=5)
        page.evaluate("() => window.htmx.trigger('#cost-figures', 'refresh')")
        expect(figure).to_contain_text("100")
        expect(page.locator("#costs-chart")).to_be_visible()
        assert page.errors == []

    def test_a_link_is_copied(self, at):
        page = at("/costs/?by=tag")
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        copied = page.evaluate("() => navigator.clipboard.readText()")
        assert re.search(r"/costs/\?from=\d{4}-\d\d-01&by=tag$", copied)


class TestWithoutScripts:
    def test_dates_are_chosen_and_rows_split(self, at):
        page = at(scripts=False)
        page.get_by_text("Choose dates").click()
        page.locator("#costs-from").fill("2026-01-05")
        page.locator("#costs-until").fill("2026-01-07")
        page.locator(".costs-dates-form button").click()
        expect(page.locator("h1 + p")).to_contain_text("5 to 7 January 2026")
        expect(page.get_by_text("Nothing was spent 5 to 7 January 2026")).to_be_visible()
