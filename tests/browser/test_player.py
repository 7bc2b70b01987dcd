"""The player in a real browser, with films whose frames say which one they are."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import until
from tests.browser.films import READ, READ_AFTER_SEEK, clips_of, film
from tests.browser.test_streams import signed_in
from tests.storage import videos

FRAMES = 90
FILMS = {
    "h264-24": ("a.mp4", "24"), "h264-25": ("b.mp4", "25"), "h264-29.97": ("c.mp4", "30000/1001"),
    "vp9-24": ("a.webm", "24"), "vp9-25": ("b.webm", "25"), "vp9-29.97": ("c.webm", "30000/1001"),
    "h264-uneven": ("d.mp4", "30"),
}  # fmt: skip


@pytest.fixture(scope="module")
def page(chromium, studio):
    opened = signed_in(chromium, studio, "player@example.org")
    yield opened
    opened.context.close()


@pytest.fixture(scope="module")
def clips(studio, tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("films")
    made = [
        film(folder / file, frames=FRAMES, rate=rate, uneven="uneven" in name)
        for name, (file, rate) in FILMS.items()
    ]
    made.append(videos.sound(made[0], folder / "sound.mp4"))
    names = [*FILMS, "with-sound"]
    return dict(zip(names, clips_of(studio, *made), strict=True))


@pytest.fixture(params=FILMS)
def shown(request, page: Page, clips) -> Page:
    return visit(page, clips[request.param])


@pytest.fixture
def plain(page: Page, clips) -> Page:
    return visit(page, clips["h264-24"])


def visit(page: Page, address: str) -> Page:
    page.errors.clear()
    page.goto("about:blank")
    page.goto(address)
    until(page, "document.querySelector('video').readyState >= 3")
    return page


def seen(page: Page) -> int:
    return page.evaluate(READ_AFTER_SEEK)


def told(page: Page) -> str:
    return page.get_by_label("Position", exact=True).get_attribute("aria-valuetext")


class TestFrames:
    def test_steps_on_and_back_over_twenty_frames(self, shown):
        shown.keyboard.press("Home")
        assert seen(shown) == 0
        for frame in range(1, 21):
            shown.keyboard.press(".")
            assert seen(shown) == frame
        for frame in range(19, -1, -1):
            shown.keyboard.press(",")
            assert seen(shown) == frame
        assert shown.errors == []

    def test_seeks_to_any_frame(self, shown):
        for frame in (89, 0, 37, 38, 88, 1, 52, 51, 23, 24, 25, 60):
            shown.get_by_label("Position", exact=True).fill(str(frame))
            assert seen(shown) == frame
            assert told(shown).startswith(f"Frame {frame} of 89,")

    def test_steps_pressed_faster_than_frames_are_found_end_at_the_right_one(self, plain):
        plain.keyboard.press("Home")
        for _ in range(20):
            plain.keyboard.press(".")
        assert seen(plain) == 20

    def test_what_is_said_when_it_stops_is_what_is_seen(self, shown):
        for _ in range(3):
            shown.keyboard.press("Space")
            until(shown, "document.querySelector('video').currentTime > 0.2")
            shown.keyboard.press("Space")
            until(shown, "document.querySelector('video').paused")
            assert told(shown).startswith(f"Frame {seen(shown)} of ")

    @pytest.mark.parametrize("end", ["#f52", "?frame=52"])
    def test_an_address_opens_at_its_frame(self, page, clips, end):
        for name in ("h264-24", "vp9-29.97", "h264-uneven"):
            visit(page, clips[name] + end)
            until(page, "!document.querySelector('video').seeking")
            assert seen(page) == 52, name


COLLECT = f"""
() => {{
  const read = {READ};
  window.frames_seen = [];
  const look = () => {{
    window.frames_seen.push(read());
    if (!window.stop_looking) requestAnimationFrame(look);
  }};
  window.stop_looking = false;
  requestAnimationFrame(look);
}}
"""
WRAPS = "window.frames_seen.filter((frame, at, all) => at && frame < all[at - 1]).length"


class TestRange:
    def test_plays_round_and_round_and_never_shows_a_frame_outside(self, shown):
        scrub = shown.get_by_label("Position", exact=True)
        scrub.fill("30")
        shown.keyboard.press("i")
        scrub.fill("44")
        shown.keyboard.press("o")
        scrub.fill("35")
        assert seen(shown) == 35
        shown.keyboard.press("Space")
        until(shown, "!document.querySelector('[data-sheet]').hidden")
        shown.evaluate(COLLECT)
        until(shown, f"{WRAPS} >= 4")
        shown.evaluate("window.stop_looking = true")
        shown.keyboard.press("Space")
        frames = shown.evaluate("window.frames_seen")
        assert set(frames) <= set(range(30, 45)), sorted(set(frames))
        assert len(set(frames)) > 5
        assert 30 <= seen(shown) <= 44

    def test_begins_inside_from_anywhere(self, plain):
        scrub = plain.get_by_label("Position", exact=True)
        for frame, key in ((30, "i"), (44, "o"), (80, "Space")):
            scrub.fill(str(frame))
            plain.keyboard.press(key)
        until(plain, "!document.querySelector('[data-sheet]').hidden")
        assert 30 <= plain.evaluate(READ) <= 44
        plain.keyboard.press("k")

    def test_is_cleared_by_key_and_by_its_button(self, plain):
        button = plain.locator('[data-act="range"]')
        for clear in (lambda: plain.keyboard.press("Alt+x"), button.click):
            for key in ("i", ".", "o"):
                plain.keyboard.press(key)
            expect(button).to_have_attribute("aria-pressed", "true")
            clear()
            expect(button).to_have_attribute("aria-pressed", "false")

    def test_is_made_by_dragging_above_the_film(self, plain):
        box = plain.locator("[data-timeline]").bounding_box()
        for x, act in ((0.25, plain.mouse.down), (0.5, plain.mouse.up)):
            plain.mouse.move(box["x"] + box["width"] * x, box["y"] + 8, steps=4)
            act()
        expect(plain.locator("[data-range-said]")).to_have_text(re.compile("^00:22.01:2[01]$"))
        assert seen(plain) == 22

    def test_stops_at_its_end_without_the_loop(self, plain):
        plain.get_by_role("button", name="Loop").click()
        scrub = plain.get_by_label("Position", exact=True)
        for frame, key in ((10, "i"), (16, "o"), (10, "Space")):
            scrub.fill(str(frame))
            plain.keyboard.press(key)
        until(plain, "document.querySelector('video').currentTime > 0.55")
        until(plain, "document.querySelector('video').paused")
        assert seen(plain) == 16


class TestShuttle:
    def test_j_goes_back_l_goes_on_and_k_stops(self, plain):
        scrub = plain.get_by_label("Position", exact=True)
        scrub.fill("60")
        plain.keyboard.press("j")
        until(plain, "Number(document.querySelector('.scrub').value) < 50")
        plain.keyboard.press("k")
        frame = seen(plain)
        assert frame < 50
        assert seen(plain) == frame
        plain.keyboard.press("l")
        plain.keyboard.press("l")
        expect(plain.locator("[data-speed]")).to_have_text("2×")
        plain.keyboard.press("l")
        expect(plain.locator("[data-speed]")).to_have_text("4×")
        plain.keyboard.press("k")
        expect(plain.locator("[data-speed]")).to_have_text("1×")
        until(plain, "document.querySelector('video').paused")

    def test_k_held_makes_j_and_l_go_by_one_frame(self, plain):
        plain.get_by_label("Position", exact=True).fill("60")
        plain.keyboard.down("k")
        for key, frame in (("l", 61), ("l", 62), ("j", 61)):
            plain.keyboard.press(key)
            assert seen(plain) == frame
        plain.keyboard.up("k")
        assert plain.evaluate("document.querySelector('video').paused")

    def test_k_alone_plays_and_stops(self, plain):
        plain.keyboard.press("k")
        until(plain, "!document.querySelector('video').paused")
        plain.keyboard.press("k")
        until(plain, "document.querySelector('video').paused")


class TestPosition:
    @pytest.mark.parametrize(("typed", "frame"), [("52", 52), ("02:04", 52), ("00:00:01:00", 24)])
    def test_is_typed_as_a_frame_or_a_timecode(self, plain, typed, frame):
        plain.keyboard.press("t")
        plain.keyboard.type(typed)
        plain.keyboard.press("Enter")
        assert seen(plain) == frame
        expect(plain.get_by_role("button", name=re.compile("^Position"))).to_be_focused()

    @pytest.mark.parametrize("typed", ["90", "02:24", "soon"])
    def test_that_there_is_none_of_stays_where_it_is_and_says_why(self, plain, typed):
        plain.get_by_role("button", name=re.compile("^Position")).click()
        field = plain.get_by_label("Go to a timecode or frame")
        field.fill(typed)
        plain.keyboard.press("Enter")
        assert field.evaluate("field => field.validationMessage").startswith(
            "Type a frame from 0 to 89"
        )
        plain.keyboard.press("Escape")
        expect(field).to_be_hidden()
        assert seen(plain) == 0

    def test_is_told_in_frames_where_this_browser_was_told_so(self, plain):
        plain.keyboard.press("End")
        plain.get_by_role("button", name="Timecode").click()
        expect(plain.locator("[data-now]")).to_have_text("89")
        plain.reload()
        expect(plain.locator("[data-end]")).to_have_text("90")
        plain.get_by_role("button", name="Frames").click()
        expect(plain.locator("[data-end]")).to_have_text("00:00:03:18")

    def test_goes_by_seconds_with_arrows(self, plain):
        for key, frame in (
            ("ArrowRight", 24),
            ("ArrowRight", 48),
            ("ArrowLeft", 24),
            ("End", 89),
            ("Home", 0),
        ):
            plain.keyboard.press(key)
            assert seen(plain) == frame


class TestSound:
    def test_is_said_to_be_missing(self, plain):
        expect(plain.get_by_text("No sound in this take")).to_be_visible()
        expect(plain.get_by_label("Volume")).to_be_hidden()

    def test_is_turned_down_and_off_and_stays_so(self, page, clips):
        visit(page, clips["with-sound"])
        page.keyboard.press("Space")
        volume = page.get_by_label("Volume")
        expect(volume).to_be_visible()
        page.keyboard.press("k")
        volume.fill("0.4")
        page.reload()
        until(page, "document.querySelector('video').volume === 0.4")
        page.keyboard.press("m")
        assert page.evaluate("document.querySelector('video').muted")
        page.keyboard.press("m")
        assert not page.evaluate("document.querySelector('video').muted")
