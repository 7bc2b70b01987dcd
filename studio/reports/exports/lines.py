"""Ledger entries one after the other, each with all that a file tells of it, in constant memory.

Entries are only ever added. So those that are there when a file is begun are known by their last
number, and are read some at a time: what is booked meanwhile is not in the file, and neither a
transaction nor a cursor waits for a slow download.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from studio import ledger
from studio.ledger.kept_names import person
from studio.models import LedgerEntry, Team
from studio.reports.entries import EntryFilter
from studio.reports.exports.names import Names

AT_ONCE = 2000  # entries in memory


class Line(NamedTuple):
    """One entry. Amounts are as in LedgerEntry; what has no job or person is None or ""."""

    number: int
    digest: bytes
    day: date
    at: datetime
    kind: str
    granted: int
    available: int
    held: int
    spent: int
    native: int
    unit: str
    unit_price: int
    credit_price: int
    cause: str
    corrects: int | None
    corrected_day: date | None
    job: int | None
    clip: int | None
    title: str | None
    project: int | None
    project_name: str | None
    author: int | None
    author_name: str | None
    actor: int | None
    actor_name: str | None
    provider: str | None
    model: str | None
    quoted: int | None
    per: str | None
    price_from: datetime | None
    conditions: dict[str, Any] | None
    duration: float | None
    takes: int | None
    key: int
    team: int
    provider_label: str = ""
    team_name: str = ""
    time_zone: str = ""


# Where each value that is not the entry's own is found from there.
PATHS: dict[str, Any] = {
    "at": F("created_at"),
    "corrects": F("corrects__number"),
    "corrected_day": F("corrects__day"),
    "job": F("job_id"),
    "clip": F("job__clip_id"),
    "title": F("job__clip__title"),
    "project": F("job__clip__project_id"),
    "project_name": F("job__clip__project__name"),
    "author": F("job__author_id"),
    "author_name": person("job__author"),
    "actor": F("actor_id"),
    "actor_name": person("actor"),
    "provider": F("job__provider"),
    "model": F("job__model"),
    "quoted": F("job__quoted"),
    "per": F("job__price__per"),
    "price_from": F("job__price__valid_from"),
    "conditions": F("job__price__conditions"),
    "duration": F("job__stored_order__settings__duration"),
    "takes": F("job__stored_order__settings__count"),
    "key": F("pk"),
    "team": F("team_id"),
}
OURS = ("provider_label", "team_name", "time_zone")  # what `Names` says
# An annotation may not be called as a field is.
VALUES = tuple(
    f"its_{name}" if name in PATHS else name for name in Line._fields if name not in OURS
)


def lines(team: Team, wanted: EntryFilter) -> Iterator[Line]:
    """Those that there are now, oldest first."""
    last = ledger.team_budget(team).entries
    return _until(team, wanted, last)


def _until(team: Team, wanted: EntryFilter, last: int) -> Iterator[Line]:
    names = Names(team)
    rows = wanted.of(team, as_they_come=True).filter(number__lte=last).order_by("day", "pk")
    rows = rows.annotate(**{f"its_{name}": path for name, path in PATHS.items()})
    some = _some(rows)
    while some:
        yield from names.told(some)
        some = _some(rows.filter(_behind(some[-1])))


def _behind(line: Line) -> Q:
    """What comes after it; the first condition is the one that an index is entered by."""
    return Q(day__gte=line.day) & (Q(day__gt=line.day) | Q(pk__gt=line.key))


def _some(rows: QuerySet[LedgerEntry]) -> list[Line]:
    return [Line(*row) for row in rows.values_list(*VALUES)[:AT_ONCE]]
