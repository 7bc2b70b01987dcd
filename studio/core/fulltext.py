"""Texts as words that can be found, and what is looked for, in the languages of both databases.

Both get the words as they are cut here, so that the same search finds the same on either.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_TOKEN = 60
MOST_TOKENS = 20_000  # of one clip, about what PostgreSQL takes in a row
_WORD = re.compile(r"[^\W_]+")
BREAK = "x0x0x"  # between two texts, so that no phrase goes on from one into the next


def tokens(text: str) -> list[str]:
    """The words of a text, without marks and capital letters: “Café-Bar 2” is cafe, bar and 2."""
    return [word[:LONGEST_TOKEN] for word in _WORD.findall(_bare(text).casefold())]


def _bare(text: str) -> str:
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(one for one in apart if unicodedata.category(one) != "Mn")


def fact(kind: str, value: int | str = "") -> str:
    """What is known of a clip beyond its texts, as one word: “by12”, “provider72756e77617265”."""
    return kind + (value.encode().hex() if isinstance(value, str) else str(value))


class Part(StrEnum):
    """Where words stand; the letter is PostgreSQL's for it."""

    WORDS = "words"  # title, prompts, what to leave out
    NOTES = "notes"
    FACTS = "facts"


LETTERS = {Part.WORDS: "A", Part.NOTES: "B", Part.FACTS: "C"}


@dataclass(frozen=True, kw_only=True)
class Text:
    """All that can be found of one clip: tokens with spaces between them."""

    words: str = ""
    notes: str = ""
    facts: str = ""

    @classmethod
    def of(cls, words: Iterable[str], notes: Iterable[str], facts: Iterable[str]) -> "Text":
        return cls(words=_joined(words), notes=_joined(notes), facts=" ".join(sorted(set(facts))))

    @property
    def vector(self) -> str:
        """As PostgreSQL keeps it: 'red':1A 'car':2A …"""
        placed = [
            f"'{token}':{place}{letter}"
            for part, letter in LETTERS.items()
            for place, token in enumerate(getattr(self, part).split(), start=1)
        ]
        return " ".join(placed)


def _joined(texts: Iterable[str]) -> str:
    """The same text twice is one."""
    cut = [" ".join(tokens(text)) for text in dict.fromkeys(texts)]
    whole = f" {BREAK} ".join(filter(None, cut))
    return " ".join(whole.split(" ", MOST_TOKENS)[:MOST_TOKENS])


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """Words one after the other in one of the parts; the last may go on where `is_prefix`."""

    tokens: Sequence[str]
    parts: tuple[Part, ...]
    is_prefix: bool = False

    @classmethod
    def fact(cls, kind: str, value: int | str = "") -> "Phrase":
        return cls(tokens=(fact(kind, value),), parts=(Part.FACTS,))

    def fts5(self) -> str:
        begun = "*" if self.is_prefix else ""
        return f'{{{" ".join(self.parts)}}} : "{" ".join(self.tokens)}"{begun}'

    def tsquery(self) -> str:
        letters = "".join(LETTERS[part] for part in self.parts)
        *first, last = self.tokens
        words = [f"'{token}':{letters}" for token in first]
        words.append(f"'{last}':{'*' if self.is_prefix else ''}{letters}")
        return f"({' <-> '.join(words)})"


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Of each of `needed` one phrase must be there, and none of `banned`.

    `needed` is never empty: neither database can look for what is not there alone.
    """

    needed: Sequence[Sequence[Phrase]]
    banned: Sequence[Phrase] = ()

    def fts5(self) -> str:
        needed = " AND ".join(_any(map(Phrase.fts5, one), " OR ") for one in self.needed)
        return (
            f"({needed}) NOT {_any(map(Phrase.fts5, self.banned), ' OR ')}"
            if self.banned
            else needed
        )

    def tsquery(self) -> str:
        needed = " & ".join(_any(map(Phrase.tsquery, one), " | ") for one in self.needed)
        return (
            f"{needed} & !{_any(map(Phrase.tsquery, self.banned), ' | ')}"
            if self.banned
            else needed
        )


def _any(phrases: Iterable[str], word: str) -> str:
    return f"({word.join(phrases)})"
