"""Charges of ours that no line of a bill is about."""

from array import array
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from studio.core.bills.matching import Kind
from studio.models import Bill, BillLine, Job, LedgerEntry
from studio.pipeline.billing import rows
from studio.pipeline.billing.matcher import CHUNK, books_of
from studio.pipeline.billing.times import charges_of
from studio.pipeline.billing.turn import Turn

DAY = timedelta(days=1)


def add(turn: Turn) -> None:
    """A row for each charge within the bill's days that is on no bill of the provider, but for what
    was refunded meanwhile.

    A job that was begun before those days may be on the bill before: it is missed only where that
    one is here as well.
    """
    turn.be_silent()
    due = _due(turn.bill).order_by("job").values_list("job", flat=True)
    jobs = array("q", (job for job in due.iterator() if job))
    rows.insert(turn, _all(turn.bill, jobs))


def _all(bill: Bill, jobs: "array[int]") -> Iterator[BillLine]:
    for start in range(0, len(jobs), CHUNK):
        yield from _rows(bill, jobs[start : start + CHUNK])


def _due(bill: Bill) -> QuerySet[LedgerEntry]:
    assert bill.starts_on, "a bill has its days before its charges are looked for"
    assert bill.ends_on
    first = datetime.combine(bill.starts_on, time(), tzinfo=UTC)
    after = datetime.combine(bill.ends_on + DAY, time(), tzinfo=UTC)
    began = Coalesce(F("job__started_at"), F("job__created_at"))
    before = Bill.objects.read().filter(
        team=bill.team_id, provider=bill.provider, starts_on__lte=OuterRef("began__date"),
        ends_on__gte=OuterRef("began__date"),
    )  # fmt: skip
    ours = charges_of(bill).filter(team=bill.team_id, created_at__gte=first, created_at__lt=after)
    return ours.annotate(began=began).filter(Q(began__gte=first) | Exists(before))


def _rows(bill: Bill, jobs: Collection[int]) -> Iterator[BillLine]:
    """Worth what giving all of it back would bring."""
    charged = dict(Job.objects.filter(pk__in=jobs).values_list("pk", "charged"))
    for job, ours in books_of(jobs).items():
        if ours.native > ours.returned:
            left = ours.native - ours.returned
            yield BillLine(
                bill=bill, job_id=job, unit=ours.unit, expected=left, expected_unit=ours.unit,
                difference=Kind.MISSING, worth=-charged[job],
            )  # fmt: skip
