"""Bills as pages show them: the list, the differences of one by kind, and its lines page by page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum

from studio.core.cells import safe
from studio.core.money import decimal
from studio.models import Bill, BillLine, Difference, Team

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class BillRow:
    """A bill with how many differences were found, and how many of them nobody has settled."""

    bill: Bill
    found: int
    open: int


@dataclass(frozen=True, kw_only=True)
class BillsPage:
    """Bills, newest first; `before` is the key of the next page, None at the end."""

    rows: list[BillRow]
    before: int | None


def bills_page(team: Team, *, before: int | None = None) -> BillsPage:
    """Two queries."""
    bills = (
        Bill.objects.kept().filter(team=team).select_related("uploaded_by__user").order_by("-pk")
    )
    if before is not None:
        bills = bills.filter(pk__lt=before)
    found = list(bills[: PAGE + 1])
    counts = _counts(found[:PAGE])
    rows = [BillRow(bill=bill, **counts.get(bill.pk, NONE)) for bill in found[:PAGE]]
    return BillsPage(rows=rows, before=found[PAGE - 1].pk if len(found) > PAGE else None)


NONE = {"found": 0, "open": 0}


def _counts(bills: Iterable[Bill]) -> dict[int, dict[str, int]]:
    differing = BillLine.objects.shown().filter(bill__in=list(bills), difference__gt="").order_by()
    counted = differing.values("bill").annotate(
        found=Count("pk"), open=Count("pk", filter=Q(settled_at=None))
    )
    return {row["bill"]: {"found": row["found"], "open": row["open"]} for row in counted}


@dataclass(frozen=True, kw_only=True)
class Group:
    """Differences of one kind; `worth` is in micro-credits, of the open ones."""

    kind: Difference
    found: int = 0
    open: int = 0
    worth: int = 0

    @property
    def said(self) -> str:
        return SAID[self.kind]


# What each kind means, and what there is to do.
SAID = {
    Difference.AMOUNT: "The provider billed another amount than we charged. Book the difference as a correction.",
    Difference.MISSING: "We charged the team, and no line of the bill is about it. Refund it, or leave it with a note.",
    Difference.EXTRA: "A line about no job of ours. Ask the provider, and note what they said.",
    Difference.DUPLICATE: "A second line about a job that was billed before. Ask the provider for a refund.",
    Difference.CURRENCY: "The line is in another currency than our charge.",
}  # fmt: skip


def groups(bill: Bill) -> list[Group]:
    """Each kind that there is, in the order of SAID; one query."""
    is_open = Q(settled_at=None)
    counted = (
        bill.lines.shown().filter(difference__gt="").order_by().values("difference")
        .annotate(
            found=Count("pk"), open=Count("pk", filter=is_open),
            worth=Sum("worth", filter=is_open, default=0),
        )
    )  # fmt: skip
    known = {row.pop("difference"): row for row in counted}
    return [Group(kind=kind, **known[kind]) for kind in SAID if kind in known]


@dataclass(frozen=True, kw_only=True)
class LinesPage:
    """Lines in the order of the bill; `after` is the key of the next page, None at the end."""

    lines: list[BillLine]
    after: int | None


def lines_page(bill: Bill, kind: Difference, *, after: int = 0) -> LinesPage:
    """Three related rows of each line come along: one query."""
    lines = differing(bill).filter(difference=kind, pk__gt=after)
    found = list(lines.order_by("pk")[: PAGE + 1])
    return LinesPage(
        lines=found[:PAGE], after=found[PAGE - 1].pk if len(found) > PAGE else None
    )  # fmt: skip


def differing(bill: Bill) -> QuerySet[BillLine]:
    related = bill.lines.shown().filter(difference__gt="")
    return related.select_related("bill", "job__clip", "job__team", "booked", "settled_by__user")


HEADER = (
    "Row", "Difference", "Our reference", "Their id", "Time", "Billed", "Unit", "Ours", "Our unit",
    "Worth in credits", "Job", "Matched by", "Booked", "Note",
)  # fmt: skip


def table_of(bill: Bill) -> Iterator[Sequence[object]]:
    """Every difference as cells, with the header first; what others wrote runs as no formula."""
    yield HEADER
    for line in differing(bill).order_by(F("pk")).iterator(chunk_size=1000):
        yield [safe(cell) for cell in _cells(line)]


def _cells(line: BillLine) -> list[object]:
    return [
        line.row, line.get_difference_display(), line.reference, line.remote_id,
        line.at.isoformat() if line.at else None, decimal(line.native), line.unit,
        None if line.expected is None else decimal(line.expected), line.expected_unit,
        decimal(line.worth), line.job_id, line.get_matched_by_display(),
        decimal(line.booked.spent) if line.booked else None, line.settled_note,
    ]  # fmt: skip
