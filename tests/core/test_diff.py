"""Two texts word by word."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.diff import Change, diff, words

TEXTS = st.text(st.sampled_from("ab {}|.,\n é\u0301\u200d👍🏽你שx'-"), max_size=60)


def said(older, newer):
    marks = {Change.SAME: "{}", Change.GONE: "[-{}]", Change.NEW: "[+{}]"}
    return "".join(marks[piece.change].format(piece.text) for piece in diff(older, newer))


class TestDiff:
    @pytest.mark.parametrize(
        ("older", "newer", "expected"),
        [
            ("A red door.", "A blue door.", "A [-red][+blue] door."),
            ("A door.", "A door.", "A door."),
            ("", "A", "[+A]"),
            ("A", "", "[-A]"),
            ("A door, red", "A door red", "A door[-,] red"),
            ("red-lit", "blue-lit", "[-red-lit][+blue-lit]"),
            ("雪の中", "雪の外", "雪の[-中][+外]"),
            ("a  b", "a b", "a[-  ][+ ]b"),
        ],
    )
    def test_words(self, older, newer, expected):
        assert said(older, newer) == expected

    @given(TEXTS, TEXTS)
    def test_gives_both_texts_back(self, older, newer):
        pieces = diff(older, newer)
        assert "".join(p.text for p in pieces if p.change != Change.NEW) == older
        assert "".join(p.text for p in pieces if p.change != Change.GONE) == newer

    @given(TEXTS)
    def test_words_are_the_text(self, text):
        assert "".join(words(text)) == text

    @pytest.mark.parametrize(
        "whole", ["e\u0301lan", "👩\u200d🚀", "👍🏽", "Ana's", "שָׁלוֹם", "हिन्दी"]
    )
    def test_what_is_seen_as_one_is_one(self, whole):
        assert words(f"a {whole} b") == ["a", " ", whole, " ", "b"]

    def test_long_texts_of_the_same_words_take_no_minutes(self):
        began = time.perf_counter()
        diff("a " * 5_000, "b a " * 2_500)
        assert time.perf_counter() - began < 5
