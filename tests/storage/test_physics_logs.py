"""Physics logs in every sensible form, and in forms that make no sense."""

import json
import math

import pytest

from studio.core.series import grouped
from studio.storage.streams import log
from studio.storage.streams.log import NoSeries


@pytest.fixture
def read(tmp_path):
    def go(document, *, seconds=2.0):
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.json"
        path.write_bytes(text)
        found = log.read(path, seconds=seconds)
        return {one.path: (list(one.times), list(one.values)) for one in found}

    return go


class TestSteps:
    def test_numbers_as_deep_as_they_are_and_the_times_that_are_told(self, read):
        found = read({"steps": [
            {"t": 0.0, "joints": {"elbow": {"position": 1, "velocity": 0}}, "energy": 5},
            {"t": 0.5, "joints": {"elbow": {"position": 2, "velocity": 1}}, "energy": 4},
        ]})  # fmt: skip
        assert found == {
            ("joints", "elbow", "position"): ([0, 0.5], [1, 2]),
            ("joints", "elbow", "velocity"): ([0, 0.5], [0, 1]),
            ("energy",): ([0, 0.5], [5, 4]),
        }

    def test_a_list_alone_lasts_as_long_as_the_film(self, read):
        found = read([{"step": n, "angles": [n, -n], "hit": n == 2} for n in range(3)])
        assert found[("angles", "2")] == ([0, 1, 2], [0, -1, -2])
        assert found[("hit",)] == ([0, 1, 2], [0, 0, 1])
        assert ("step",) not in found

    @pytest.mark.parametrize("rate", [{"frame_rate": 4}, {"dt": 0.25}])
    def test_a_rate_says_when_steps_are(self, read, rate):
        assert read({**rate, "frames": [{"x": 1}, {"x": 2}]})[("x",)][0] == [0, 0.25]

    def test_things_with_names_are_series_of_their_own(self, read):
        steps = [{"t": n, "joints": [{"name": "base", "torque": n}]} for n in range(2)]
        assert read(steps) == {("joints", "base", "torque"): ([0, 1], [0, 1])}

    def test_contacts_are_counted_and_the_largest_force_kept(self, read):
        hits = [[], [{"a": "tray", "force": 3}, {"a": "chip", "force": 41}]]
        found = read([{"t": n, "contacts": hits[n]} for n in range(2)])
        assert found == {
            ("contacts", "count"): ([0, 1], [0, 2]),
            ("contacts", "largest force"): ([1], [41]),
        }

    def test_clocks_of_the_day_and_milliseconds_begin_with_the_film(self, read):
        assert read([{"timestamp": 1.7e9 + n, "x": n} for n in range(2)])[("x",)][0] == [0, 1]
        assert read([{"time_ms": 500 * n, "x": n} for n in range(2)])[("x",)][0] == [0, 0.5]

    def test_steps_in_disorder_are_put_in_order(self, read):
        assert read([{"t": 1, "x": 9}, {"t": 0, "x": 3}])[("x",)] == ([0, 1], [3, 9])

    def test_what_is_no_number_is_left_out(self, read):
        text = b'[{"t":0,"x":NaN,"y":1},{"t":1,"x":Infinity,"y":"far"},{"t":2,"x":3,"y":null}]'
        assert read(text) == {("x",): ([2], [3]), ("y",): ([0], [1])}


class TestColumns:
    def test_with_a_column_of_times(self, read):
        found = read({"time": [0, 1, 2], "joints": {"a": [1, 2, 3]}, "note": ["x"], "odd": [1, 2]})
        assert found == {("joints", "a"): ([0, 1, 2], [1, 2, 3])}

    def test_curves_have_their_own_times(self, read):
        found = read({"joints": [{"name": "elbow", "angles": [[0, 0.4], [0.5, 0.5]]}]})
        assert found == {("joints", "elbow", "angles"): ([0, 0.5], [0.4, 0.5])}


class TestNonsense:
    @pytest.mark.parametrize(
        "document",
        [
            {}, [], 5, None, "text", [1], {"a": "b"}, [{}] * 5, {"steps": [{"t": 0}, {"t": 0.5}]},
            {"a": [10**400, 10**400]}, [[1, 2], [3]], [{"t": None, "x": 1}] * 2 and [{"x": "y"}] * 2,
            {"steps": [{"t": 0, "x": 1}]}, {"joints": [{"name": 5, "angles": [[0]]}]},
        ],
    )  # fmt: skip
    def test_without_numbers_over_time_it_says_so(self, read, document):
        with pytest.raises(NoSeries, match="has no numbers over time"):
            read(document)

    @pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":1}{"b":2}'])
    def test_what_is_no_json_says_so(self, read, data):
        with pytest.raises(NoSeries, match="is no JSON"):
            read(data)

    def test_what_is_too_large_is_not_read(self, read, monkeypatch):
        monkeypatch.setattr(log, "MAX_BYTES", 10)
        with pytest.raises(NoSeries, match="too much to draw"):
            read([{"t": n, "x": n} for n in range(9)])

    def test_there_is_an_end_to_series_and_to_depth(self, read):
        many = [{f"x{n}": n for n in range(1000)} for _ in range(2)]
        assert len(read(many)) == log.MOST_SERIES
        deep = 1
        for _ in range(50):
            deep = {"in": deep}
        with pytest.raises(NoSeries):
            read([{"deep": deep}] * 2)


def test_a_hundred_thousand_steps(read):
    """As large as a log of minutes at 240 steps a second."""
    found = read([{"t": n / 240, "f": math.sin(n)} for n in range(100_000)], seconds=417)
    assert len(found[("f",)][0]) == 100_000


def test_groups_are_what_a_person_looks_for(tmp_path):
    path = tmp_path / "log.json"
    joints = {"a": {"position": 1, "velocity": 2}, "b": {"position": 3, "velocity": 4}}
    path.write_text(json.dumps([{"t": n, "joints": joints, "energy": 1} for n in range(2)]))
    assert list(grouped(log.read(path, seconds=1.0))) == [
        "Joints position",
        "Joints velocity",
        "Energy",
    ]
