"""The slate is there and can be read, whatever the shot and whatever the prompt is written in."""

from pathlib import Path

import numpy as np
import pytest

from studio.engine.animatic import SIZES, letters, planes
from studio.engine.animatic.slate import Slate
from tests.engine.shots import decode, make_picture, make_shot, read, shoot


def marked(at: float, **changes: object) -> np.ndarray:
    """A grey frame with the slate of a shot over it, at a time of the clip."""
    shot = make_shot(width=1280, height=720, **changes)
    frame = planes.from_rgb(np.full((720, 1280, 3), 128, np.uint8))
    Slate.for_shot(shot).mark(frame, at)
    return planes.to_rgb(frame).astype(int)


def corner(frame: np.ndarray) -> np.ndarray:
    return frame[: frame.shape[0] // 8, : frame.shape[1] // 3]


class TestSlate:
    @pytest.mark.parametrize("ratio", ["16:9", "9:16", "1:1"])
    @pytest.mark.parametrize("given", [False, True])
    def test_poster_shows_light_letters_on_a_dark_badge(
        self, tmp_path: Path, ratio: str, given: bool
    ) -> None:
        width, height = SIZES[ratio, "720p"]
        first = make_picture(tmp_path / "first.png", (width, height)) if given else None
        footage = shoot(tmp_path, width=width, height=height, first_frame=first)
        poster = read(footage.poster)[..., 1].astype(int)
        scale = max(poster.shape) / max(width, height)
        top, bottom, left, right = (round(side * scale) for side in (30, 62, 36, 220))
        badge = poster[top:bottom, left:right]
        assert badge.max() > 215
        assert np.percentile(badge, 25) < 100

    def test_slate_stays_until_the_last_half_second(self) -> None:
        grey = marked(3.0, seconds=3)
        assert np.ptp(grey) <= 2
        for seconds in (0, 1.5, 2.4):
            assert np.ptp(corner(marked(seconds, seconds=3))) > 100
        assert 10 < np.ptp(corner(marked(2.62, seconds=3))) < 180

    def test_video_carries_it(self, tmp_path: Path) -> None:
        frames = decode(shoot(tmp_path, width=640, height=360, prompt="fog").video)
        first, last = (np.ptp(corner(frames[n])[..., 1].astype(int)) for n in (0, 23))
        assert first > last + 60

    def test_caption_leaves_pictures_early_and_stays_with_scenes(self) -> None:
        picture = Path("given.png")
        low = slice(600, 720)
        assert np.ptp(marked(1, seconds=5, first_frame=picture)[low]) > 100
        assert np.ptp(marked(3, seconds=5, first_frame=picture)[low]) <= 2
        assert np.ptp(marked(3, seconds=5)[low]) > 100


class TestCaption:
    @pytest.mark.parametrize(
        "prompt",
        [
            "",
            "   ",
            "\n\t",
            "雪山の朝",
            "a cat 🐈 runs",
            "🐈🐈🐈",
            "Дом у моря",  # noqa: RUF001
            "مدينة",
            "x" * 2500,
            "word " * 500,
            "\x00\x07",
            "i" + "̈" * 40,
        ],
    )
    def test_no_prompt_breaks_it(self, prompt: str) -> None:
        assert np.ptp(corner(marked(0, prompt=prompt))) > 100

    def test_letters_that_cannot_be_written_are_left_out(self) -> None:
        text, _ = letters.writable("a cat 🐈 runs", 20)
        assert text == "a cat runs"

    def test_text_that_cannot_be_written_is_no_caption(self) -> None:
        text, _ = letters.writable("🐈🐈🐈 a", 20)
        assert text == ""

    def test_long_text_ends_in_an_ellipsis_and_fits(self) -> None:
        font = letters.own(20)
        rows = letters.lines("the quick brown fox " * 30, font, 400, 2)
        assert len(rows) == 2
        assert rows[1].endswith("…")
        assert all(font.getlength(row) <= 400 for row in rows)

    def test_a_word_wider_than_the_line_is_broken(self) -> None:
        font = letters.own(20)
        rows = letters.lines("x" * 100, font, 200, 2)
        assert all(font.getlength(row) <= 200 for row in rows)
