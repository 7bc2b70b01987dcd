"""Begin, change and raise limits, in step with everybody who spends.

All of it happens under the locks of the teams' books, which each hold and charge takes first: so a
job is counted by a limit from its first moment, and once.
"""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from django.db.models import F, QuerySet, Sum

from studio.ledger import books
from studio.ledger.caps import period_of
from studio.models import Cap, CapHold, CapPeriod, EntryKind, LedgerEntry, Team
from studio.models.caps import first_day

AT_ONCE = 1000


def lock(cap: Cap) -> None:
    """Nobody of the teams that it counts spends anything until the transaction ends."""
    for team in _teams(cap):
        books.locked(team)


def _teams(cap: Cap) -> list[Team]:
    """Always in one order; a limit of the studio is for all of them."""
    if cap.team:
        return [cap.team]
    return list(Team.objects.order_by("pk"))


def begin(cap: Cap) -> list[CapPeriod]:
    """Count what was held since its present period began, whatever became of it. It is locked.

    One of the studio may be in two periods at once, where teams have different days.
    """
    starts = sorted({first_day(cap.every, books.today_of(team)) for team in _teams(cap)})
    ends = [*starts[1:], None]
    return [_counted(cap, start, end) for start, end in zip(starts, ends, strict=True)]


def _counted(cap: Cap, start: date, end: date | None) -> CapPeriod:
    period = period_of(cap, start)
    known = CapHold.objects.filter(period__cap=cap).values("job")
    for some in _chunks(_held(cap, start, end).exclude(job__in=known)):
        CapHold.objects.bulk_create(
            CapHold(period=period, job_id=job, amount=amount) for job, amount in some
        )
    used = CapHold.objects.filter(period=period).aggregate(used=Sum("amount", default=0))["used"]
    CapPeriod.objects.filter(pk=period.pk).update(used=used)
    period.used = used
    return period


def _held(cap: Cap, start: date, end: date | None) -> "QuerySet[LedgerEntry, tuple[int, int]]":
    """(job, micro-credits that it holds or was charged) for what was ordered from `start` on, and
    before `end`.
    """
    fits = {
        "team": cap.team_id, "job__clip__project": cap.project_id, "job__author": cap.member_id,
        "job__provider": cap.provider, "day__lt": end,
    }  # fmt: skip
    holds = LedgerEntry.objects.filter(kind=EntryKind.HOLD, day__gte=start, held__gt=0)
    holds = holds.filter(**{name: value for name, value in fits.items() if value})
    moved = LedgerEntry.objects.filter(job__in=holds.values("job")).order_by()
    summed: QuerySet[LedgerEntry, tuple[int, int]] = (
        moved.values("job").annotate(used=Sum(F("held") + F("spent"))).values_list("job", "used")
    )
    return summed


def _chunks(rows: "QuerySet[LedgerEntry, tuple[int, int]]") -> Iterator[list[tuple[int, int]]]:
    found = rows.iterator(chunk_size=AT_ONCE)
    while some := list(islice(found, AT_ONCE)):
        yield some


def follow(cap: Cap) -> list[CapPeriod]:
    """Let its present period have the amount that the limit has now. It is locked."""
    start = min(first_day(cap.every, books.today_of(team)) for team in _teams(cap))
    periods = CapPeriod.objects.filter(cap=cap, starts_on__gte=start)
    periods.update(limit=F("extra") + cap.amount)
    _may_be_told_again(periods)
    return list(periods)


def add(cap: Cap, amount: int, day: date) -> CapPeriod:
    """Add micro-credits to the period that this day is in. It is locked."""
    period = period_of(cap, day)
    rows = CapPeriod.objects.filter(pk=period.pk)
    rows.update(extra=F("extra") + amount, limit=F("limit") + amount)
    _may_be_told_again(rows)
    return period


def _may_be_told_again(periods: QuerySet[CapPeriod]) -> None:
    """Whoever is below a threshold again hears of it when it is passed the next time."""
    periods.filter(used__lt=F("limit")).update(reached_at=None)
    below = {"warned_at": None, "reached_at": None}
    periods.filter(used__lt=F("limit") * F("cap__warn_at") / 100).update(**below)
