"""Saying a person's own value back to them, whatever it is."""

from collections.abc import Sequence

LONGEST = 40


def short(value: object) -> str:
    """A value in at most 40 characters that can be printed and sent, for use in a sentence."""
    try:
        text = str(value)
    except ValueError:  # a whole number of thousands of digits
        text = "a very long number"
    text = storable(text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def storable(text: str) -> str:
    """The text without what no database or page can hold: half characters and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "�")


def lines(text: str) -> str:
    """With line ends as pages count them; a form without scripts sends each as two letters."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def plain(value: float) -> str:
    """Every digit that it takes to read the same number again, and no “.0”."""
    return repr(float(value)).removesuffix(".0")


def listed(words: Sequence[str], last: str = "and") -> str:
    """“a, b and c”; "" for none."""
    *most, end = words or [""]
    return f"{', '.join(most)} {last} {end}" if most else end
