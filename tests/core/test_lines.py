"""Words as lines: what is pasted, and that it stays itself when it is edited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.lines import as_text, words_in

WORD = st.text(alphabet='ab ,;\t"\\', min_size=1, max_size=6).map(str.strip).filter(bool)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rain\nsnow\r\nfog", ["rain", "snow", "fog"]),
        (" rain \n\n rain\n", ["rain"]),
        ("rain, snow,fog", ["rain", "snow", "fog"]),
        ("rain; snow, heavy", ["rain", "snow, heavy"]),
        ("rain\tsnow", ["rain", "snow"]),
        ('"rain, heavy", fog', ["rain, heavy", "fog"]),
        ('"rain, heavy"\nfog', ["rain, heavy", "fog"]),
        ('"said ""go"""\nfog', ['said "go"', "fog"]),
        ("a, b\nc", ["a, b", "c"]),
        ("", []),
    ],
)
def test_one_on_each_line_or_a_line_of_them(text, words):
    assert words_in(text) == words


@given(st.lists(WORD, min_size=1, max_size=4, unique=True))
def test_what_is_shown_is_read_again(words):
    assert words_in(as_text(words)) == words


def test_an_endless_line_is_one_word():
    assert len(words_in('"' + "a" * 140_000)) == 1
