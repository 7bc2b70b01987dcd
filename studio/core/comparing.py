"""How takes are compared, as the address of the page says it: nonsense there becomes what is usual."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from studio.core.words import listed, short

LETTERS = "abcd"
FEWEST, MOST = 2, len(LETTERS)
MOST_OFFSET = 1000  # frames
LONGEST_KEY = 18  # digits of a row's number
WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)


class Mode(StrEnum):
    """How the pictures stand to each other."""

    SIDE = "side"
    WIPE = "wipe"
    FLICK = "flick"
    OVERLAY = "overlay"
    DIFFERENCE = "difference"
    FOUR = "four"


@dataclass(frozen=True, kw_only=True)
class Look:
    """`frame`, `first` and `last` are counted in frames of A, from 0; a range has both ends or none.

    `offsets` are how many of its own frames each side is ahead. `wipe` is in per cent from the
    left, `mix` how much of B there is over A. `flick` is the side that is seen, `sound` the one
    that is heard, "" for none.
    """

    mode: Mode = Mode.SIDE
    frame: int = 0
    offsets: tuple[int, ...] = (0,) * MOST
    wipe: int = 50
    mix: int = 50
    flick: str = "a"
    sound: str = "a"
    loop: bool = True
    first: int | None = None
    last: int | None = None


def keys(text: str) -> tuple[list[int], list[str]]:
    """The numbers of takes or clips that are to be compared, each once, and what was wrong."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    right = [word for word in words if word.isascii() and word.isdecimal()]
    found = list(dict.fromkeys(int(word) for word in right if len(word) <= LONGEST_KEY))
    problems = [f"“{short(word)}” is no take." for word in words if word not in right][:1]
    if len(found) > MOST:
        problems.append(f"At most {MOST} takes can be compared; these are the first {MOST}.")
    return found[:MOST], problems


def offsets(asked: Mapping[str, str]) -> tuple[tuple[int, ...], list[str]]:
    """How many frames each side is ahead."""
    reader = _Reader(asked)
    found = tuple(reader.whole(name, -MOST_OFFSET, MOST_OFFSET, usual=0) for name in LETTERS)
    return found, reader.problems


def look(asked: Mapping[str, str], *, frames: int, sides: int) -> tuple[Look, list[str]]:
    """For so many sides whose timeline has so many frames; with a sentence for each wrong value."""
    reader, letters = _Reader(asked), tuple(LETTERS[:sides])
    first, last = reader.span(frames)
    found = Look(
        mode=Mode(reader.choice("mode", list(Mode), usual=Mode.SIDE)),
        frame=reader.whole("frame", 0, frames - 1, usual=0),
        wipe=reader.whole("wipe", 0, 100, usual=50),
        mix=reader.whole("mix", 0, 100, usual=50),
        flick=reader.choice("flick", letters[:FEWEST], usual="a"),
        sound=reader.choice("sound", (*letters, ""), usual="a"),
        loop=reader.choice("loop", ("1", "0"), usual="1") == "1",
        first=first, last=last,
    )  # fmt: skip
    return found, reader.problems


class _Reader:
    """Reads one value after the other and remembers what was wrong."""

    def __init__(self, asked: Mapping[str, str]) -> None:
        self.asked = asked
        self.problems: list[str] = []

    def whole(self, name: str, low: int, high: int, *, usual: int) -> int:
        text = self.asked.get(name, "")
        if not text:
            return usual
        if not WHOLE.fullmatch(text):
            self._wrong(name, text, f"a whole number from {low} to {high}", str(usual))
            return usual
        value = min(max(int(text), low), high)
        if value != int(text):
            self._wrong(name, text, f"a whole number from {low} to {high}", str(value))
        return value

    def choice(self, name: str, allowed: Sequence[str], *, usual: str) -> str:
        text = self.asked.get(name, usual)
        if text in allowed:
            return text
        words = listed([word for word in allowed if word], "or")
        self._wrong(name, text, f"one of {words}", usual)
        return usual

    def span(self, frames: int) -> tuple[int | None, int | None]:
        """The range that is played: both ends or none, and the second one after the first."""
        if not (self.asked.get("in") or self.asked.get("out")):
            return None, None
        first = self.whole("in", 0, frames - 1, usual=0)
        last = self.whole("out", 0, frames - 1, usual=frames - 1)
        if first < last:
            return first, last
        self.problems.append(f"out: frame {last} is not after frame {first}; all is played.")
        return None, None

    def _wrong(self, name: str, text: str, allowed: str, used: str) -> None:
        self.problems.append(f"{name}: “{short(text)}” is not {allowed}; {used} is used.")
