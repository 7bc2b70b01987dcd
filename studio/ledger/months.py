"""Closing a month: its sums and names are frozen, and what is found out later is booked in the next."""

import calendar
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from studio.core.errors import StudioError
from studio.ledger import kept_names
from studio.ledger.books import locked, today_of
from studio.models import Budget, ClosedMonth, LedgerEntry, Member, Team


def last_day(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def close(team: Team, month: date, *, actor: Member | None) -> ClosedMonth:
    """Close the month that begins on that day. Raises StudioError unless it is the next one to be
    closed and over.
    """
    with transaction.atomic():
        budget = locked(team)
        _require_next(budget, month)
        row = ClosedMonth(
            team=team, month=month, closed_by=actor, team_name=team.name, time_zone=team.time_zone,
            **sums(team, month),
        )  # fmt: skip
        row.save()
        kept_names.keep(row, entries_of(team, month))
        Budget.objects.filter(pk=budget.pk).update(closed_until=last_day(month))
    return row


def sums(team: Team, month: date) -> dict[str, int]:
    """What the entries of the month add up to, in micro-credits, and how many they are."""
    found = entries_of(team, month).aggregate(
        granted=Sum("granted", default=0), held=Sum("held", default=0),
        spent=Sum("spent", default=0), entries=Count("pk"),
    )  # fmt: skip
    return dict(found)


def entries_of(team: Team, month: date) -> QuerySet[LedgerEntry]:
    entries: QuerySet[LedgerEntry] = LedgerEntry.objects.filter(
        team=team, day__gte=month, day__lte=last_day(month)
    )
    return entries


def next_to_close(team: Team, budget: Budget) -> date | None:
    """The first day of the earliest month that has entries and is not closed; None of no entries."""
    if budget.closed_until:
        return budget.closed_until + timedelta(days=1)
    first = LedgerEntry.objects.filter(team=team).order_by("day", "pk").first()
    return first.day.replace(day=1) if first else None


def is_over(team: Team, month: date) -> bool:
    """Whether the team's clocks show a later month."""
    return last_day(month) < today_of(team)


def _require_next(budget: Budget, month: date) -> None:
    expected = next_to_close(budget.team, budget)
    if month.day != 1 or month != expected:
        wanted = f"{expected:%B %Y}" if expected else "none, as nothing is booked"
        raise StudioError(f"The next month to close is {wanted}.")
    if not is_over(budget.team, month):
        raise StudioError(f"{month:%B %Y} is not over yet.")
