"""Series over time: groups for a menu, and plots that lose no peak."""

from array import array
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.series import Series, grouped, thinned, ticks


def series(*values, path=("x",), step=1.0):
    times = array("d", [index * step for index in range(len(values))])
    return Series(path=path, times=times, values=array("d", values))


class TestThinned:
    def test_one_peak_among_a_hundred_thousand_stays(self):
        values = [float(index % 7) for index in range(100_000)]
        values[55_555], values[77_777] = 1000.0, -1000.0
        points = thinned(series(*values, step=0.001), span=100, columns=800)
        assert len(points) <= 4 * 801
        assert (pytest.approx(55.555), 1000.0) in points
        assert (pytest.approx(77.777), -1000.0) in points

    def test_few_points_are_all_there(self):
        few = series(1, 5, 2)
        assert thinned(few, span=2, columns=10) == [(0, 1), (1, 5), (2, 2)]

    @given(st.lists(st.floats(-1e6, 1e6), min_size=50, max_size=400), st.integers(2, 40))
    def test_every_column_keeps_its_ends_its_lowest_and_its_highest(self, values, columns):
        whole, span = series(*values), float(len(values) - 1)
        kept = thinned(whole, span=span, columns=columns)
        assert kept == sorted(kept, key=lambda point: point[0])
        everything = list(zip(whole.times, whole.values, strict=True))
        if len(everything) <= columns:
            return

        def of(points, number):
            width = span / columns
            return [value for time, value in points if floor(time / width) == number]

        for number in range(columns + 1):
            if full := of(everything, number):
                thin = of(kept, number)
                assert (min(thin), max(thin)) == (min(full), max(full))
                assert (thin[0], thin[-1]) == (full[0], full[-1])
                assert len(thin) <= 4


class TestSeries:
    @pytest.mark.parametrize(
        ("path", "group", "label"),
        [
            (("energy",), "Energy", "Energy"),
            (("joint_positions", "1"), "Joint positions", "1"),
            (("joints", "shoulder", "position"), "Joints position", "Shoulder"),
            (("state", "arm", "left", "force"), "State force", "Arm left"),
        ],
    )
    def test_names(self, path, group, label):
        assert (series(1, 2, path=path).group, series(1, 2, path=path).label) == (group, label)

    def test_the_value_that_was_known_then(self):
        some = series(10, 20, 30)
        assert [some.at(time) for time in (-1, 0, 0.9, 1, 5)] == [10, 10, 10, 20, 30]

    def test_lowest_and_highest_say_when(self):
        assert (series(3, 1, 9).lowest, series(3, 1, 9).highest) == ((1, 1), (2, 9))

    def test_groups_hold_the_same_of_each_joint(self):
        both = [series(1, path=("joints", name, "position")) for name in ("a", "b")]
        other = series(1, path=("energy",))
        assert {name: len(members) for name, members in grouped([*both, other]).items()} == {
            "Joints position": 2, "Energy": 1,
        }  # fmt: skip


class TestTicks:
    @pytest.mark.parametrize(
        ("low", "high", "marks"),
        [
            (0, 41, [0, 20, 40, 60]),
            (-1, 1, [-1, -0.5, 0, 0.5, 1]),
            (5, 5, [4.5, 5, 5.5]),
        ],
    )
    def test_round_numbers_around_all(self, low, high, marks):
        assert ticks(low, high) == pytest.approx(marks)

    @given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
    def test_they_hold_everything_and_are_few(self, low, width):
        high = low + width
        marks = ticks(low, high)
        slack = max(abs(low), abs(high), 1e-6) * 1e-6
        assert marks[0] <= low + slack
        assert marks[-1] >= high - slack
        assert 2 <= len(marks) <= 8
