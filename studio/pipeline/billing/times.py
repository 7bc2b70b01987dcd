"""Lines without a name that we know: matched to a charge by time and amount, where there is no doubt."""

import heapq
from array import array
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from operator import attrgetter

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from studio.core.bills.lines import Line
from studio.core.bills.matching import WINDOW, Event, Found, pairs
from studio.models import (
    Attempt,
    Bill,
    BillLine,
    Difference,
    EntryKind,
    Job,
    LedgerEntry,
    MatchedBy,
)
from studio.pipeline.billing import rows
from studio.pipeline.billing.matcher import CHUNK, Matcher, books_of, hide
from studio.pipeline.billing.turn import Turn

DAY = timedelta(days=1)
FILLED = [
    "job", "matched_by", "difference", "expected", "expected_unit", "worth", "reference",
    "remote_id", "at",
]  # fmt: skip


def match(turn: Turn, matcher: Matcher) -> None:
    """A line that has a name of its own is only about a charge whose job never got one.

    Amounts are compared as the provider counts them; what is priced in our own credits needs a
    reference or an id.
    """
    bill = turn.bill
    unknown = bill.lines.filter(difference=Difference.EXTRA, reference="").exclude(at=None)
    charges = charges_of(bill)
    named = Attempt.objects.filter(job=OuterRef("job")).exclude(remote_id="")
    for lines, candidates in (
        (unknown.filter(remote_id=""), charges),
        (unknown.exclude(remote_id=""), charges.exclude(Exists(named))),
    ):
        turn.be_silent()
        found = array("q", chain.from_iterable(_pairs(lines, candidates, matcher)))
        for start in range(0, len(found), 2 * CHUNK):
            part = found[start : start + 2 * CHUNK]
            _keep(turn, matcher, dict(zip(part[::2], part[1::2], strict=True)))


def charges_of(bill: Bill) -> QuerySet[LedgerEntry]:
    """Of every team that has jobs at the provider, around the days of the bill, on no bill yet."""
    assert bill.starts_on, "a bill has its days before its charges are looked for"
    assert bill.ends_on
    billed = BillLine.objects.filter(job=OuterRef("job"), bill__provider=bill.provider)
    return LedgerEntry.objects.filter(
        kind=EntryKind.CHARGE, job__provider=bill.provider,
        day__gte=bill.starts_on - 2 * DAY, day__lte=bill.ends_on + 2 * DAY,
    ).exclude(Exists(billed.filter(Q(bill=bill.pk) | Q(bill__read_at__isnull=False))))  # fmt: skip


def _pairs(
    lines: QuerySet[BillLine], charges: QuerySet[LedgerEntry], matcher: Matcher
) -> Iterator[tuple[int, int]]:  # fmt: skip
    """(line, job), one unit after the other: databases put texts into orders of their own."""
    for unit in list(lines.order_by().values_list("unit", flat=True).distinct()):
        streams = (
            _of_lines(lines.filter(unit=unit)),
            _of_charges(charges.filter(unit=unit), matcher),
        )
        yield from pairs(heapq.merge(*streams, key=attrgetter("alike", "begin")))


def _of_lines(lines: QuerySet[BillLine]) -> Iterator[Event]:
    rows = lines.order_by("native", "at").values_list("pk", "native", "at")
    for pk, native, at in rows.iterator():
        if at:
            yield Event(alike=native, begin=at, end=at, key=pk, is_line=True)


def _of_charges(charges: QuerySet[LedgerEntry], matcher: Matcher) -> Iterator[Event]:
    began = Coalesce(F("job__started_at"), F("job__created_at"))
    rows = charges.annotate(began=began).order_by("native", "began")
    values = rows.values_list("job", "native", "began", "created_at")
    for job, native, begin, end in values.iterator():
        if job and not matcher.seen.has(job, credit=False):
            yield Event(
                alike=native, begin=begin - WINDOW, end=max(begin, end) + WINDOW, key=job,
                is_line=False,
            )  # fmt: skip


def _keep(turn: Turn, matcher: Matcher, found: dict[int, int]) -> None:
    """Fill the lines with the jobs that they are about."""
    ours, lines = books_of(found.values()), list(turn.bill.lines.filter(pk__in=found))
    teams = dict(Job.objects.filter(pk__in=found.values()).values_list("pk", "team"))
    for row in lines:
        job = found[row.pk]
        matcher.seen.add(job, credit=False)
        if teams[job] == turn.bill.team_id:
            _fill(row, job, matcher.compared(_line(row), ours[job]))
        else:
            hide(row)
    rows.update(turn, lines, FILLED)


def _line(row: BillLine) -> Line:
    return Line(
        row=row.row or 0, reference="", remote_id=row.remote_id, at=row.at, native=row.native,
        unit=row.unit,
    )  # fmt: skip


def _fill(row: BillLine, job: int, found: Found) -> None:
    row.job_id, row.matched_by, row.difference = job, MatchedBy.TIME, found.kind
    row.expected, row.expected_unit, row.worth = found.expected, found.expected_unit, found.worth
