"""What lists of raw rows can be narrowed to without reading all of them."""

from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from studio.admin.finding import behind_team
from studio.models import EntryKind, LedgerEntry, Team

MOST_TEAMS = 100
DAYS = {"1": "Today", "7": "7 days", "31": "31 days", "92": "92 days", "366": "366 days"}
KIND_DAYS = "31"
Choices = list[tuple[str, str]]
Filters = tuple[type[admin.SimpleListFilter], ...]


class ByTeam(admin.SimpleListFilter):
    """The first hundred teams by name; others by `?team=` and their key."""

    title = "team"
    parameter_name = "team"

    def lookups(self, _request: HttpRequest, _rows: Any) -> Choices:
        teams = Team.objects.order_by("name", "pk")[:MOST_TEAMS]
        return [(str(team.pk), team.name) for team in teams]

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        team = self.value()
        if team is None:
            return rows
        return rows.filter(team=team) if team.isdecimal() and len(team) < 19 else rows.none()


class ByDay(admin.SimpleListFilter):
    """The last so many days, in UTC; a single day is found by searching for it: 2026-12-01."""

    title = "day"
    parameter_name = "days"
    column = "day"
    longest = 31  # the rows of these days are sorted

    def lookups(self, _request: HttpRequest, _rows: Any) -> Choices:
        return [(days, said) for days, said in DAYS.items() if int(days) <= self.longest]

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return self.since(rows, self.value()) if self.value() else rows

    def since(self, rows: QuerySet[Any], days: str | None) -> QuerySet[Any]:
        first = first_day(days)
        if first is None or int(days or 0) > self.longest:
            return rows.none()
        return rows.filter(**{f"{self.column}__gte": first}, **behind_team(self.column))


class ByDate(ByDay):
    column = "date"


class ByBookedDay(ByDay):
    """Entries are booked on the day on which they are written, or later where that is closed: so
    those of the last days are the last entries, from a key on that each team's index tells.
    """

    longest = 366

    def since(self, rows: QuerySet[Any], days: str | None) -> QuerySet[Any]:
        return last_entries(rows, days)


def last_entries(rows: QuerySet[Any], days: str | None) -> QuerySet[Any]:
    first = first_day(days)
    key = None if first is None else _first_key(first)
    return rows.none() if key is None else rows.filter(pk__gte=key, day__gte=first)


def _first_key(day: date) -> int | None:
    """The lowest key of any team's first entry of that day or of one after it."""
    of_team = LedgerEntry.objects.filter(team=OuterRef("pk"), day__gte=day)
    first = Subquery(of_team.order_by("day", "pk").values("pk")[:1])
    key: int | None = Team.objects.aggregate(key=Min(first))["key"]
    return key


class ByKind(admin.SimpleListFilter):
    """Kinds have no index of their own: they are looked for in the chosen days, or in the last 31."""

    title = f"kind (of the chosen days, or the last {KIND_DAYS})"
    parameter_name = "kind"

    def lookups(self, _request: HttpRequest, _rows: Any) -> Choices:
        return [(str(kind.value), str(kind.label)) for kind in EntryKind]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return rows
        chosen = ByDay.parameter_name in request.GET
        recent = rows if chosen else last_entries(rows, KIND_DAYS)
        return recent.filter(kind=self.value())


def first_day(days: str | None) -> date | None:
    """The first of the last so many days; None for days that are not to be chosen."""
    if days not in DAYS:
        return None
    return timezone.now().date() - timedelta(days=int(days) - 1)
