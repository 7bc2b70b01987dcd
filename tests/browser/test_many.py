"""One press, many jobs, in a real browser: braces, several values, the preview, the tiles."""

import os

import pytest
from playwright.sync_api import expect

from studio.models import Clip, Job, WordList
from tests.browser.conftest import axe_violations
from tests.browser.test_models import NARROW, WIDE, choose, opened
from tests.factories import make_member, make_price, make_project

pytestmark = pytest.mark.browser


@pytest.fixture
def member(data_folder, sellers):
    member = make_member()
    make_project(member.team)
    make_price(provider="lab", credits_per_second=2)
    for name, words in [("weather", ["rain", "heavy snow", "fog"]), ("lens", ["35 mm", "85 mm"])]:
        WordList.objects.create(team=member.team, name=name, words=words, author=member)
    return member


@pytest.fixture
def page(chromium, server, member):
    page = opened(chromium, server, member)
    yield page
    page.context.close()


def shot(page, name):
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


def switch(page, name):
    page.locator(f"#several-{name} > label").click()


def write(page, text):
    page.locator("#prompt").press_sequentially(text)


class TestWildcards:
    def test_a_brace_offers_the_lists_and_the_chosen_one_is_put_in(self, page):
        write(page, "A street in {we")
        expect(page.get_by_role("option", name="weather")).to_be_visible()
        shot(page, "autocomplete")
        page.keyboard.press("Enter")
        expect(page.locator("#prompt")).to_have_value("A street in {{weather}}")
        expect(page.locator("#generate")).to_contain_text("Generate 3 jobs")
        page.keyboard.press("Control+z")
        expect(page.locator("#prompt")).to_have_value("A street in {we")
        assert page.errors == []

    def test_the_preview_lists_every_prompt_with_what_differs(self, page):
        write(page, "A street at {dawn|dusk} in {{weather}}")
        page.keyboard.press("Escape")
        page.locator("#many").get_by_role("button", name="Preview").click()
        rows = page.locator(".preview li")
        expect(rows).to_have_count(6)
        expect(rows.nth(4)).to_contain_text("A street at dusk in heavy snow")
        assert rows.nth(4).locator("mark").all_inner_texts() == ["dusk", "heavy snow"]
        shot(page, "preview")
        assert axe_violations(page) == []
        page.keyboard.press("Escape")
        expect(page.locator("[data-panel-dialog]")).to_be_hidden()
        assert page.errors == []

    def test_lists_are_kept_over_the_director_and_offered_at_once(self, page):
        page.get_by_role("link", name="Word lists").click()
        panel = page.locator("#panel")
        panel.get_by_text("New list").click()
        panel.locator("#new-list").get_by_label("Name").fill("light")
        panel.locator("#new-list").get_by_label("Words").fill("dawn, dusk")
        shot(page, "lists")
        panel.get_by_role("button", name="Save the list").click()
        expect(panel).to_contain_text("The list “light” is saved.")
        shot(page, "lists-saved")
        assert page.errors == []
        assert axe_violations(page) == []
        page.keyboard.press("Escape")
        write(page, "At {li")
        expect(page.get_by_role("option", name="light")).to_be_visible()

    def test_an_unclosed_brace_is_said_while_it_stands_there(self, page):
        write(page, "A {dawn|dusk")
        expect(page.locator("#many")).to_contain_text("the { at character 3 is not closed")
        page.locator("#generate button").click()
        expect(page.locator("#prompt-problem")).to_contain_text("is not closed")
        expect(page.locator("#prompt")).to_have_value("A {dawn|dusk")
        shot(page, "unclosed")


class TestMatrix:
    def test_several_values_are_counted_priced_and_sent_with_one_press(self, page, member):
        write(page, "A red door at {dawn|dusk}.")
        switch(page, "duration")
        for length in ("1 s", "2 s"):
            page.locator("#several-duration").get_by_text(length, exact=True).click()
        switch(page, "seed")
        page.locator("#many_seed").fill("7 to 9")
        expect(page.locator("#generate")).to_contain_text("Generate 12 jobs")
        expect(page.locator("#many")).to_contain_text("1 s, 2 s")
        shot(page, "matrix")
        assert axe_violations(page) == []
        page.locator("#generate button").click()
        expect(page.locator("#wall .tile").first).to_be_visible()
        newest, *_, oldest = Clip.objects.order_by("-pk").values_list("pk", flat=True)
        expect(page.locator(f"#clip-{newest}")).to_be_visible()
        page.locator("[data-wall-scroll]").evaluate("wall => wall.scrollTo(0, wall.scrollHeight)")
        expect(page.locator(f"#clip-{oldest}")).to_be_visible()  # far tiles are not in the document
        assert Job.objects.count() == 12
        shot(page, "ordered")
        assert page.errors == []
        prompts = {job.order.prompt for job in Job.objects.all()}
        assert prompts == {"A red door at dawn.", "A red door at dusk."}

    def test_values_stay_through_another_model_and_a_reload(self, page):
        switch(page, "camera")
        page.locator("#several-camera .seg label").nth(1).click()
        switch(page, "seed")
        page.locator("#many_seed").fill("3 seeds")
        write(page, "x")
        expect(page.locator("#generate")).to_contain_text("Generate 3 jobs")
        choose(page, "Film")
        expect(page.locator("#cfg")).to_be_visible()
        choose(page, "Animatic")
        expect(page.locator("#many_seed")).to_have_value("3 seeds")
        expect(page.locator("#generate")).to_contain_text("Generate 3 jobs")
        with page.expect_response(lambda answer: "draft" in answer.url):
            write(page, "y")
        page.reload()
        expect(page.locator("#many_seed")).to_have_value("3 seeds")
        expect(page.locator("#several-camera > label input")).to_be_checked()

    def test_wrong_values_stand_at_their_switch(self, page):
        write(page, "x")
        switch(page, "seed")
        page.locator("#many_seed").fill("seven")
        page.locator("#generate button").click()
        expect(page.locator("#several-seed .error")).to_contain_text("can not be read from “seven”")
        expect(page.locator("#many_seed")).to_have_value("seven")

    def test_on_a_phone(self, chromium, server, member):
        page = opened(chromium, server, member, size=NARROW)
        write(page, "A street at {dawn|dusk} in {{weather}}")
        page.keyboard.press("Escape")
        switch(page, "seed")
        page.locator("#many_seed").fill("2 seeds")
        expect(page.locator("#generate")).to_contain_text("Generate 12 jobs")
        shot(page, "phone")
        page.locator("#many").scroll_into_view_if_needed()
        shot(page, "phone-many")
        page.locator("#many").get_by_role("button", name="Preview").click()
        expect(page.locator(".preview li")).to_have_count(12)
        shot(page, "phone-preview")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.context.close()

    def test_without_scripts(self, chromium, server, member):
        page = opened(chromium, server, member, size=WIDE, scripts=False)
        page.locator("#prompt").fill("A {red|blue} door")
        page.locator("#several-seed > label").click()
        page.locator("#many_seed").fill("2 seeds")
        page.locator("#generate button").click()
        expect(page.locator("#toasts")).to_contain_text("4 jobs are ordered.")
        page.context.close()
