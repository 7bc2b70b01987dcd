"""File names as a team wants them: a template with words in braces, filled in for any disk."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from studio.core.words import listed, short

# What may stand in braces, and what it is.
WORDS: Mapping[str, str] = {
    "project": "the project's name", "clip": "the clip's title", "take": "the take's number",
    "date": "the day it was made", "provider": "the provider", "model": "its model",
    "seed": "the take's seed, if it has one", "author": "who ordered it",
    "status": "what its review came to", "prompt": "the beginning of the prompt",
    "n": "a running number within the download",
}  # fmt: skip
DEFAULT = "{clip}, take {take}"
MOST_CHARACTERS = 120
# Disks take 255 bytes, some encrypted ones 143; a number may be added behind it.
MOST_BYTES = 130
SEPARATORS = '/\\:*?"<>|'
NAMELESS = "Untitled"
# Names of devices on Windows, also with an ending (Microsoft, “Naming Files, Paths, and Namespaces”).
RESERVED = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"} | {
    f"{device}{digit}" for device in ("COM", "LPT") for digit in "0123456789¹²³"
}
_WORD = re.compile(r"\{([^{}]*)\}")
# Controls, halves of letters and unassigned ones; marks that turn the direction of a text would let
# “gpj.exe” pass for a picture. Joiners are letters' own in Persian, Hindi and families of emoji.
_UNFIT = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = {"\u200c", "\u200d"}


@dataclass(frozen=True)
class Template:
    """A template that was read: it has no problem."""

    text: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError with one sentence that says what may stand there."""
        text = text.strip()
        if sentence := _problem(text):
            raise ValueError(sentence)
        return cls(text)

    def fill(self, values: Mapping[str, str], *, suffix: str = "") -> str:
        """A name that every disk takes; the longest of its words give way where it is too long."""
        given = {word: _tidy(values.get(word, "")) for word in _WORD.findall(self.text)}
        room = MOST_BYTES - _bytes(suffix)
        while (over := _bytes(stem := self._joined(given)) - room) > 0 and any(given.values()):
            longest = max(given, key=lambda word: _bytes(given[word]))
            given[longest] = _cut(given[longest], max(_bytes(given[longest]) - over, 0))
        return f"{_safe(_cut(stem, room))}{suffix}"

    def _joined(self, given: Mapping[str, str]) -> str:
        return _WORD.sub(lambda found: given[found[1]], self.text)


def _problem(text: str) -> str:
    unknown = [word for word in _WORD.findall(text) if word not in WORDS]
    unfit = [letter for letter in _WORD.sub("", text) if letter in SEPARATORS or _is_unfit(letter)]
    if unknown:
        return f"File names know no {{{short(unknown[0])}}}; the words are {_words()}."
    if len(text) > MOST_CHARACTERS:
        return f"File names may have at most {MOST_CHARACTERS} characters, not {len(text)}."
    if unfit:
        named = f"“{unfit[0]}”" if unfit[0].isprintable() else "a control character"
        return (
            f"File names can not contain {named}: disks take none of {' '.join(SEPARATORS)} there."
        )
    if re.search(r"[{}]", _WORD.sub("", text)):
        return "File names have a brace without its pair: each word stands in two, like {clip}."
    if not _WORD.search(text):
        return f"File names need at least one word in braces: {_words('or')}."
    return ""


def _words(last: str = "and") -> str:
    return listed([f"{{{word}}}" for word in WORDS], last)


def made_safe(text: str, *, suffix: str = "") -> str:
    """Any text as the name of a file."""
    return f"{_safe(_cut(_tidy(text), MOST_BYTES - _bytes(suffix)))}{suffix}"


class Names:
    """The names of one archive: each just once, also for disks that see no case or composition."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def add(self, name: str) -> str:
        """The name itself, or with a number before its ending where it is taken."""
        stem, dot, suffix = name.rpartition(".")
        stem, suffix = (stem, f"{dot}{suffix}") if stem else (name, "")
        numbered, number = name, self._next.get(_key(name), 1)
        while _key(numbered) in self._next:
            number += 1
            numbered = f"{stem} ({number}){suffix}"
        self._next[_key(name)] = number
        self._next.setdefault(_key(numbered), 1)
        return numbered


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _tidy(text: str) -> str:
    """One line of letters that any disk takes, composed as most disks keep them."""
    composed = unicodedata.normalize("NFC", text)
    plain = "".join(" " if one in SEPARATORS or _is_unfit(one) else one for one in composed)
    return " ".join(plain.split())


def _is_unfit(letter: str) -> bool:
    return unicodedata.category(letter) in _UNFIT and letter not in _JOINERS


def _safe(stem: str) -> str:
    """No hidden file, no option of a command, no device, no end that Windows takes away."""
    stem = " ".join(stem.split()).rstrip(" .").lstrip(" .-~") or NAMELESS
    is_device = stem.split(".")[0].strip().upper() in RESERVED
    return f"_{stem}" if is_device else stem


def _bytes(text: str) -> int:
    return len(text.encode(errors="replace"))


def _cut(text: str, most: int) -> str:
    """At most so many bytes, and no half of a letter."""
    return text.encode(errors="replace")[:most].decode(errors="ignore")
