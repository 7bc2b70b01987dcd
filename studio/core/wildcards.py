"""Wildcards: one prompt as it was typed that stands for many.

    {dawn|dusk}     one of these; an empty one is allowed, and each may hold wildcards again
    {{weather}}     one word of the list of that name
    \\{  \\|  \\}      the signs themselves

A text without any of them is itself. Words of lists are plain text.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from random import Random

from studio.core.errors import InvalidOrder, Problem
from studio.core.words import short

DEEPEST = 10
MOST_LISTED = 20
SIGNS = "{|}"
_NAMED = re.compile(r"\{\{([^{}|\\\n]*)\}\}")
_ESCAPED = re.compile(r"[{}]|(?<=\\)\|")

Words = Mapping[str, Sequence[str]]  # of each list, by its name


@dataclass(frozen=True)
class Named:
    """A list by its name; `place` is where it stands in the text, counted from 1."""

    name: str
    place: int


@dataclass(frozen=True)
class Choice:
    options: tuple["Parts", ...]


Parts = tuple[str | Named | Choice, ...]


@dataclass(frozen=True)
class Piece:
    """A stretch of a resolved text; `varies` says that it came out of braces."""

    text: str
    varies: bool


def _refuse(sentence: str) -> InvalidOrder:
    return InvalidOrder([Problem("prompt", f"Prompt: {sentence}")])


def name_of(text: str) -> str:
    """The name that a list is known by: small letters, single spaces."""
    return " ".join(text.lower().split())


def parse(text: str) -> Parts:
    """What the text is made of. Raises InvalidOrder with the place of what can not be read."""
    return _Reader(text).read()


class _Reader:
    """Reads from the left; `at` is the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def read(self) -> Parts:
        parts = self._sequence(depth=0)
        if self.at < len(self.text):
            raise _refuse(
                f"the }} at character {self.at + 1} closes nothing; \\}} is the sign itself."
            )
        return parts

    def _sequence(self, *, depth: int) -> Parts:
        """Up to the end; inside of braces up to the next | or }."""
        parts: list[str | Named | Choice] = []
        letters: list[str] = []
        while self.at < len(self.text) and not self._ends(depth):
            if self.text[self.at] == "{":
                parts += ["".join(letters)] if letters else []
                letters = []
                parts.append(self._braces(depth))
            else:
                letters.append(self._letter())
        return (*parts, "".join(letters)) if letters else tuple(parts)

    def _ends(self, depth: int) -> bool:
        return self.text[self.at] == "}" or (depth > 0 and self.text[self.at] == "|")

    def _letter(self) -> str:
        escaped = self.text[self.at] == "\\" and self.text[self.at + 1 : self.at + 2] in {*SIGNS}
        self.at += 2 if escaped else 1
        return self.text[self.at - 1]

    def _braces(self, depth: int) -> Named | Choice:
        start = self.at
        if found := _NAMED.match(self.text, start):
            self.at = found.end()
            return _named(found[1], start + 1)
        if depth == DEEPEST:
            raise _refuse(f"braces stand in each other at most {DEEPEST} deep.")
        return self._choice(start, depth + 1)

    def _choice(self, start: int, depth: int) -> Choice:
        options: list[Parts] = []
        while not options or self.text[self.at] == "|":
            self.at += 1
            options.append(self._sequence(depth=depth))
            if self.at == len(self.text):
                raise _refuse(
                    f"the {{ at character {start + 1} is not closed; \\{{ is the sign itself."
                )
        self.at += 1
        if len(options) == 1:
            raise _refuse(_said_single(self.text[start : self.at], start + 1))
        return Choice(tuple(options))


def _named(text: str, place: int) -> Named:
    if not (name := name_of(text)):
        raise _refuse(
            f"the braces at character {place} name no list; write one like {{{{weather}}}}."
        )
    return Named(name, place)


def _said_single(text: str, place: int) -> str:
    return (
        f"“{short(text)}” at character {place} is no choice; write {{dawn|dusk}} for one of two, "
        "{{weather}} for a list, \\{ \\} for the signs themselves."
    )


def escaped(text: str) -> str:
    """A text that stands for exactly this one."""
    return _ESCAPED.sub(lambda found: f"\\{found[0]}", text)


def names_in(text: str) -> list[str]:
    """The lists that a text names, each once, also where the rest of it can not be read."""
    return list(dict.fromkeys(name for found in _NAMED.findall(text) if (name := name_of(found))))


def is_plain(text: str) -> bool:
    """Whether nothing in it could be a wildcard or an escaped sign."""
    return not re.search(r"[{}]|\\\|", text)


def named(parts: Parts) -> list[Named]:
    """Every list that is used, in the order of the text."""
    return list(_named_in(parts))


def _named_in(parts: Parts) -> Iterator[Named]:
    for part in parts:
        if isinstance(part, Named):
            yield part
        elif isinstance(part, Choice):
            for option in part.options:
                yield from _named_in(option)


def require(parts: Parts, lists: Collection[str], words: Words) -> None:
    """Raise InvalidOrder unless each list that is used exists and has words.

    `lists` are the names of all that there are, `words` those of the used ones.
    """
    for used in named(parts):
        if used.name not in lists:
            raise _refuse(
                f"there is no list “{short(used.name)}” (at character {used.place}); {_there(lists)}"
            )
        if not words.get(used.name):
            raise _refuse(f"the list “{used.name}” (at character {used.place}) has no words yet.")


def _there(lists: Collection[str]) -> str:
    if not lists:
        return "the team has none yet."
    shown = sorted(lists)[:MOST_LISTED]
    more = len(lists) - len(shown)
    return f"the team has {', '.join(shown)}{f' and {more:,} more' if more else ''}."


def count(parts: Parts, words: Words) -> int:
    """How many texts it stands for; none of them is built."""
    return prod(_count(part, words) for part in parts)


def _count(part: str | Named | Choice, words: Words) -> int:
    if isinstance(part, str):
        return 1
    if isinstance(part, Named):
        return len(words[part.name])
    return sum(count(option, words) for option in part.options)


def resolve(parts: Parts, words: Words) -> Iterator[str]:
    """Every text in order: what stands on the left changes slowest."""
    for number in range(count(parts, words)):
        yield text_of(pieces(parts, words, number))


def text_of(resolved: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in resolved)


def pieces(parts: Parts, words: Words, number: int) -> tuple[Piece, ...]:
    """The text with that number, from 0, in stretches."""
    return tuple(_pieces(parts, words, number, varies=False))


def _pieces(parts: Parts, words: Words, number: int, *, varies: bool) -> Iterator[Piece]:
    rest = count(parts, words)
    for part in parts:
        rest //= _count(part, words)
        chosen, number = divmod(number, rest)
        if isinstance(part, str):
            yield Piece(part, varies)
        elif isinstance(part, Named):
            yield Piece(words[part.name][chosen], varies=True)
        else:
            yield from _option(part, words, chosen)


def _option(choice: Choice, words: Words, number: int) -> Iterator[Piece]:
    for option in choice.options:
        size = count(option, words)
        if number < size:
            yield from _pieces(option, words, number, varies=True)
            return
        number -= size


def some(total: int, wanted: int, *, seed: int) -> list[int]:
    """The numbers of `wanted` different texts of `total`, in order; the same for the same seed."""
    if wanted >= total:
        return list(range(total))
    random = Random(seed)  # noqa: S311  (a choice of words, no secret)
    chosen: set[int] = set()
    while len(chosen) < wanted:
        chosen.add(random.randrange(total))
    return sorted(chosen)


def longest(parts: Parts, words: Words) -> int:
    """The number of characters of the longest text; none of them is built."""
    return sum(_longest(part, words) for part in parts)


def _longest(part: str | Named | Choice, words: Words) -> int:
    if isinstance(part, str):
        return len(part)
    if isinstance(part, Named):
        return max(map(len, words[part.name]))
    return max(longest(option, words) for option in part.options)
