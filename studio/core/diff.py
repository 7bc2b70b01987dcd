"""What differs between two texts, word by word."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Scripts that put no spaces between words: each letter counts as one.
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PIECE = re.compile(
    rf"\s+|[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+(?:['\u2019-](?![{_UNSPACED}])\w+)*|.", re.S
)
_MARKS = {"Mn", "Mc", "Me"}  # accents, vowel signs
_JOINING = {*_MARKS, "Cf", "Sk"}  # and joiners, skin tones: part of what is before
_JOINER = "\u200d"


class Change(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """A stretch of text that both have, or only the older or the newer one."""

    change: Change
    text: str


def words(text: str) -> list[str]:
    """The words, spaces and signs of a text; joined they are the text again."""
    found: list[str] = []
    for piece in _PIECE.findall(text):
        if found and _belongs(found[-1], piece):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def _belongs(before: str, piece: str) -> bool:
    """Whether a piece is more of the word before it, which a mark or a joiner has cut."""
    if unicodedata.category(piece[0]) in _JOINING:
        return True
    is_cut = unicodedata.category(before[-1]) in _MARKS and before[0].isalnum()
    return before[-1] == _JOINER or (is_cut and piece[0].isalnum())


def diff(older: str, newer: str) -> list[Piece]:
    """From one text to another; what is gone stands before what is new."""
    a, b = words(older), words(newer)
    # Spaces are no anchors, and in long texts frequent words are not: else it takes minutes.
    matcher = SequenceMatcher(str.isspace, a, b)
    return [
        piece
        for tag, a1, a2, b1, b2 in matcher.get_opcodes()
        for piece in _pieces(tag, "".join(a[a1:a2]), "".join(b[b1:b2]))
    ]


def _pieces(tag: str, gone: str, new: str) -> Iterator[Piece]:
    if tag == "equal":
        yield Piece(Change.SAME, gone)
        return
    if gone:
        yield Piece(Change.GONE, gone)
    if new:
        yield Piece(Change.NEW, new)
