"""The totals of days, made anew from the ledger wherever something of a day changed."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction

from studio.ledger import days
from studio.ledger.totals.making import write
from studio.models import DailyTime, DailyTotal, Day, LedgerEntry, Team

MOST_AT_ONCE = 50  # days of which a worker makes totals before it does something else


def refresh(team: Team, since: date, until: date) -> None:
    """Let the totals of these days, both included, be what the ledger says now."""
    stale = Day.objects.filter(team=team, date__gte=since, date__lte=until, stale=True)
    for pk in list(stale.order_by("date").values_list("pk", flat=True)):
        _remake(pk)


def catch_up() -> int:
    """Make totals before anybody asks for them, the latest days first; say how many days' it were."""
    stale = Day.objects.filter(stale=True).order_by("-date", "team")
    return sum(_remake(pk) for pk in list(stale.values_list("pk", flat=True)[:MOST_AT_ONCE]))


def rebuild(team: Team) -> Iterator[date]:
    """Make the totals of all days anew; yields each when it is done.

    Where this is cut off, the days that are left are stale, so that whoever needs them goes on.
    """
    booked = LedgerEntry.objects.filter(team=team).order_by("day")
    days.changed(team.pk, booked.values_list("day", flat=True).distinct())
    mine = Day.objects.filter(team=team)
    mine.update(stale=True)
    for model in (DailyTotal, DailyTime):
        model.objects.filter(team=team).exclude(day__in=mine.values("date")).delete()
    for pk, day in list(mine.order_by("date").values_list("pk", "date")):
        _remake(pk)
        yield day


@transaction.atomic
def _remake(pk: int) -> bool:
    """False where somebody else has done it meanwhile.

    Whoever changes anything of a day marks it before they commit. While its row is locked they wait
    with that, and mark it after this; or they were first, and all that they did is seen here.
    """
    stale = Day.objects.select_for_update(no_key=True).filter(pk=pk, stale=True)
    day = stale.first()
    if day is None:
        return False
    write(day)
    Day.objects.filter(pk=pk).update(stale=False)
    return True
