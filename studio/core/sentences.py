"""A text as sentences, and a rewritten one laid beside it, so that each can be taken or left."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from studio.core.diff import Piece, diff, words

# Two sentences are the same one rewritten if they share at least this much of their words.
ALIKE = 0.25
MOST_PAIRS = 10_000

UNSPACED_STOPS = "\u3002\uff01\uff1f"  # those of Chinese and Japanese
_STOP = re.compile(rf"\\[{{}}]|[{{}}]|[.!?…]+[\"'”\u2019)\]]*(?=\s|$)|[{UNSPACED_STOPS}]+|\n+")


@dataclass(frozen=True)
class Hunk:
    """A sentence before and after; one of them may be "". Both keep the spaces that follow them."""

    old: str
    new: str

    @property
    def is_changed(self) -> bool:
        return self.old.strip() != self.new.strip()

    @property
    def pieces(self) -> list[Piece]:
        return diff(self.old.strip(), self.new.strip())


def split(text: str) -> list[str]:
    """The sentences with the spaces after them; joined they are the text again.

    A full stop inside of braces ends nothing.
    """
    found, start, depth = [], 0, 0
    for stop in _STOP.finditer(text):
        if stop[0] in "{}":
            depth = max(0, depth + (1 if stop[0] == "{" else -1))
        elif not depth and not stop[0].startswith("\\"):
            end = stop.end() + len(text[stop.end() :]) - len(text[stop.end() :].lstrip())
            if end > start:
                found.append(text[start:end])
                start = end
    return [*found, text[start:]] if start < len(text) else found


def aligned(old: str, new: str) -> list[Hunk]:
    """The sentences of both texts side by side; `old` joined is the old text, `new` the new one."""
    a, b = split(old), split(new)
    if len(a) * len(b) > MOST_PAIRS:
        return [Hunk(old, new)]
    likeness = _likeness(a, b)
    return _traced(a, b, likeness, _scores(likeness, len(b)))


Table = list[list[float]]


def _likeness(a: Sequence[str], b: Sequence[str]) -> Table:
    """How many of their words each two sentences share, from 0 to 1; 0 also for a few."""
    others = [(text.strip(), _content(text)) for text in b]
    return [[_alike(text.strip(), _content(text), *other) for other in others] for text in a]


def _alike(a: str, a_words: set[str], b: str, b_words: set[str]) -> float:
    if a == b:
        return 1.0
    shared = 2 * len(a_words & b_words) / max(1, len(a_words) + len(b_words))
    return shared if shared >= ALIKE else 0.0


def _content(text: str) -> set[str]:
    return {word.casefold() for word in words(text) if word[0].isalnum()}


def _scores(likeness: Table, width: int) -> Table:
    """`scores[i][j]`: the best that the sentences from i and from j on can be paired."""
    scores = [[0.0] * (width + 1) for _ in range(len(likeness) + 1)]
    for i in reversed(range(len(likeness))):
        for j in reversed(range(width)):
            alike = likeness[i][j]
            both = scores[i + 1][j + 1] + alike if alike else 0.0
            scores[i][j] = max(both, scores[i + 1][j], scores[i][j + 1])
    return scores


def _traced(a: Sequence[str], b: Sequence[str], likeness: Table, scores: Table) -> list[Hunk]:
    hunks, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        alike = likeness[i][j]
        if alike and scores[i][j] == scores[i + 1][j + 1] + alike:
            hunks.append(Hunk(a[i], b[j]))
            i, j = i + 1, j + 1
        elif scores[i][j] == scores[i + 1][j]:
            hunks.append(Hunk(a[i], ""))
            i += 1
        else:
            hunks.append(Hunk("", b[j]))
            j += 1
    return [*hunks, *(Hunk(text, "") for text in a[i:]), *(Hunk("", text) for text in b[j:])]


def accepted(hunks: Sequence[Hunk], taken: Collection[int]) -> str:
    """The text with the new form of those sentences whose numbers are taken."""
    if not any(hunks[number].is_changed for number in taken):
        return "".join(hunk.old for hunk in hunks)
    text = ""
    for number, hunk in enumerate(hunks):
        sentence = hunk.new if number in taken else hunk.old
        touch = text and sentence and not (text[-1].isspace() or text[-1] in UNSPACED_STOPS)
        text += (" " if touch else "") + sentence
    return text.strip()
