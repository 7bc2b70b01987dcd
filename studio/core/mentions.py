"""People named in a text: “@Ana Ruiz”, or “@Ana” where nobody else of the team is called so."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of a text; `person` is whom it names, None for plain words."""

    text: str
    person: int | None = None


def handles(people: Mapping[int, str]) -> dict[int, str]:
    """What is put behind the @ for each person: the first name, if it tells who is meant."""
    firsts = Counter(_first(name).lower() for name in people.values())
    whole = {name.lower() for name in people.values()}
    return {
        person: name if firsts[_first(name).lower()] > 1 or _is_other(name, whole) else _first(name)
        for person, name in people.items()
    }  # fmt: skip


def _is_other(name: str, whole: set[str]) -> bool:
    """Whether somebody's whole name is the first name of this person."""
    first = _first(name).lower()
    return first in whole and first != name.lower()


def _first(name: str) -> str:
    return name.split()[0] if name.split() else name


def pieces(text: str, people: Mapping[int, str]) -> list[Piece]:
    """The text in order, cut where it names one of these people; the longest name counts."""
    named = _named(people)
    found: list[Piece] = []
    start = at = 0
    while (at := text.find("@", at)) >= 0:
        hit = _name_at(text, at, named)
        if hit is None:
            at += 1
            continue
        if at > start:
            found.append(Piece(text=text[start:at]))
        end = at + 1 + len(hit)
        found.append(Piece(text=text[at:end], person=named[hit]))
        start = at = end
    return [*found, Piece(text=text[start:])] if start < len(text) else found


def found_in(text: str, people: Mapping[int, str]) -> list[int]:
    """Whom the text names, each once."""
    return list(
        dict.fromkeys(piece.person for piece in pieces(text, people) if piece.person is not None)
    )


def _named(people: Mapping[int, str]) -> dict[str, int]:
    """Every way to name somebody, in small letters, longest first."""
    short = {handle.lower(): person for person, handle in handles(people).items()}
    full = Counter(name.lower() for name in people.values())
    clear = {name.lower(): person for person, name in people.items() if full[name.lower()] == 1}
    return dict(sorted({**short, **clear}.items(), key=lambda pair: -len(pair[0])))


def _name_at(text: str, at: int, named: Iterable[str]) -> str | None:
    """The name that stands behind this @; no part of an address or of a longer word."""
    if at and (text[at - 1].isalnum() or text[at - 1] == "@"):
        return None
    for name in named:
        end = at + 1 + len(name)
        rest = text[end : end + 1]
        if text[at + 1 : end].lower() == name and not (rest.isalnum() or rest == "_"):
            return name
    return None
