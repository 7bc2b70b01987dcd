"""What is typed is kept while it is typed, in each window, and can be undone and done again."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from studio.models import StoredDraft
from tests.browser.conftest import axe_violations
from tests.browser.test_models import NARROW, choose, opened, value
from tests.factories import make_job, make_member, make_order, make_price, make_project

pytestmark = pytest.mark.browser

# What is sent when the page is left waits until the next page lets it arrive.
LATE = """() => {
    navigator.sendBeacon = (_, body) =>
        sessionStorage.setItem("late", JSON.stringify([...body]));
}"""
ARRIVES = """async () => {
    const body = new FormData();
    for (const pair of JSON.parse(sessionStorage.getItem("late"))) body.append(...pair);
    return (await fetch("/drafts/", {method: "POST", body})).status;
}"""


@pytest.fixture
def member(data_folder, sellers):
    member = make_member()
    make_project(member.team)
    make_price(provider="lab", credits_per_second=2)
    return member


@pytest.fixture
def page(chromium, server, member):
    page = opened(chromium, server, member)
    yield page
    page.context.close()


def write(page: Page, text: str) -> None:
    page.locator("[data-prompt]").fill(text)


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Let the page go on until that holds in the database."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        page.wait_for_timeout(20)


def kept() -> list[str]:
    stored = StoredDraft.objects.first()
    return stored.fields["prompt"] if stored else []


class TestKept:
    def test_through_a_reload(self, page):
        write(page, "A red door in the snow")
        until(page, lambda: kept() == ["A red door in the snow"])
        page.reload()
        expect(page.locator("[data-prompt]")).to_have_value("A red door in the snow")
        assert page.errors == []

    def test_when_the_page_is_left_at_once(self, page):
        write(page, "Left at once")
        page.goto("/queue/")
        until(page, lambda: kept() == ["Left at once"])

    def test_when_the_next_page_is_drawn_before_it_arrives(self, page):
        write(page, "Kept")
        until(page, lambda: kept() == ["Kept"])
        page.evaluate(LATE)
        write(page, "Left at once")
        page.goto("/director/")
        expect(page.locator("[data-prompt]")).to_have_value("Left at once")
        assert page.evaluate(ARRIVES) == 204
        write(page, "And gone on")
        until(page, lambda: kept() == ["And gone on"])
        expect(page.locator("#draft-note")).to_be_hidden()

    def test_another_form_too(self, page):
        """The next page draws the form anew, and what is typed meanwhile follows what was left."""
        write(page, "Kept")
        until(page, lambda: kept() == ["Kept"])
        page.evaluate(LATE)
        choose(page, "Lab Film")
        expect(page.locator("[name=drawn_for]")).to_have_value(re.compile("film"))
        page.goto("/director/")
        expect(page.locator("[name=drawn_for]")).to_have_value(re.compile("film"))
        assert page.evaluate(ARRIVES) == 204
        write(page, "And gone on")
        until(page, lambda: kept() == ["And gone on"])
        expect(page.locator("#draft-note")).to_be_hidden()
        assert page.errors == []

    def test_what_was_left_is_not_put_into_another_order(self, page, member):
        job = make_job(author=member, order=make_order(prompt="A boat."))
        page.evaluate(LATE)
        write(page, "Left at once")
        page.goto(f"/director/?from={job.pk}")
        expect(page.locator("[data-prompt]")).to_have_value("A boat.")

    def test_settings_too(self, page):
        page.locator("#camera_pan").fill("4")
        page.locator("#camera_pan").dispatch_event("change")
        until(page, lambda: StoredDraft.objects.filter(fields__camera_pan=["4"]).exists())
        page.reload()
        assert value(page, "#camera_pan") == "4"

    def test_through_a_form_that_was_drawn_before_it(self, page):
        """The answer to the choice comes late, with the revision of before the keeping."""
        late: list = []
        page.route("**/director/**", lambda route: late.append(route), times=1)
        choose(page, "Lab Film")
        page.wait_for_timeout(100)
        drawn = late[0].fetch()
        write(page, "While it was drawn")
        until(page, lambda: kept() == ["While it was drawn"])
        expect(page.locator("[name=draft_rev]")).not_to_have_value("0")
        late[0].fulfill(response=drawn)
        expect(page.locator("[name=drawn_for]")).to_have_value(re.compile("film"))
        write(page, "And after it")
        until(page, lambda: kept() == ["And after it"])
        expect(page.locator("#draft-note")).to_be_hidden()
        assert page.errors == []


class TestTwoWindows:
    @pytest.fixture
    def other(self, chromium, server, member, page):
        other = opened(chromium, server, member)
        yield other
        other.context.close()

    @pytest.fixture
    def torn(self, page, other):
        """Both have typed; `other` came second and is told so."""
        write(page, "From the first window")
        until(page, lambda: kept() == ["From the first window"])
        write(other, "From the second window")
        expect(other.locator("#draft-note")).to_contain_text("Another window changed this draft")
        return other

    def test_nothing_is_lost_on_either_side(self, page, torn):
        assert value(torn, "[data-prompt]") == "From the second window"
        assert value(page, "[data-prompt]") == "From the first window"
        assert kept() == ["From the first window"]
        assert axe_violations(torn) == []

    def test_keep_this_one(self, torn):
        torn.get_by_role("button", name="Keep this one").click()
        until(torn, lambda: kept() == ["From the second window"])
        expect(torn.locator("#draft-note")).to_be_hidden()

    def test_use_the_other_one_and_back_by_undo(self, torn):
        torn.get_by_role("link", name="Use the other one").click()
        expect(torn.locator("[data-prompt]")).to_have_value("From the first window")
        torn.get_by_role("button", name="Undo").click()
        expect(torn.locator("[data-prompt]")).to_have_value("From the second window")


class TestUndo:
    def test_a_setting_and_again(self, page):
        page.locator("#camera_zoom").fill("-3")
        page.locator("#camera_zoom").dispatch_event("change")
        page.get_by_role("button", name="Undo").click()
        assert float(value(page, "#camera_zoom")) == 0
        page.get_by_role("button", name="Redo").click()
        assert value(page, "#camera_zoom") == "-3"

    def test_a_model_with_all_that_it_had(self, page):
        before = page.locator("[name=model]:checked").get_attribute("value")
        write(page, "A red door")
        choose(page, "Lab Film")
        expect(page.locator("[name=drawn_for]")).not_to_have_value(before)
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("[name=drawn_for]")).to_have_value(before)
        expect(page.locator("[data-prompt]")).to_have_value("A red door")
        assert page.errors == []

    def test_by_key_outside_of_text(self, page):
        page.locator("#camera_zoom").fill("-3")
        page.locator("#camera_zoom").dispatch_event("change")
        page.get_by_role("heading", name="Director").click()
        page.keyboard.press("Control+z")
        assert float(value(page, "#camera_zoom")) == 0

    def test_there_is_nothing_to_undo_at_first(self, page):
        expect(page.get_by_role("button", name=re.compile("Undo"))).to_be_disabled()


def test_on_a_phone_the_note_fits(chromium, server, member):
    page = opened(chromium, server, member, size=NARROW)
    write(page, "A")
    until(page, lambda: kept() == ["A"])
    StoredDraft.objects.update(rev=7, fields={"prompt": ["B"]})
    write(page, "C")
    expect(page.locator("#draft-note")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), (
        "only columns scroll"
    )
    page.context.close()
