"""Texts cut into words, and what is looked for in the languages of two databases."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.fulltext import BREAK, MOST_TOKENS, Part, Phrase, Sought, Text, fact, tokens

WORDS = (Part.WORDS,)


class TestTokens:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("A red door.", ["a", "red", "door"]),
            ("Café-Bar №2", ["cafe", "bar", "no2"]),
            ("snow_covered", ["snow", "covered"]),
            ("don't", ["don", "t"]),
            ("Straße ŒUVRE", ["strasse", "œuvre"]),
            ("Ångström ½", ["angstrom", "1", "2"]),
            ("ЁЛКА", ["елка"]),
            ("", []),
            ("?! 🦊 --", []),
        ],
    )
    def test_are_words_without_marks_and_capitals(self, text, found):
        assert tokens(text) == found

    @given(st.text())
    def test_cutting_twice_changes_nothing(self, text):
        once = tokens(text)
        assert tokens(" ".join(once)) == once

    def test_endless_ones_are_cut(self):
        assert len(tokens("x" * 5_000)[0]) == 60


class TestText:
    def test_the_same_text_twice_is_one(self):
        assert Text.of(["Red.", "Red.", "", "A car"], [], []).words == f"red {BREAK} a car"

    def test_facts_are_in_order_and_once(self):
        assert Text.of([], [], ["tag2", "by1", "tag2"]).facts == "by1 tag2"

    def test_never_grows_too_large(self):
        whole = Text.of(["word " * (MOST_TOKENS + 50)], [], [])
        assert len(whole.words.split()) == MOST_TOKENS

    def test_vector_says_place_and_part(self):
        text = Text.of(["red car"], ["dark"], ["by1"])
        assert text.vector == "'red':1A 'car':2A 'dark':1B 'by1':1C"


class TestFact:
    def test_is_one_token_whatever_the_value(self):
        for value in (12, "klingai:6@1", "v2.5/pro"):
            assert len(tokens(fact("model", value))) == 1

    def test_others_are_others(self):
        assert fact("tag", 1) != fact("tag", 12)


class TestSought:
    RED = Phrase(tokens=("red", "ca"), parts=(Part.WORDS, Part.NOTES), is_prefix=True)
    MINE = Phrase.fact("by", 1)

    def test_in_fts5(self):
        sought = Sought(needed=[[self.MINE], [self.RED, self.MINE]], banned=[self.MINE])
        assert sought.fts5() == (
            '(({facts} : "by1") AND ({words notes} : "red ca"* OR {facts} : "by1"))'
            ' NOT ({facts} : "by1")'
        )

    def test_in_tsquery(self):
        sought = Sought(needed=[[self.MINE], [self.RED, self.MINE]], banned=[self.MINE])
        assert sought.tsquery() == (
            "(('by1':C)) & (('red':AB <-> 'ca':*AB) | ('by1':C)) & !(('by1':C))"
        )

    @given(st.text())
    def test_whatever_is_typed_is_sound_fts5(self, text):
        """An odd letter must not become an error of the database."""
        words = tokens(text)
        if not words:
            return
        database = sqlite3.connect(":memory:")
        database.execute("CREATE VIRTUAL TABLE t USING fts5(words, notes, facts)")
        phrase = Phrase(tokens=words, parts=WORDS, is_prefix=True)
        sought = Sought(needed=[[phrase]], banned=[phrase])
        assert database.execute("SELECT * FROM t WHERE t MATCH ?", [sought.fts5()]).fetchall() == []
