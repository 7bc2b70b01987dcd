"""How rows are found among millions: by equality, each on an index of its own."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from studio.models import Team

MOST = 1000  # rows that one search finds, and that a list counts
BIGGEST = 2**63 - 1

# What a search looks up: a lookup, and what kind of text it is for.
Finds = Mapping[str, type]
# Columns whose index begins with the team: to name all teams lets the databases use it.
BEHIND_TEAM = {"number", "day", "date", "month"}


def found(rows: QuerySet[Any], finds: Finds, terms: str) -> QuerySet[Any]:
    """Those of the rows that each term finds by one of these lookups.

    Each lookup is a query of its own, as an OR of several makes databases read the whole table.
    """
    for term in terms.split():
        rows = rows.filter(pk__in=_keys(rows, finds, term))
    return rows


def _keys(rows: QuerySet[Any], finds: Finds, term: str) -> set[Any]:
    keys: set[Any] = set()
    for lookup, kind in finds.items():
        value = read(kind, term)
        if value is not None:
            matching = rows.model._default_manager.filter(**{lookup: value}, **behind_team(lookup))
            keys |= set(matching.order_by("-pk").values_list("pk", flat=True)[:MOST])
    return keys


def behind_team(lookup: str) -> dict[str, Any]:
    named = lookup.partition("__")[0] in BEHIND_TEAM
    return {"team__in": Team.objects.values("pk")} if named else {}


def read(kind: type, term: str) -> Any | None:
    """The term as a value of that kind, None if it is none."""
    try:
        return READERS[kind](term)
    except ValueError:
        return None


def _whole(term: str) -> int:
    if not term.isascii() or not term.isdecimal() or int(term[:20]) > BIGGEST:
        raise ValueError(term)
    return int(term)


def _text(term: str) -> str:
    """No database takes NUL."""
    if "\0" in term:
        raise ValueError(term)
    return term


READERS: dict[type, Callable[[str], Any]] = {int: _whole, str: _text, date: date.fromisoformat}
