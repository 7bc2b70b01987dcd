"""Closed months: each is what its entries add up to, and nothing was booked in it afterwards."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Min

from studio.core.money import words
from studio.ledger.months import entries_of, last_day, sums
from studio.models import Budget, ClosedMonth, LedgerEntry


def wrong_months() -> Iterator[str]:
    yield from _wrong_sums()
    yield from _booked_too_late()
    yield from _wrong_order()


def _wrong_sums() -> Iterator[str]:
    for row in ClosedMonth.objects.select_related("team").order_by("team", "month").iterator():
        for name, is_true in sums(row.team, row.month).items():
            told = getattr(row, name)
            if told != is_true:
                yield (
                    f"{row} of team {row.team_id} was closed with {name} {_said(name, told)}, "
                    f"its entries make {_said(name, is_true)}."
                )


def _said(name: str, value: int) -> str:
    return f"{value:,}" if name == "entries" else words(value)


def _booked_too_late() -> Iterator[str]:
    """Entries that came into a month when it was closed, or that are older than every closed one."""
    for row in ClosedMonth.objects.select_related("team").order_by("team", "month").iterator():
        late = entries_of(row.team, row.month).filter(created_at__gt=row.closed_at).order_by("pk")
        for pk, day in late.values_list("pk", "day").iterator():
            yield f"Entry {pk} is booked on {day}, in a month that was closed before."
    firsts = ClosedMonth.objects.order_by("team").values_list("team").annotate(first=Min("month"))
    for team, first in firsts.iterator():
        early = LedgerEntry.objects.filter(team=team, day__lt=first).order_by("pk")
        for pk, day in early.values_list("pk", "day").iterator():
            yield f"Entry {pk} is booked on {day}, before the first month that was closed."


def _wrong_order() -> Iterator[str]:
    """Months are closed one after the other, and the budget knows the last day of the last."""
    until: dict[int, date] = {}
    for row in ClosedMonth.objects.order_by("team", "month").iterator():
        before = until.get(row.team_id)
        if before and row.month != before + timedelta(days=1):
            yield f"{row} of team {row.team_id} is closed, the month before it is not."
        until[row.team_id] = last_day(row.month)
    for budget in Budget.objects.order_by("team").iterator():
        if budget.closed_until != until.get(budget.team_id):
            yield (
                f"Budget of team {budget.team_id} is closed until {budget.closed_until}, "
                f"by its closed months until {until.get(budget.team_id)}."
            )
