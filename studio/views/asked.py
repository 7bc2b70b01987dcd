"""What the address of a wall asks for, and the addresses of walls that ask for a little else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode, urlsplit

from django.http import QueryDict
from django.urls import reverse

from studio.core.errors import InvalidSearch, Problem
from studio.core.search import LONGEST, NOTHING, Query, Term, read
from studio.reports.sorting import NEWEST, SORTS, Sort
from studio.views import hx

# The menu of filters: heading → what each is called, and the term that it is.
FILTERS = (
    ("Decision", (
        ("Needs review", "status:review"), ("Approved", "status:approved"),
        ("Needs changes", "status:changes"), ("Rejected", "status:rejected"),
    )),
    ("State", (("In progress", "status:progress"), ("Failed", "status:failed"))),
    ("You", (
        ("Waits for your decision", "needs:me"), ("Made by you", "is:mine"),
        ("Favorites", "is:favorite"),
    )),
    ("With", (
        ("Notes", "has:note"), ("Drawings", "has:drawing"), ("4 stars or more", "rating:>=4"),
        ("Only rehearsed", "is:rehearsal"),
    )),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A term that can be taken away: that leads to `address`."""

    term: Term
    address: str

    @property
    def name(self) -> str:
        return f"{'not ' if self.term.negated else ''}{self.term.field}".strip()


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A line of a menu."""

    label: str
    address: str
    is_chosen: bool
    icon: str = "check"


@dataclass(frozen=True)
class Asked:
    """`text` as it was typed, `query` what it means: nothing, where there are `problems`."""

    text: str = ""
    sort: str = NEWEST
    query: Query = NOTHING
    problems: tuple[Problem, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the wall shows everything, newest first."""
        return not (self.text or self.sort != NEWEST)

    @property
    def is_trash(self) -> bool:
        return any((term.field, term.negated) == ("in", False) for term in self.query.terms)

    @property
    def view(self) -> str:
        """How it is followed; see cards.VIEWS."""
        return "trash" if self.is_trash else "wall"

    @property
    def by(self) -> Sort:
        return SORTS[self.sort]

    @property
    def address(self) -> str:
        return address_of(self.query, self.sort)

    @property
    def parameters(self) -> str:
        """Of its address, for addresses that answer about the same wall."""
        return self.address.partition("?")[2]

    def at(self, **place: str | int) -> str:
        """The same wall, at another place."""
        return f"{self.address}{'&' if self.parameters else '?'}{urlencode(place)}"

    def without(self, term: Term) -> str:
        return address_of(self.query.without(term), self.sort)

    @cached_property
    def chips(self) -> list[Chip]:
        return [Chip(term=term, address=self.without(term)) for term in self.query.terms]

    @property
    def sorts(self) -> list[Choice]:
        return [
            Choice(
                label=sort.label, icon=sort.icon, is_chosen=name == self.sort,
                address=address_of(self.query, name),
            )
            for name, sort in SORTS.items()
        ]  # fmt: skip

    @property
    def filters(self) -> Iterator[tuple[str, list[Choice]]]:
        for heading, lines in FILTERS:
            yield heading, [self._choice(label, typed) for label, typed in lines]

    def _choice(self, label: str, typed: str) -> Choice:
        (term,) = read(typed).terms
        address = address_of(self.query.toggled(term), self.sort)
        return Choice(label=label, address=address, is_chosen=term in self.query.terms)


PLAIN = Asked()


def address_of(query: Query | str, sort: str = NEWEST) -> str:
    parameters = {"q": str(query)} if query else {}
    if sort != NEWEST:
        parameters["sort"] = sort
    return reverse("wall") + (f"?{urlencode(parameters)}" if parameters else "")


def asked_in(request: hx.MemberRequest) -> Asked:
    return asked_by(parameters_in(request))


def asked_from(request: hx.MemberRequest) -> Asked:
    """What the wall shows from which htmx sends this; everything, where it does not say."""
    return asked_by(QueryDict(urlsplit(request.htmx.current_url or "").query))


def parameters_in(request: hx.MemberRequest) -> Mapping[str, str]:
    """Of the wall's own address; a page over the wall has others, and leaves all of it there."""
    match = request.resolver_match
    return request.GET if match and match.url_name == "wall" else {}


def asked_by(parameters: Mapping[str, str]) -> Asked:
    """An unknown sort is the usual one."""
    if not parameters:
        return PLAIN
    text = parameters.get("q", "")[: 2 * LONGEST].strip()
    sort = parameters.get("sort", "")
    sort = sort if sort in SORTS else NEWEST
    try:
        return Asked(text, sort, read(text))
    except InvalidSearch as error:
        return Asked(text, sort, problems=error.problems)
