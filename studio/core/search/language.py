"""Reads what was typed into the search box, explains what can not be read, and writes it back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from studio.core.errors import InvalidSearch, Problem
from studio.core.fulltext import tokens
from studio.core.search.fields import FIELDS, MEANT, Field, Value
from studio.core.search.values import Span
from studio.core.words import short

LONGEST = 500
MOST_TERMS = 20

_PIECE = re.compile(
    r'(?P<minus>-?)(?:(?P<field>[^\W\d_][\w-]*):)?(?:"(?P<quoted>[^"]*)(?P<end>"?)|(?P<bare>[^\s"]*))'
)
_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans("“”„‟«»\0", '""""""\N{SPACE}')  # as keyboards and word processors put them


@dataclass(frozen=True, kw_only=True)
class Term:
    """One thing asked for; all of them must be true of a clip.

    Without a field the value is words that stand anywhere; `exact` are those in quotes: these very
    words, one after the other.
    """

    value: Value
    field: str = ""
    negated: bool = False
    exact: bool = False

    def __str__(self) -> str:
        text = str(self.value)
        if self.exact or _SPACE.search(text):
            text = f'"{text}"'
        return f"{'-' * self.negated}{self.field}{':' * bool(self.field)}{text}"

    @property
    def words(self) -> str:
        """The value as a chip says it."""
        if isinstance(self.value, Span):
            return self.value.words
        return f"“{self.value}”" if self.exact else self.value


@dataclass(frozen=True)
class Query:
    """Terms in the order in which they were typed."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))

    def __bool__(self) -> bool:
        return bool(self.terms)

    def without(self, term: Term) -> "Query":
        return Query(tuple(one for one in self.terms if one != term))

    def toggled(self, term: Term) -> "Query":
        """Without the term if it is there, else with it in the place of others of one choice.

        No clip has two states, so that one replaces the other.
        """
        if term in self.terms:
            return self.without(term)
        rest = [one for one in self.terms if (one.field, term.field) != ("status", "status")]
        return Query((*rest, term))

    @property
    def is_personal(self) -> bool:
        """Whether it finds something else for everybody who asks."""
        return any((term.field, term.value) in PERSONAL for term in self.terms)


PERSONAL = {("by", "me"), ("is", "mine"), ("is", "favorite"), ("needs", "me")}
NOTHING = Query()


def named(field: str, name: str) -> Term:
    """The term for a row by its name, such as a board."""
    return Term(field=field, value=plain(name))


def plain(name: str) -> str:
    """A name as a search can say it: the quotes that stand around it can not stand in it."""
    return _SPACE.sub(" ", name.translate(_QUOTES).replace('"', "")).strip()


def read(text: str) -> Query:
    """What was typed. Raises InvalidSearch with a sentence for each thing that is wrong."""
    plain = text.encode(errors="replace").decode().translate(_QUOTES)
    if len(plain) > LONGEST:
        raise InvalidSearch([Problem("q", f"A search has at most {LONGEST} characters.")])
    problems: list[Problem] = []
    terms: dict[Term, None] = {}
    for piece in _pieces(plain.strip()):
        made = _term(piece)
        if isinstance(made, Problem):
            problems.append(made)
        else:
            terms[made] = None
    if len(terms) > MOST_TERMS:
        problems.append(Problem("q", f"A search has at most {MOST_TERMS} words and filters."))
    if problems:
        raise InvalidSearch(problems)
    return Query(tuple(terms))


def _pieces(text: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(text):
        found = _PIECE.match(text, place)
        assert found, "a piece may be empty"
        if found.end() > place:
            yield found
        space = _SPACE.match(text, found.end())
        place = space.end() if space else found.end()


def _term(piece: re.Match[str]) -> Term | Problem:
    name = piece["field"] or ""
    if piece["quoted"] is not None and not piece["end"]:
        said = short(piece[0])
        return Problem(name, f'A quote is not closed in {said}: put " at its end, or leave it out.')
    value = _SPACE.sub(" ", piece["bare"] if piece["quoted"] is None else piece["quoted"]).strip()
    if not name:
        return _words(piece, value)
    known = FIELDS.get(name.casefold())
    return _valued(name.casefold(), known, piece, value) if known else _unknown(name, piece[0])


def _words(piece: re.Match[str], value: str) -> Term | Problem:
    if not tokens(value):
        sentence = f"“{short(piece[0])}” has no letter or digit to look for; leave it out."
        return Problem("", sentence)
    return Term(value=value, negated=bool(piece["minus"]), exact=piece["quoted"] is not None)


def _valued(name: str, known: Field, piece: re.Match[str], value: str) -> Term | Problem:
    if not value or (known.has_letters and not tokens(value)):
        said = f"not “{short(value)}”" if value else "and has none here"
        return Problem(name, f"{name} takes {known.takes}, {said}.")
    try:
        said_by = known.read(value)
    except ValueError:
        near = get_close_matches(value.casefold(), known.choices, n=1)
        meant = f" Did you mean {name}:{known.choices[near[0]]}?" if near else ""
        return Problem(name, f"{name} takes {known.takes}, not “{short(value)}”.{meant}")
    exact = known.exact and piece["quoted"] is not None
    return Term(field=name, value=said_by, negated=bool(piece["minus"]), exact=exact)


def _unknown(name: str, whole: str) -> Problem:
    word = name.casefold()
    near = [MEANT[word]] if word in MEANT else get_close_matches(word, FIELDS, n=1)
    meant = f" Did you mean {near[0]}:?" if near else ""
    there = ", ".join(FIELDS)
    sentence = (
        f"There is no field “{short(name)}”.{meant} Fields are {there}; "
        "words with a colon go into quotes."
    )
    return Problem(name, sentence)
