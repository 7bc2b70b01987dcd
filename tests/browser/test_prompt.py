"""What stands around the prompt box, in a real browser: it grows, remembers, offers and improves."""

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from studio.models import Job, Prompt, WordList
from studio.services import presets, prompts, templates
from tests.browser.conftest import axe_violations
from tests.browser.test_models import NARROW, choose, opened
from tests.factories import make_member, make_price, make_project
from tests.language import said, writing

pytestmark = pytest.mark.browser
OLD = "A red door. Snow {a|b} falls. The camera pans."
BETTER = "A tall red door. Snow falls softly. The camera pans slowly."


@pytest.fixture
def member(data_folder, sellers):
    member = make_member(name="Ana")
    make_project(member.team)
    make_price(provider="lab", credits_per_second=2)
    return member


@pytest.fixture
def page(chromium, server, member):
    page = opened(chromium, server, member)
    yield page
    page.context.close()


@pytest.fixture
def writer(settings, data_folder):
    cache.clear()
    settings.ALLOW_PRIVATE = ["127.0.0.0/8"]
    with writing() as writer:
        settings.LANGUAGE_MODEL = {"base_url": writer.url, "key": "", "model": "writer-1"}
        writer.answer = said(BETTER)
        yield writer
    cache.clear()


def remember(member, *texts):
    project = member.team.projects.get()
    for number, text in enumerate(texts):
        Prompt.objects.create(
            team=member.team, project=project, author=member, text=text,
            digest=prompts.digest_of(text),
            used_at=timezone.now() + timedelta(seconds=number),
        )  # fmt: skip


def box(page: Page):
    return page.locator("[data-prompt]")


def panel(page: Page):
    return page.locator("[data-panel-dialog]")


def height(page: Page, selector: str = "[data-prompt]") -> float:
    return page.locator(selector).bounding_box()["height"]


def type_at_end(page: Page, text: str) -> None:
    box(page).focus()
    page.keyboard.press("End")
    page.keyboard.type(text)


class TestBox:
    @pytest.mark.parametrize("grows_by_itself", [True, False])
    @pytest.mark.parametrize("address", ["/director/", "/"])
    def test_grows_and_shrinks_with_its_text(self, page, address, grows_by_itself):
        if not grows_by_itself:
            page.add_init_script(
                "const has = CSS.supports.bind(CSS);"
                "CSS.supports = (name, ...rest) => name !== 'field-sizing' && has(name, ...rest);"
                "document.addEventListener('DOMContentLoaded', () => {"
                " const sheet = new CSSStyleSheet();"
                " sheet.replaceSync('[data-prompt] { field-sizing: fixed !important }');"
                " document.adoptedStyleSheets = [sheet]; });"
            )
        page.goto(address)
        box(page).focus()
        empty = height(page)
        box(page).fill("line\n" * 11)
        assert height(page) > empty + 40
        box(page).fill("")
        assert height(page) == empty

    def test_the_count_moves_nothing_in_the_bar(self, page):
        page.goto("/")
        box(page).fill("x " * 1_100)
        before = height(page, "#compose")
        expect(page.locator("#prompt-count")).to_be_hidden()
        box(page).fill("x " * 1_100 + "." * 95)
        expect(page.locator("#prompt-count")).to_have_text("2,295 / 2,500")
        assert height(page, "#compose") == before


class TestArrows:
    def test_back_and_forth_from_an_empty_box(self, page, member):
        remember(member, "One.", "Two\nlines.", "Three.")
        box(page).focus()
        for key, expected in (
            ("Up", "Three."), ("Up", "Two\nlines."), ("Up", "One."), ("Up", "One."),
            ("Down", "Two\nlines."), ("Down", "Three."), ("Down", ""), ("Down", ""),
        ):  # fmt: skip
            page.keyboard.press(f"Arrow{key}")
            expect(box(page)).to_have_value(expected)
        assert page.errors == []

    def test_the_caret_in_a_text_moves_as_ever(self, page, member):
        remember(member, "One.")
        box(page).fill("a\nb")
        box(page).focus()
        page.keyboard.press("ArrowUp")
        page.keyboard.type("x")
        expect(box(page)).to_have_value("ax\nb")
        box(page).fill("")
        page.keyboard.press("ArrowUp")
        expect(box(page)).to_have_value("One.")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowDown")
        expect(box(page)).to_have_value("One.")

    def test_what_was_just_ordered_comes_first(self, page, member):
        remember(member, "One.")
        box(page).focus()
        page.keyboard.press("ArrowUp")
        expect(box(page)).to_have_value("One.")
        box(page).fill("Now.")
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-tile]")).to_have_count(1)
        assert Job.objects.get().order.prompt == "Now."
        box(page).fill("")
        page.keyboard.press("ArrowUp")
        expect(box(page)).to_have_value("Now.")


class TestHistory:
    def test_search_take_and_undo_by_keys(self, page, member):
        remember(member, "A red door <b>.", "A blue gate.")
        box(page).fill("Before.")
        page.get_by_role("link", name="History").press("Enter")
        search = page.get_by_role("dialog").get_by_role("searchbox")
        expect(search).to_be_focused()
        page.keyboard.type("door")
        expect(page.locator("[data-prompt-pick]")).to_have_count(1)
        assert axe_violations(page) == []
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(panel(page)).to_be_hidden()
        expect(box(page)).to_be_focused()
        expect(box(page)).to_have_value("A red door <b>.")
        expect(page.locator("[data-prompt-count]")).to_have_text("15 / 2,500")
        page.keyboard.press("Control+z")
        expect(box(page)).to_have_value("Before.")
        assert page.errors == []

    def test_compare_two_and_one_with_the_box(self, page, member):
        remember(member, "A red door.", "A blue door.")
        box(page).fill("A blue door at dusk.")
        page.get_by_role("link", name="History").click()
        panel(page).locator("[name=pick]").first.check()
        page.get_by_role("button", name="Compare", exact=True).click()
        expect(panel(page).locator(".word-diff ins")).to_contain_text("at dusk")
        assert axe_violations(page) == []
        page.get_by_role("link", name="Back to history").click()
        panel(page).locator("[name=pick]").first.check()
        panel(page).locator("[name=pick]").last.check()
        page.get_by_role("button", name="Compare", exact=True).click()
        expect(panel(page).locator(".word-diff del")).to_contain_text("red")
        page.keyboard.press("Control+Enter")
        page.keyboard.press("Escape")
        expect(panel(page)).to_be_hidden()
        assert not Job.objects.exists()  # the keys of the panel are not those of the form behind it


class TestSlash:
    @pytest.fixture(autouse=True)
    def door(self, member):
        text = "A {{thing}} in the {{weather}}."
        settings = {"quality": 61}
        return templates.save(member, name="Door", text=text, settings=settings, is_private=False)

    def options(self, page: Page):
        return page.get_by_role("option")

    @pytest.mark.parametrize("address", ["/director/", "/"])
    def test_offers_fills_and_puts_it_where_the_slash_stood(self, page, member, address):
        WordList.objects.create(team=member.team, name="weather", words=["fog"], author=member)
        page.goto(address)
        box(page).fill("Look:  Slowly.")
        box(page).evaluate("(one) => { one.focus(); one.setSelectionRange(6, 6); }")
        page.keyboard.type("/do")
        expect(self.options(page)).to_have_count(1)
        active = box(page).get_attribute("aria-activedescendant")
        assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
        assert axe_violations(page) == []
        page.keyboard.press("Enter")
        expect(page.locator("[name=fill-thing]")).to_be_focused()
        assert axe_violations(page) == []
        page.keyboard.press("Enter")
        expect(panel(page)).to_contain_text("“thing” is needed")
        page.locator("[name=fill-thing]").fill("fox")
        page.keyboard.press("Enter")
        expect(panel(page)).to_be_hidden()
        expect(box(page)).to_have_value("Look: A fox in the {{weather}}. Slowly.")
        expect(box(page)).to_be_focused()
        expect(page.locator("[name=quality]")).to_have_value("61")
        assert box(page).evaluate("(one) => one.selectionStart") == len(
            "Look: A fox in the {{weather}}."
        )

    def test_the_whole_form_is_undone(self, page):
        box(page).fill("Before.")
        quality = page.locator("[name=quality]").input_value()
        page.get_by_role("link", name="Templates").click()
        page.get_by_role("button", name="Use Door").click()
        page.locator("[name=fill-thing]").fill("fox")
        page.locator("[name=fill-weather]").fill("fog")
        page.keyboard.press("Enter")
        expect(box(page)).to_have_value("A fox in the fog.")
        expect(page.locator("[name=quality]")).to_have_value("61")
        page.locator("[data-undo]").click()
        expect(box(page)).to_have_value("Before.")
        expect(page.locator("[name=quality]")).to_have_value(quality)

    def test_escape_keeps_the_slash_as_text(self, page):
        type_at_end(page, "/")
        expect(self.options(page)).to_have_count(1)
        page.keyboard.press("Escape")
        expect(self.options(page)).to_have_count(0)
        expect(box(page)).to_be_focused()
        page.keyboard.type("do")
        expect(box(page)).to_have_value("/do")
        expect(self.options(page)).to_have_count(0)
        page.keyboard.press("Escape")
        expect(box(page)).not_to_be_focused()

    @pytest.mark.parametrize("text", ["24/7", "a/", "and/or", "https://"])
    def test_a_slash_within_a_word_is_one(self, page, text):
        type_at_end(page, "/")
        expect(self.options(page)).to_have_count(1)
        page.keyboard.press("Backspace")
        expect(self.options(page)).to_have_count(0)
        page.keyboard.type(text)
        expect(page.locator("[data-prompt-count]")).to_have_text(f"{len(text)} / 2,500")
        expect(self.options(page)).to_have_count(0)

    def test_what_fits_no_name_closes_the_list(self, page):
        type_at_end(page, "/x")
        expect(self.options(page)).to_have_count(0)
        page.keyboard.press("Backspace")
        expect(self.options(page)).to_have_count(1)
        page.mouse.click(*[700, 20])
        expect(self.options(page)).to_have_count(0)

    def test_by_touch_on_a_phone(self, chromium, server, member):
        page = opened(chromium, server, member, size=NARROW)
        type_at_end(page, "/")
        self.options(page).first.click()
        expect(page.locator("[name=fill-thing]")).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide == NARROW[0]
        page.context.close()


class TestTemplates:
    def test_save_change_remove_and_back(self, page, member):
        box(page).fill("A {{thing}}.")
        page.locator("#camera_zoom").fill("-6")
        page.get_by_role("button", name="Save as template").click()
        expect(page.get_by_label("Name", exact=True)).to_be_focused()
        assert axe_violations(page) == []
        page.keyboard.press("Enter")
        expect(panel(page)).to_contain_text("Name is needed: 1 to 60 characters.")
        page.keyboard.type("Thing")
        page.get_by_label("Camera: zoom -6").check()
        page.keyboard.press("Enter")
        expect(panel(page)).to_contain_text("Saved as version 1.")
        page.get_by_text("Change the text").click()
        page.get_by_label("Text", exact=True).fill("A red {{thing}}.")
        page.get_by_role("button", name="Save a new version").click()
        page.get_by_text("Versions", exact=True).click()
        page.get_by_role("link", name="Version 1").click()
        expect(panel(page).locator("ins")).to_contain_text("red")
        assert axe_violations(page) == []
        page.get_by_role("button", name="Make it the newest").click()
        expect(panel(page)).to_contain_text("version 3 of 3")
        page.get_by_role("button", name="Remove").click()
        expect(panel(page)).to_contain_text("“Thing” is removed.")
        page.get_by_role("button", name="Undo", exact=True).click()
        expect(panel(page)).to_contain_text("“Thing” is back.")
        page.keyboard.press("Escape")
        type_at_end(page, " /")
        expect(page.get_by_role("option")).to_have_count(1)

    def test_settings_that_the_model_does_not_know_are_told(self, page, member):
        settings = {"duration": 3, "hdri": "x"}
        found, value = next(iter(settings.items()))
        templates.save(
            member, name="Short", text="A door.", settings={found: value, "cfg": 0.5},
            is_private=False,
        )  # fmt: skip
        page.get_by_role("link", name="Templates").click()
        page.get_by_role("button", name="Use Short").click()
        expect(page.locator("#director")).to_contain_text("it was left out")
        expect(page.locator("#duration")).to_have_value("3")


class TestLeaveOut:
    def test_presets_add_once_replace_and_are_saved(self, page, member):
        presets.add(member, kind="leave_out", name="Clean", value="text, Logo")
        choose(page, "Film")
        area = page.locator("#negative_prompt")
        area.fill("blur, TEXT")
        for _ in range(2):
            page.get_by_role("button", name="Clean", exact=True).first.click()
            expect(area).to_have_value("blur, TEXT, Logo")
        page.get_by_role("button", name="Replace by Clean").click()
        expect(area).to_have_value("text, Logo")
        area.fill("warped hands")
        page.get_by_role("button", name="Presets").click()
        page.get_by_label("Name of this text").fill("Hands")
        page.keyboard.press("Enter")
        expect(page.locator("#leave-out")).to_contain_text("Hands")
        assert axe_violations(page) == []
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Clean", exact=True).first.click()
        page.get_by_role("button", name="Hands", exact=True).first.click()
        expect(area).to_have_value("warped hands, text, Logo")


class TestImprove:
    def test_is_accepted_sentence_by_sentence_and_undone(self, writer, page):
        page.reload()
        box(page).fill(OLD)
        page.get_by_role("button", name="Improve").click()
        ticks = page.locator("[name=accept]")
        expect(ticks).to_have_count(2)
        expect(panel(page)).to_contain_text("It would change {a|b}, so it stays as it is.")
        assert axe_violations(page) == []
        ticks.last.check()
        page.get_by_role("button", name="Put into the prompt").click()
        expect(box(page)).to_have_value("A red door. Snow {a|b} falls. The camera pans slowly.")
        page.keyboard.press("Control+z")
        expect(box(page)).to_have_value(OLD)
        page.get_by_role("button", name="Improve").click()
        page.get_by_role("button", name="Accept all").click()
        expect(ticks.first).to_be_checked()
        page.get_by_role("button", name="Reject all").click()
        expect(ticks.first).not_to_be_checked()
        page.get_by_role("button", name="Accept all").click()
        page.get_by_role("button", name="Put into the prompt").click()
        expect(box(page)).to_have_value(
            "A tall red door. Snow {a|b} falls. The camera pans slowly."
        )
        page.locator("[data-undo]").click()
        expect(box(page)).to_have_value(OLD)
        assert page.errors == []

    def test_says_that_it_waits_and_stops_when_it_is_closed(self, writer, page):
        writer.waits = threading.Event()
        page.reload()
        box(page).fill(OLD)
        page.get_by_role("button", name="Improve").click()
        expect(panel(page)).to_contain_text("The language model is asked.")
        page.keyboard.press("Escape")
        expect(panel(page)).to_be_hidden()
        writer.waits.set()
        page.get_by_role("link", name="History").click()
        expect(panel(page).get_by_role("heading")).to_have_text("History")
        page.keyboard.press("Escape")
        expect(box(page)).to_have_value(OLD)

    def test_a_fault_is_a_sentence_and_nothing_is_lost(self, writer, page):
        writer.status = 500
        page.reload()
        box(page).fill(OLD)
        page.get_by_role("button", name="Improve").click()
        expect(panel(page)).to_contain_text("has a problem of its own")
        page.keyboard.press("Escape")
        expect(box(page)).to_have_value(OLD)

    def test_without_scripts_too(self, writer, chromium, server, member):
        page = opened(chromium, server, member, scripts=False)
        page.locator("#prompt").fill(OLD)
        page.locator("#camera_zoom").fill("-6")
        page.get_by_role("button", name="Improve").click()
        page.locator("[name=accept]").first.check()
        page.get_by_role("button", name="Put into the prompt").click()
        expect(page.locator("#prompt")).to_have_value(
            "A tall red door. Snow {a|b} falls. The camera pans."
        )
        expect(page.locator("#camera_zoom")).to_have_value("-6")
        page.get_by_role("link", name="History").click()
        expect(page.get_by_role("heading", name="History")).to_be_visible()
        page.context.close()
