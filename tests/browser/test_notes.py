"""Notes on the clip page: two people, two windows, one film."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe_violations, until, watched
from tests.browser.films import READ_AFTER_SEEK, clips_of, film
from tests.browser.test_first_light import join, picture


@pytest.fixture(scope="module")
def pair(chromium, studio):
    """Ana writes prompts, Samir reviews; each has a browser of their own."""
    pages = []
    people = [
        ("ana@notes.example", "Ana Ruiz", "author"),
        ("sam@notes.example", "Samir Haddad", "reviewer"),
    ]
    for token in join(studio, *people):
        page = watched(chromium.new_context(viewport={"width": 1440, "height": 900}))
        page.goto(f"{studio.url}/door/{token}/")
        page.get_by_role("button", name=re.compile("^Sign in as")).click()
        page.wait_for_url(re.compile(r"/$"))
        pages.append(page)
    yield pages
    for page in pages:
        page.context.close()


@pytest.fixture(scope="module")
def films(tmp_path_factory) -> Path:
    return film(tmp_path_factory.mktemp("noted") / "film.mp4", frames=240)


@pytest.fixture
def clip(studio, films) -> str:
    return clips_of(studio, films)[0]


@pytest.fixture
def both(pair, clip):
    for page in pair:
        page.errors.clear()
        visit(page, clip)
    yield pair
    for page in pair:
        assert page.errors == []


def visit(page: Page, address: str) -> None:
    page.goto("about:blank")
    page.goto(address)
    until(page, "document.querySelector('video').readyState >= 3")


def go(page: Page, frame: int) -> None:
    page.get_by_label("Position", exact=True).fill(str(frame))


def post(page: Page, text: str, *, frame: int = 0) -> None:
    go(page, frame)
    page.locator("#n-text").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".note", has_text=text)).to_be_visible()
    expect(page.locator("#n-text")).to_have_value("")


def on_picture(page: Page, x: float, y: float) -> tuple[float, float]:
    box = page.locator("[data-ink-layer]").bounding_box()
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*on_picture(page, *start))
    page.mouse.down()
    page.mouse.move(*on_picture(page, *end), steps=6)
    page.mouse.up()


class TestWriting:
    def test_typing_pauses_and_enter_posts_and_plays_on(self, both):
        ana, _ = both
        ana.keyboard.press("Space")
        until(ana, "document.querySelector('video').currentTime > 0.3")
        ana.keyboard.press("n")
        expect(ana.locator("#n-text")).to_be_focused()
        assert not ana.evaluate("document.querySelector('video').paused")
        ana.keyboard.type("Too")
        assert ana.evaluate("document.querySelector('video').paused")
        frame = ana.evaluate(READ_AFTER_SEEK)
        ana.keyboard.type(" dark")
        ana.keyboard.press("Shift+Enter")
        ana.keyboard.type("here")
        ana.keyboard.press("Enter")
        note = ana.locator(".note")
        expect(note.locator(".note-body")).to_have_text("Too dark\nhere", use_inner_text=True)
        expect(note).to_have_attribute("data-frame", str(frame))
        until(ana, "!document.querySelector('video').paused")
        ana.keyboard.press("Escape")
        ana.keyboard.press("k")

    def test_holds_the_range_between_in_and_out(self, both):
        ana, _ = both
        for frame, key in ((12, "i"), (32, "o")):
            go(ana, frame)
            ana.keyboard.press(key)
        expect(ana.locator("[data-at-said]")).to_have_text(re.compile("^00:12.01:08$"))
        ana.locator("#n-text").fill("Shimmers")
        ana.keyboard.press("Enter")
        expect(ana.locator(".note .tcode")).to_have_text(re.compile("^00:12.01:08$"))
        bar = ana.locator("#pins rect").first
        assert bar.get_attribute("x") == "5.021%"
        assert bar.get_attribute("width") == "8.368%"

    def test_names_people_by_a_list_and_gives_them_a_task(self, both, studio):
        ana, samir = both
        box = ana.locator("#n-text")
        box.press_sequentially("Ask @sam")
        expect(ana.get_by_role("option", name="Samir Haddad")).to_be_visible()
        ana.keyboard.press("Enter")
        expect(box).to_have_value("Ask @Samir ")
        ana.keyboard.press("Enter")
        expect(samir.get_by_text("Task for Samir Haddad, open")).to_be_visible()
        samir.goto(f"{studio.url}/tasks/")
        samir.get_by_role("button", name="Account menu").click()
        expect(samir.get_by_role("link", name=re.compile("Tasks"))).to_contain_text("1 open")
        samir.keyboard.press("Escape")
        assert axe_violations(samir) == []
        samir.get_by_role("button", name=re.compile("^Done")).click()
        expect(samir.get_by_text("Nobody waits for you.")).to_be_visible()
        expect(ana.get_by_text("Task for Samir Haddad, done")).to_be_visible()

    def test_refused_keeps_what_was_typed_and_says_why(self, both):
        ana, _ = both
        ana.locator("#n-text").focus()
        ana.keyboard.press("Enter")
        problem = ana.locator("#composer-problem")
        expect(problem).to_have_text("Note is empty: write something, or draw on the picture.")
        ana.locator("#n-text").fill("x" * 5001)
        ana.keyboard.press("Enter")
        expect(problem).to_contain_text("at most 5,000 characters, not 5,001")
        assert len(ana.input_value("#n-text")) == 5001
        assert all("422" in error for error in ana.errors)
        ana.errors.clear()

    def test_replies_changes_and_takes_back_with_undo(self, both):
        ana, samir = both
        post(ana, "First words", frame=20)
        samir.get_by_role("link", name="Reply to Ana Ruiz").click()
        expect(samir.get_by_text("Reply to Ana Ruiz").first).to_be_visible()
        samir.keyboard.type("An answer")
        samir.keyboard.press("Enter")
        expect(ana.locator(".note-reply")).to_contain_text("An answer")
        expect(ana.locator(".note-reply [data-own]")).to_be_hidden()
        ana.get_by_role("link", name="Edit this note").click()
        expect(ana.locator("#n-text")).to_have_value("First words")
        ana.locator("#n-text").fill("Other words")
        ana.keyboard.press("Enter")
        expect(samir.locator(".note > .note-body").first).to_have_text("Other words")
        ana.get_by_role("button", name="Take back the note by Ana Ruiz").click()
        expect(samir.locator(".note")).to_have_count(0)
        ana.get_by_role("button", name="Undo").click()
        expect(samir.locator(".note")).to_have_count(1)

    def test_attaches_a_picture(self, both, tmp_path):
        ana, samir = both
        ana.set_input_files("input[name=attachment]", picture(tmp_path / "ref.png", hue=90))
        expect(ana.get_by_text("With a picture: ref.png")).to_be_visible()
        ana.locator("#n-text").focus()
        ana.keyboard.press("Enter")
        expect(samir.get_by_alt_text("Attached: ref.png")).to_be_visible()
        expect(ana.get_by_text("With a picture: ref.png")).to_be_hidden()


class TestDrawing:
    def test_alone_is_a_note_that_others_see_at_its_frame(self, both):
        ana, samir = both
        go(ana, 52)
        ana.keyboard.press("d")
        drag(ana, (0.2, 0.2), (0.4, 0.5))
        ana.get_by_role("button", name="Box").click()
        ana.get_by_role("button", name="Red ink").click()
        drag(ana, (0.5, 0.5), (0.75, 0.9))
        ana.get_by_role("button", name="Text", exact=True).click()
        ana.mouse.click(*on_picture(ana, 0.1, 0.8))
        ana.keyboard.type("<b>keep</b>")
        ana.keyboard.press("Enter")
        expect(ana.locator("[data-with]")).to_have_text(
            "With a drawing: a line, a box, “<b>keep</b>”"
        )
        ana.get_by_role("button", name="Stop drawing").click()
        ana.keyboard.press("Enter")
        note = samir.locator(".note")
        expect(note).to_contain_text(
            "Drawing by Ana Ruiz: a line, a box and the words “<b>keep</b>”."
        )
        note.locator(".tcode").click()
        assert samir.evaluate(READ_AFTER_SEEK) == 52
        ink = samir.get_by_role("img", name=re.compile("^Drawing by Ana Ruiz: a line, a box"))
        expect(ink).to_be_visible()
        expect(ink.locator("text")).to_have_text("<b>keep</b>")
        box = ink.locator("rect")
        assert [
            round(float(box.get_attribute(name))) for name in ("x", "y", "width", "height")
        ] == [160, 90, 80, 72]
        samir.keyboard.press(".")
        expect(ink).to_be_hidden()

    def test_is_right_where_the_picture_has_bars(self, both):
        ana, _ = both
        ana.set_viewport_size({"width": 700, "height": 900})
        ana.keyboard.press("d")
        ana.get_by_role("button", name="Arrow").click()
        drag(ana, (0.25, 0.25), (0.5, 0.5))
        shape = ana.evaluate("JSON.parse(document.querySelector('[name=drawing]').value)[0]")
        assert shape["kind"] == "arrow"
        for point, wanted in zip(shape["points"], [(0.25, 0.25), (0.5, 0.5)], strict=True):
            assert point == pytest.approx(wanted, abs=0.01)
        ana.set_viewport_size({"width": 1440, "height": 900})

    def test_is_made_by_keys_alone(self, both):
        ana, samir = both
        ana.keyboard.press("d")
        expect(ana.locator("[data-ink-layer]")).to_be_focused()
        ana.get_by_role("button", name="Box").focus()
        ana.keyboard.press("Enter")
        ana.locator("[data-ink-layer]").focus()
        ana.keyboard.press("Enter")
        for key in ("Shift+ArrowRight", "Shift+ArrowDown", "ArrowDown"):
            ana.keyboard.press(key)
        ana.keyboard.press("Enter")
        shape = ana.evaluate("JSON.parse(document.querySelector('[name=drawing]').value)[0]")
        assert shape["points"] == [[0.5, 0.5], [0.6, 0.61]]
        assert axe_violations(ana) == []
        ana.keyboard.press("Escape")
        expect(ana.locator("#n-text")).to_be_focused()
        ana.keyboard.press("Enter")
        expect(samir.locator(".note")).to_contain_text("a box")

    def test_is_undone_cleared_and_hidden(self, both):
        ana, _ = both
        ana.keyboard.press("d")
        for y in (0.2, 0.4, 0.6):
            drag(ana, (0.2, y), (0.6, y))
        layer = ana.locator("[data-ink-layer] path")
        ana.get_by_role("button", name="Undo stroke").click()
        expect(layer).to_have_count(2)
        ana.get_by_role("button", name="Clear the drawing").click()
        expect(layer).to_have_count(0)
        ana.get_by_role("button", name="Stop drawing").click()
        expect(ana.locator("[data-ink-layer]")).to_be_hidden()


class TestLive:
    def test_a_note_is_in_the_other_window_within_a_second(self, both):
        ana, samir = both
        seconds = []
        for number in range(3):
            go(ana, 10 * number)
            ana.locator("#n-text").fill(f"Note {number}")
            samir.evaluate(
                """(text) => { window.noted = new Promise((go) => {
                  const look = () => document.getElementById("notes-list").textContent.includes(text) ? go(performance.timeOrigin + performance.now()) : requestAnimationFrame(look);
                  look(); }) }""",
                f"Note {number}",
            )
            began = time.time()
            ana.keyboard.press("Enter")
            seconds.append(samir.evaluate("window.noted") / 1000 - began)
            expect(ana.locator("#n-text")).to_have_value("")
        assert sorted(seconds)[1] < 1, seconds
        expect(samir.locator("#pins circle")).to_have_count(3)
        expect(samir.locator("#notes-count")).to_have_text("3")
        expect(samir.locator("[data-announcer]")).to_have_text(
            "New note by Ana Ruiz at 00:20: Note 2"
        )

    def test_nothing_of_ones_own_is_disturbed(self, both):
        ana, samir = both
        for number in range(12):
            post(samir, f"Mine {number}", frame=number)
        samir.locator("#notes-list").evaluate("list => (list.scrollTop = 200)")
        samir.keyboard.press("Escape")
        go(samir, 40)
        samir.keyboard.press("d")
        drag(samir, (0.2, 0.2), (0.4, 0.4))
        samir.locator("#n-text").press_sequentially("Half a sen")
        samir.locator("#n-text").evaluate("box => box.setSelectionRange(4, 4)")
        samir.evaluate("document.querySelector('#notes-list .note').dataset.same = 'yes'")
        before = samir.evaluate(
            "[document.querySelector('#notes-list').scrollTop, document.querySelector('video').currentTime]"
        )
        post(ana, "From elsewhere", frame=200)
        expect(samir.locator(".note", has_text="From elsewhere")).to_have_count(1)
        assert (
            samir.evaluate(
                "[document.querySelector('#notes-list').scrollTop, document.querySelector('video').currentTime]"
            )
            == before
        )
        expect(samir.locator("#n-text")).to_be_focused()
        assert samir.evaluate("document.querySelector('#n-text').selectionStart") == 4
        assert samir.input_value("#n-text") == "Half a sen"
        expect(samir.locator("[data-ink-layer] path")).to_have_count(1)
        assert samir.evaluate("document.querySelector('#notes-list .note').isConnected")

    def test_a_button_of_the_list_keeps_the_focus_and_the_film_plays_on(self, both):
        ana, samir = both
        post(ana, "One", frame=5)
        samir.get_by_label("Sort").select_option("newest")
        samir.keyboard.press("Escape")
        samir.evaluate("document.activeElement.blur()")
        samir.keyboard.press("k")
        samir.locator(".note .note-foot [id$=resolve]").focus()
        until(samir, "!document.querySelector('video').paused")
        focused = samir.evaluate("document.activeElement.id")
        post(ana, "Two", frame=9)
        expect(samir.locator(".note").first).to_contain_text("Two")
        assert samir.evaluate("document.activeElement.id") == focused
        assert not samir.evaluate("document.querySelector('video').paused")


class TestList:
    def test_shows_what_is_asked_for(self, both):
        ana, samir = both
        post(samir, "Of Samir", frame=30)
        post(ana, "Of Ana", frame=10)
        post(ana, "Done with", frame=20)
        ana.locator(".note", has_text="Done with").get_by_role(
            "button", name=re.compile("^Resolve")
        ).click()
        expect(ana.get_by_text("1 resolved hidden")).to_be_visible()
        expect(ana.locator(".note:visible")).to_have_count(2)
        ana.get_by_label("Show").select_option("mine")
        expect(ana.locator(".note:visible")).to_have_count(2)
        ana.get_by_label("Show").select_option("drawn")
        expect(ana.get_by_text("No notes to show.")).to_be_visible()
        ana.get_by_label("Show").select_option("all")
        expect(ana.locator(".note:visible")).to_have_count(3)
        words = ana.locator(".note > .note-body:nth-of-type(1)")
        assert [text for text in words.all_inner_texts() if "Resolved" not in text] == [
            "Of Ana",
            "Done with",
            "Of Samir",
        ]
        ana.get_by_label("Sort").select_option("newest")
        assert [text for text in words.all_inner_texts() if "Resolved" not in text] == [
            "Done with",
            "Of Ana",
            "Of Samir",
        ]

    def test_points_at_notes_as_the_film_passes_and_pins_lead_to_them(self, both):
        ana, _ = both
        post(ana, "Here", frame=48)
        go(ana, 0)
        note = ana.locator(".note")
        expect(note).not_to_have_attribute("aria-current", "true")
        ana.keyboard.press("Escape")
        ana.evaluate("document.activeElement.blur()")
        ana.keyboard.press("k")
        expect(note).to_have_attribute("aria-current", "true")
        ana.keyboard.press("k")
        go(ana, 100)
        expect(note).not_to_have_attribute("aria-current", "true")
        pin = ana.locator("#pins circle").bounding_box()
        ana.mouse.click(pin["x"] + pin["width"] / 2, pin["y"] + pin["height"] / 2)
        assert ana.evaluate(READ_AFTER_SEEK) == 48
        expect(note).to_have_attribute("aria-current", "true")
        assert re.search(r"#note-\d+$", ana.url)


class TestFix:
    def test_opens_the_director_in_one_press(self, both):
        ana, samir = both
        go(ana, 52)
        ana.keyboard.press("d")
        drag(ana, (0.2, 0.2), (0.4, 0.5))
        ana.get_by_role("button", name="Stop drawing").click()
        ana.keyboard.type("Warmer here")
        ana.keyboard.press("Enter")
        expect(ana.locator(".note")).to_contain_text("Warmer here")
        expect(samir.get_by_role("link", name=re.compile("^Fix this"))).to_be_hidden()
        ana.get_by_role("link", name=re.compile("^Fix this")).click()
        expect(ana.locator(".fix-of")).to_contain_text("Warmer here")
        expect(ana.locator(".fix-of svg path")).to_have_count(1)
        expect(ana.locator("#prompt")).to_have_value(re.compile("."))
        assert axe_violations(ana) == []
        ana.locator("#generate button").click()
        expect(ana.locator("article.tile").first).to_be_visible()


class TestPages:
    @pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
    def test_axe_finds_nothing_and_nothing_is_too_wide(self, both, width, height):
        ana, _ = both
        post(ana, "With words", frame=12)
        ana.keyboard.press("Escape")
        ana.keyboard.press("d")
        drag(ana, (0.2, 0.3), (0.4, 0.6))
        ana.set_viewport_size({"width": width, "height": height})
        assert axe_violations(ana) == []
        assert not ana.evaluate("document.documentElement.scrollWidth > innerWidth")
        ana.set_viewport_size({"width": 1440, "height": 900})

    def test_on_a_phone_the_picture_stays_and_the_box_is_at_hand(self, both):
        ana, _ = both
        for number in range(8):
            post(ana, f"Note {number}", frame=number)
        ana.set_viewport_size({"width": 390, "height": 844})
        ana.locator(".note").nth(6).scroll_into_view_if_needed()
        ana.evaluate("scrollBy(0, 200)")
        stage = ana.locator("[data-player]").bounding_box()
        box = ana.locator("#composer").bounding_box()
        assert stage["y"] == 0
        assert box["y"] + box["height"] <= 844
        assert box["y"] > stage["y"] + stage["height"]
        ana.set_viewport_size({"width": 1440, "height": 900})
