from dataclasses import dataclass

import pytest

from studio.core.pictures import NO_LIMITS, PictureLimits
from studio.dialects.runware.limits import CAPABILITY

RUNWARE = CAPABILITY.pictures
STRICT = PictureLimits(
    shortest=300, times_longer=2.5, megabytes=10, types=("image/jpeg", "image/png"),
    by="Kling itself",
)  # fmt: skip


@dataclass(frozen=True)
class Given:
    width: int = 640
    height: int = 360
    size: int = 1_000_000
    content_type: str = "image/png"


class TestAllowed:
    def test_in_words(self):
        assert RUNWARE.allowed == "300 to 2,048 pixels a side, at most 20 MB"
        assert STRICT.allowed == (
            "JPEG or PNG content, at least 300 pixels a side, sides of 1:2.5 to 2.5:1, "
            "at most 10 MB"
        )
        assert PictureLimits(longest=99).allowed == "at most 99 pixels a side"
        assert NO_LIMITS.allowed == ""

    def test_they_have_a_source_with_its_date(self):
        assert RUNWARE.source.startswith("https://")
        assert RUNWARE.checked_on


class TestProblem:
    @pytest.mark.parametrize(
        "picture",
        [Given(), Given(300, 300), Given(2048, 2048), Given(size=20_000_000),
         Given(300, 2048), Given(content_type="image/webp")],
    )  # fmt: skip
    def test_what_is_at_the_limit_is_allowed(self, picture):
        assert RUNWARE.problem("First frame", "door.png", picture) == ""

    @pytest.mark.parametrize(
        ("picture", "has"),
        [
            (Given(299, 400), "299 × 400"),
            (Given(400, 299), "400 × 299"),
            (Given(2049, 1000), "2,049 × 1,000"),
            (Given(1000, 2049), "1,000 × 2,049"),
        ],
    )
    def test_each_side_has_to_keep_them(self, picture, has):
        assert RUNWARE.problem("First frame", "door.png", picture) == (
            f"First frame must have 300 to 2,048 pixels a side; “door.png” has {has}. "
            "Make it another size, or choose another picture."
        )

    @pytest.mark.parametrize(
        ("picture", "rule", "has"),
        [
            (Given(size=10_000_001), "at most 10 MB", "10.1 MB"),
            (Given(1000, 399), "sides of 1:2.5 to 2.5:1", "1,000 × 399"),
            (Given(399, 1000), "sides of 1:2.5 to 2.5:1", "399 × 1,000"),
            (Given(content_type="image/webp"), "JPEG or PNG content", "WebP content"),
        ],
    )
    def test_size_shape_and_format_are_named_with_what_is_allowed(self, picture, rule, has):
        told = STRICT.problem("Last frame", "door", picture)
        assert told.startswith(f"Last frame must have {rule}; “door” has {has}. ")
        assert STRICT.doubt("Last frame", "door", picture) == (
            f"Last frame “door” has {has} and may be refused: Kling itself takes {rule}."
        )

    def test_without_limits_everything_goes(self):
        assert NO_LIMITS.problem("First frame", "x", Given(1, 9_000, 10**9, "image/webp")) == ""
