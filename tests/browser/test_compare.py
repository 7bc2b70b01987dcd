"""Takes beside each other in a real browser: in step for 30 seconds, seen in six ways, by key and link."""

import re
import subprocess
import sys
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Studio, axe_violations, own_environment, until, watched
from tests.browser.numbers import Film, numbers_on, sampled
from tests.browser.test_first_light import join
from tests.storage import videos

SAVE = """
from pathlib import Path
from studio.models import Clip, Member, Note
from tests.factories import make_order
from tests.takes import make_takes
author = Member.objects.order_by("pk").first()
folder, clip = Path({folder!r}), {{}}
for name, changes in {films}:
    order = make_order(**changes)
    (take,) = make_takes(folder / name, author=author, order=order, **clip)
    clip = {{"clip": take.clip}}
    print("take", take.pk)
print("clip", take.clip_id)
note = Note.objects.create(clip=take.clip, take=take, member=author, frame=12, last_frame=20, text="Too dark")
"""
# Name → frames, frames a second, size; all in one clip.
FILMS = {
    "a.mp4": (72, 24, (320, 180)),
    "b.webm": (72, 24, (320, 180)),
    "c.mp4": (90, 30, (320, 240)),
    "d.mp4": (48, 24, (176, 320)),
}
ORDERS = [
    ("a.mp4", {"prompt": "A red door in the snow.", "seed": 7}),
    ("b.webm", {"prompt": "A green door in the deep snow.", "seed": 8, "format": "webm"}),
    ("c.mp4", {"prompt": "A red door in the snow.", "seed": 9, "camera": {"zoom": -4}}),
    ("d.mp4", {"prompt": "A red door.", "seed": 7, "aspect": "9:16"}),
]
SHOWN = ".cmp-stage .player:not(.more) video"


@pytest.fixture(scope="module")
def saved(studio: Studio, tmp_path_factory) -> str:
    """What saving the films printed: one line for each take, then their clip."""
    folder = tmp_path_factory.mktemp("films")
    for name, (frames, fps, size) in FILMS.items():
        videos.numbered(folder / name, frames=frames, fps=fps, size=size)
    code = SAVE.format(folder=str(folder), films=ORDERS)
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code, "--data", str(studio.data)]
    said = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env=own_environment()
    )
    return said.stdout


@pytest.fixture(scope="module")
def takes(saved) -> list[int]:
    return [int(key) for key in re.findall(r"^take (\d+)", saved, re.M)]


@pytest.fixture(scope="module")
def clip(saved) -> int:
    (key,) = re.findall(r"^clip (\d+)", saved, re.M)
    return int(key)


@pytest.fixture(scope="module")
def door(chromium, studio: Studio):
    """The cookies of a reviewer who has signed in."""
    context = chromium.new_context()
    page = context.new_page()
    (token,) = join(studio, ("compare@example.org", "Rea Vue", "reviewer"))
    page.goto(f"{studio.url}/door/{token}/")
    page.get_by_role("button", name=re.compile("^Sign in as")).click()
    page.wait_for_url(re.compile(r"/$"))
    return context.storage_state()


@pytest.fixture
def visit(chromium, studio: Studio, takes, door):
    """Open a comparison of these takes, by their place in FILMS."""
    contexts = []

    def go(*places: int, query: str = "", phone: bool = False, **options) -> Page:
        size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
        context = chromium.new_context(storage_state=door, viewport=size, **options)
        contexts.append(context)
        page = watched(context)
        chosen = ",".join(str(takes[place]) for place in places)
        page.goto(f"{studio.url}/compare/?takes={chosen}{query}")
        expect(page.locator("[data-transport]")).to_be_visible()
        until(
            page,
            "[...document.querySelectorAll('.cmp-stage video')].every((one) => one.readyState > 2)",
        )
        return page

    yield go
    for context in contexts:
        context.close()


def until_address(page: Page, **wanted: str) -> None:
    for name, value in wanted.items():
        until(page, f"new URLSearchParams(location.search).get('{name}') === '{value}'")


def until_shown(page: Page, *frames: int, films: str = SHOWN) -> None:
    for _ in range(100):
        if (shown := numbers_on(page, films)) == list(frames):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{shown} instead of {frames}")


class TestInStep:
    """A film is at most one frame away from where the other one says that it should be."""

    @pytest.mark.parametrize(
        ("first", "second", "offsets"),
        [("a.mp4", "b.webm", (0, 0)), ("a.mp4", "b.webm", (0, 2)), ("a.mp4", "c.mp4", (0, -3)),
         ("c.mp4", "b.webm", (5, 0))],
    )  # fmt: skip
    def test_after_looping_for_half_a_minute(self, visit, first, second, offsets):
        names = list(FILMS)
        query = f"&a={offsets[0]}&b={offsets[1]}"
        page = visit(names.index(first), names.index(second), query=query)
        page.keyboard.press("k")
        until(page, "!document.querySelector('.cmp-stage video').paused")
        seen = sampled(page, SHOWN, seconds=30)
        films = [
            Film(fps=FILMS[name][1], frames=FILMS[name][0], offset=offset)
            for name, offset in zip((first, second), offsets, strict=True)
        ]
        assert loops_in(seen) >= 7
        drifts = drifts_in(seen, films)
        assert drifts[int(0.99 * len(drifts))] <= 1  # a busy machine may show one picture late
        assert drifts[-1] <= 2
        assert page.errors == []

    def test_four_of_different_lengths_in_a_range(self, visit):
        page = visit(0, 1, 2, 3, query="&mode=four&frame=20&in=20&out=60")
        page.keyboard.press("k")
        until(page, "!document.querySelector('.cmp-stage video').paused")
        seen = sampled(page, ".cmp-stage video", seconds=8)
        films = [Film(fps=fps, frames=frames) for frames, fps, _ in FILMS.values()]
        assert loops_in(seen) >= 2
        frames = sorted(look[0][0] for look in seen)
        assert frames[0] >= 20
        assert frames[len(frames) * 95 // 100] <= 61  # a busy machine may notice late
        drifts = drifts_in(seen, films)
        assert drifts[len(drifts) * 98 // 100] <= 1  # four are much for a busy machine


class TestFrames:
    def test_the_address_opens_the_very_frames(self, visit):
        page = visit(0, 1, query="&frame=30&b=2")
        until_shown(page, 30, 32)
        page.keyboard.press(".")
        until_shown(page, 31, 33)
        page.keyboard.press("]")
        page.keyboard.press("[")
        page.keyboard.press("[")
        until_shown(page, 31, 32)
        expect(page.locator("[data-offset-of=b]")).to_have_text("+1 f")
        page.get_by_role("button", name="A one frame earlier").click()
        until_shown(page, 30, 32)
        until_address(page, frame="31", a="-1", b="1")

    def test_takes_of_other_rates_and_lengths_stand_at_the_same_second(self, visit):
        page = visit(0, 2, 3, query="&frame=60&mode=four")
        until_shown(page, 60, 75, 47, films=".cmp-stage video")  # the third one is over by then

    def test_keys_of_the_player(self, visit):
        page = visit(0, 1, query="&frame=40")
        until_shown(page, 40, 40)
        for key, frame in (
            ("j", 16),
            ("l", 40),
            (",", 39),
            ("Home", 0),
            ("End", 71),
            ("ArrowLeft", 47),
        ):
            page.keyboard.press(key)
            until_shown(page, frame, frame)
        page.keyboard.press("Space")
        until(page, "!document.querySelector('.cmp-stage video').paused")
        page.keyboard.press("k")
        until(page, "document.querySelector('.cmp-stage video').paused")

    def test_a_range_is_set_by_key_and_gone_when_it_is_set_again(self, visit):
        page = visit(0, 1, query="&frame=10")
        page.keyboard.press("i")
        page.keyboard.press("End")
        page.keyboard.press("o")
        until_address(page, **{"in": "10", "out": "71"})
        expect(page.locator("[data-range]")).to_be_visible()
        page.get_by_role("button", name="Out").click()
        until(page, "!location.search.includes('out=')")


class TestWaysToLook:
    def test_each_mode_is_in_the_address_and_comes_back(self, visit):
        page = visit(0, 1)
        for mode, label in (("wipe", "Wipe"), ("flick", "Flick"), ("overlay", "Overlay"),
                            ("difference", "Difference"), ("four", "4-up"), ("side", "Side")):  # fmt: skip
            page.get_by_role("radio", name=label).check()
            until_address(page, mode=mode)
        page.get_by_role("radio", name="Difference").check()
        until_address(page, mode="difference")
        page.reload()
        expect(page.get_by_role("radio", name="Difference")).to_be_checked()
        blend = "getComputedStyle(document.querySelector('.pb')).mixBlendMode"
        assert page.evaluate(blend) == "difference"
        assert page.errors == []

    def test_the_wipe_by_key_and_by_mouse(self, visit):
        page = visit(0, 1, query="&wipe=50")
        page.keyboard.press("w")
        expect(page.get_by_role("radio", name="Wipe")).to_be_checked()
        expect(page.get_by_label("Wipe position")).to_be_focused()
        page.keyboard.press("ArrowLeft")
        until_address(page, mode="wipe", wipe="49")
        box = page.get_by_label("Wipe position").bounding_box()
        page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
        until(page, "Math.abs(new URLSearchParams(location.search).get('wipe') - 25) < 3")
        clip = page.evaluate("getComputedStyle(document.querySelector('.pb')).clipPath")
        assert re.match(r"inset\(0px 0px 0px 2[2-8]", clip), clip
        page.keyboard.press("w")
        expect(page.get_by_role("radio", name="Side")).to_be_checked()

    def test_flick_stays_when_tapped_and_ends_when_held(self, visit):
        page = visit(0, 1)
        seen = "getComputedStyle(document.querySelector('.pb')).visibility"
        page.keyboard.press("2")
        until(page, f"{seen} === 'visible'")
        until_address(page, mode="flick", flick="b")
        page.keyboard.press("1")
        until(page, f"{seen} === 'hidden'")
        page.keyboard.down("2")
        until(page, f"{seen} === 'visible'")
        page.wait_for_timeout(400)  # longer than a tap
        page.keyboard.up("2")
        until(page, f"{seen} === 'hidden'")

    def test_overlay_has_its_share_of_b(self, visit):
        page = visit(0, 1, query="&mode=overlay&mix=30")
        opacity = "getComputedStyle(document.querySelector('.pb')).opacity"
        assert page.evaluate(opacity) == "0.3"
        page.get_by_label("B over A").focus()
        page.keyboard.press("End")
        until_address(page, mix="100")
        assert page.evaluate(opacity) == "1"

    def test_only_one_side_is_heard(self, visit):
        page = visit(0, 1)
        heard = "[...document.querySelectorAll('.cmp-stage video')].map((one) => !one.muted)"
        assert page.evaluate(heard) == [True, False]
        page.get_by_role("button", name="Listen to B").click()
        assert page.evaluate(heard) == [False, True]
        until_address(page, sound="b")
        page.get_by_role("button", name="Listen to B").click()
        assert page.evaluate(heard) == [False, False]

    def test_swap_and_another_take_keep_the_view(self, visit, takes):
        page = visit(0, 1, query="&mode=wipe&frame=30&b=2&sound=b")
        page.keyboard.press("s")
        page.wait_for_url(
            re.compile(rf"takes={takes[1]},{takes[0]}&mode=wipe&frame=30&a=2&b=0.*sound=a")
        )
        until_shown(page, 32, 30)
        page.locator("[popovertarget=pick-b]").click()
        page.locator("#pick-b").get_by_role("link", name=re.compile("^Take 4")).click()
        page.wait_for_url(re.compile(rf"takes={takes[1]},{takes[3]}&mode=wipe&frame=30"))

    def test_reduced_motion_plays_nothing_by_itself(self, visit):
        page = visit(0, 1, reduced_motion="reduce")
        page.keyboard.press("k")
        until(page, "!document.querySelector('.cmp-stage video').paused")
        page.keyboard.press("s")
        page.wait_for_url(re.compile("takes=.*&mode"))
        expect(page.locator("[data-transport]")).to_be_visible()
        until(page, "document.querySelector('.cmp-stage video').readyState > 2")
        assert page.evaluate("document.querySelector('.cmp-stage video').paused")


class TestVerdict:
    def test_the_winner_is_told_and_undone(self, visit):
        page = visit(0, 1)
        page.get_by_role("button", name="B wins").click()
        expect(page.get_by_text("On top of its clip", exact=True)).to_be_visible()
        row = page.get_by_role("row", name=re.compile("^Stars"))
        expect(row).to_contain_text("4 of 5")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("On top of its clip", exact=True)).to_have_count(0)
        expect(row).to_have_count(0)
        assert page.errors == []

    def test_keys_are_listed(self, visit):
        page = visit(0, 1)
        page.keyboard.press("?")
        listed = page.get_by_role("dialog").get_by_text("Shift B one frame later")
        expect(listed).to_be_visible()


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("mode", ["side", "wipe", "overlay", "flick", "four"])
def test_axe_finds_nothing_and_nothing_sticks_out(visit, mode, phone):
    page = visit(0, 1, 2, query=f"&mode={mode}&in=3&out=40", phone=phone)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= (390 if phone else 1440)
    page.locator("[popovertarget=pick-a]").click()
    expect(page.locator("#found-a")).to_have_text(
        re.compile("There are no other clips with takes yet|Take")
    )
    until(page, "getComputedStyle(document.querySelector('#pick-a')).opacity === '1'")
    assert axe_violations(page) == []
    assert page.errors == []


def test_side_by_side_uses_the_same_clock(chromium, studio: Studio, clip, door):
    context = chromium.new_context(storage_state=door)
    page = watched(context)
    page.goto(f"{studio.url}/clips/{clip}/side-by-side/")
    until(page, "document.querySelector('#sides video').readyState > 2")
    page.keyboard.press(".")
    until_shown(page, 1, films="#sides video")
    page.get_by_role("button", name="Play").click()
    until(page, "document.querySelector('#sides video').currentTime > 0.5")
    page.get_by_role("button", name="Pause").click()
    until(page, "document.querySelector('#sides video').paused")
    assert page.errors == []
    context.close()


def loops_in(seen) -> int:
    frames = [look[0][0] for look in seen]
    return sum(after < before for before, after in pairwise(frames))


def drifts_in(seen, films) -> list[int]:
    """How far films were from where the first one says, in all looks that count; in order."""
    counted = list(counting(seen, films))
    assert len(seen) > 100, "nothing can be said of so few looks"
    assert len(counted) > 0.3 * len(seen), "this machine is too busy to draw films"
    return sorted(
        film.drift(frame, films[0].moment(look[0][0]))
        for look in counted
        for film, (frame, _) in zip(films[1:], look[1:], strict=True)
    )


def counting(seen, films):
    """Looks at what was drawn in time. A still keeps what was drawn before it, be that late or not;
    after the seam it has no such excuse."""
    in_time, before = False, 0
    for look in seen:
        (frame, place), *_ = look
        if place is not None:
            in_time = all(film.is_drawn(*one) for film, one in zip(films, look, strict=True))
            before = frame
        if in_time or (place is None and frame < before):
            yield look
