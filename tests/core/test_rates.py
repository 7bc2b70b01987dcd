from decimal import Decimal
from fractions import Fraction

import pytest

from studio.core.rates import exact, timecode, written


class TestExact:
    @pytest.mark.parametrize(
        ("fps", "rate"),
        [
            ("24.000", Fraction(24)), ("23.976", Fraction(24000, 1001)), ("25", Fraction(25)),
            ("29.970", Fraction(30000, 1001)), ("29.97", Fraction(30000, 1001)),
            ("59.940", Fraction(60000, 1001)), ("120", Fraction(120)), ("12.5", Fraction(25, 2)),
        ],
    )  # fmt: skip
    def test_rates_of_broadcast_are_what_they_mean(self, fps, rate):
        assert exact(Decimal(fps)) == rate

    def test_are_said_as_people_say_them(self):
        assert [written(exact(Decimal(fps))) for fps in ("24.000", "29.970", "12.5")] == [
            "24", "29.97", "12.5",
        ]  # fmt: skip


class TestTimecode:
    @pytest.mark.parametrize(
        ("frame", "fps", "expected"),
        [
            (0, "24", "00:00:00:00"), (23, "24", "00:00:00:23"), (24, "24", "00:00:01:00"),
            (30, "29.97", "00:00:01:00"), (119, "120", "00:00:00:119"),
            (25 * 3661, "25", "01:01:01:00"),
        ],
    )  # fmt: skip
    def test_counts_whole_frames(self, frame, fps, expected):
        assert timecode(frame, exact(Decimal(fps))) == expected
