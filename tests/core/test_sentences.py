"""A rewritten text laid beside the old one, sentence by sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.sentences import accepted, aligned, split

TEXTS = st.text(st.sampled_from("ab .!?{}|\\\n。"), max_size=60)
OLD = "A red door. Snow falls slowly. The camera pans."
NEW = "A tall red door. Snow falls very slowly at dusk. A dog barks."


class TestSplit:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("One. Two!  Three", ["One. ", "Two!  ", "Three"]),
            ("At 24.5 fps. Go", ["At 24.5 fps. ", "Go"]),
            ("Snow {at dawn. Cold|dusk} falls. Go", ["Snow {at dawn. Cold|dusk} falls. ", "Go"]),
            (r"A \{ sign. Go", [r"A \{ sign. ", "Go"]),
            ("“Stop.” He runs", ["“Stop.” ", "He runs"]),
            ("雪。夜。", ["雪。", "夜。"]),
            ("One\nTwo", ["One\n", "Two"]),
            ("", []),
        ],
    )
    def test_sentences(self, text, expected):
        assert split(text) == expected

    @given(TEXTS)
    def test_loses_nothing(self, text):
        assert "".join(split(text)) == text


class TestAligned:
    def test_the_same_sentence_stands_beside_itself(self):
        pairs = [(one.old.strip(), one.new.strip()) for one in aligned(OLD, NEW)]
        assert pairs == [
            ("A red door.", "A tall red door."),
            ("Snow falls slowly.", "Snow falls very slowly at dusk."),
            ("The camera pans.", ""),
            ("", "A dog barks."),
        ]

    @given(TEXTS, TEXTS)
    def test_gives_both_texts_back(self, old, new):
        hunks = aligned(old, new)
        assert "".join(hunk.old for hunk in hunks) == old
        assert "".join(hunk.new for hunk in hunks) == new

    def test_hundreds_of_sentences_are_one_change(self):
        assert len(aligned("a. " * 200, "b. " * 200)) == 1


class TestAccepted:
    @pytest.mark.parametrize(
        ("taken", "expected"),
        [
            (set(), OLD),
            ({0}, "A tall red door. Snow falls slowly. The camera pans."),
            ({1, 3}, "A red door. Snow falls very slowly at dusk. The camera pans. A dog barks."),
            ({2}, "A red door. Snow falls slowly."),
            ({0, 1, 2, 3}, NEW),
        ],
    )
    def test_takes_those_alone(self, taken, expected):
        assert accepted(aligned(OLD, NEW), taken) == expected

    def test_puts_no_space_where_none_is_written(self):
        assert accepted(aligned("雪。夜。", "白雪。夜。"), {0}) == "白雪。夜。"

    @given(TEXTS, TEXTS)
    def test_nothing_taken_changes_nothing(self, old, new):
        assert accepted(aligned(old, new), set()) == old
