import json

import pytest

from studio.core.drawing import COLORS, KINDS, MOST_BYTES, described, read
from studio.core.errors import InvalidNote

BOX = {"kind": "box", "color": "red", "points": [[0.1, 0.2], [0.5, 0.6]]}
ARROW = {"kind": "arrow", "color": "yellow", "points": [[0, 0], [1, 1]]}
WORDS = {"kind": "text", "color": "white", "points": [[0.5, 0.5]], "text": "keep"}


def line(count):
    return {"kind": "pen", "color": "blue", "points": [[0.5, 0.5]] * count}


class TestRead:
    def test_gives_back_what_was_drawn(self):
        shapes = [BOX, ARROW, WORDS, line(3)]
        assert read(json.dumps(shapes)) == shapes

    @pytest.mark.parametrize("text", ["", "  ", "[]"])
    def test_none_is_no_drawing(self, text):
        assert read(text) == []

    def test_keeps_nothing_that_it_does_not_know(self):
        drawn = read(json.dumps([{**BOX, "onclick": "alert(1)", "text": "x"}]))
        assert drawn == [BOX]

    def test_rounds_to_what_can_be_seen(self):
        assert read(json.dumps([{**BOX, "points": [[1 / 3, 0], [1, 1]]}]))[0]["points"][0] == [
            0.33333,
            0,
        ]

    @pytest.mark.parametrize(
        "shape",
        [
            None, 5, [], {}, {**BOX, "kind": "circle"}, {**BOX, "kind": ["box"]}, {**BOX, "color": "pink"},
            {**BOX, "color": None}, {**BOX, "points": [[0, 0]]}, {**BOX, "points": [[0, 0]] * 3},
            {**BOX, "points": "00"}, {**BOX, "points": [[0, 0], [1, 1.01]]}, {**BOX, "points": [[0, 0], [-0.1, 1]]},
            {**BOX, "points": [[0, 0], [True, 1]]}, {**BOX, "points": [[0, 0], ["1", 1]]}, {**BOX, "points": [[0, 0], [1]]},
            {**WORDS, "text": ""}, {**WORDS, "text": "  "}, {**WORDS, "text": "x" * 201}, {**WORDS, "text": 5},
            line(0), line(2001),
        ],
    )  # fmt: skip
    def test_refuses_what_is_no_shape_with_a_sentence(self, shape):
        with pytest.raises(InvalidNote) as error:
            read(json.dumps([shape]))
        assert error.value.message.endswith(".")
        assert error.value.http_status == 422

    @pytest.mark.parametrize(
        "text",
        ["{", "null", "5", '{"kind": "box"}', "[" * 30_000, '[{"kind":"box","color":"red","points":[[NaN,0],[1,1]]}]',
         '[{"kind":"box","color":"red","points":[[Infinity,0],[1,1]]}]'],
    )  # fmt: skip
    def test_refuses_what_is_no_drawing(self, text):
        with pytest.raises(InvalidNote):
            read(text)

    def test_refuses_more_than_it_may_have(self):
        with pytest.raises(InvalidNote, match="at most 100 shapes; this one has 101"):
            read(json.dumps([BOX] * 101))
        with pytest.raises(InvalidNote, match="at most 64 kB"):
            read(" " * (MOST_BYTES + 1))

    def test_size_counts_as_bytes(self):
        with pytest.raises(InvalidNote, match="at most 64 kB"):
            read("é" * (MOST_BYTES // 2 + 1))

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("color", COLORS)
    def test_takes_every_kind_in_every_color(self, kind, color):
        shape = {"kind": kind, "color": color, "points": [[0, 1]] * KINDS[kind].fewest}
        shape |= {"text": "x"} if kind == "text" else {}
        assert read(json.dumps([shape])) == [shape]


class TestDescribed:
    @pytest.mark.parametrize(
        ("shapes", "said"),
        [
            ([BOX, ARROW], "a box and an arrow"), ([ARROW, ARROW, BOX], "2 arrows and a box"),
            ([WORDS], "the words “keep”"), ([line(2), line(2), WORDS], "2 lines and the words “keep”"),
            ([], ""),
        ],
    )  # fmt: skip
    def test_says_what_was_drawn(self, shapes, said):
        assert described(shapes) == said
