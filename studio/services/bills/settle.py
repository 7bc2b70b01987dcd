"""What becomes of a difference: an entry of the ledger, or a note why there is none; once."""

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from studio import ledger, permissions
from studio.core.bills.matching import Rates
from studio.core.errors import StudioError, TooLate
from studio.core.money import words
from studio.core.words import storable
from studio.models import Bill, BillLine, Difference, Job, LedgerEntry, Member
from studio.models.bill_lines import LONGEST_NOTE
from studio.pipeline.billing.matcher import books_of

# Most in one go: a longer transaction would keep everybody else from writing.
MOST_AT_ONCE = 500


def book(member: Member, line: BillLine) -> None:
    """Correct the job by what the bill takes more or less; a charge on no bill is refunded.

    Raises NotAllowed, TooLate when it is settled already, and what the ledger raises: BudgetExceeded
    where the team has not enough, StudioError while the job still holds its money.
    """
    _require(member, line.bill)
    with transaction.atomic():
        _book(member, line)


def _book(member: Member, line: BillLine) -> None:
    if line.job is None or not line.is_bookable:
        raise StudioError(f"{_at(line)} is worth nothing that can be booked; a note settles it.")
    _claim(line, member)
    cause = f"bill “{line.bill.name}”, {line.place}"
    way = _refund if line.difference == Difference.MISSING else _correct
    line.booked = way(line, line.job, cause, member)
    BillLine.objects.filter(pk=line.pk).update(booked=line.booked)


def _correct(line: BillLine, job: Job, cause: str, member: Member) -> LedgerEntry:
    return ledger.correct(job, line.worth, native=_native(line, job), cause=cause, actor=member)


def _native(line: BillLine, job: Job) -> int:
    """The correction in the unit of what it corrects, which may be another than the bill's."""
    ours = books_of([job.pk]).get(job.pk)
    if ours is None or ours.unit == line.unit:
        return line.native - (line.expected or 0)
    return Rates(credit_price=job.team.credit_price).units(line.worth, ours.unit_price)


def _refund(line: BillLine, job: Job, cause: str, member: Member) -> LedgerEntry:
    return ledger.refund(job, -line.worth, native=line.expected or 0, cause=cause, actor=member)


def book_all(member: Member, bill: Bill, *, expected: int) -> int:
    """Book the amounts that differ, all of them or none, and say how many.

    `expected` is the sum in micro-credits that the person has seen. Raises TooLate where it is
    another one by now, and as `book` does.
    """
    _require(member, bill)
    with transaction.atomic():
        lines = list(_first(bill).select_for_update(of=["self"]))
        found = sum(line.worth for line in lines)
        if found != expected or not lines:
            raise TooLate(f"The differences changed meanwhile: they sum to {words(found)} cr now.")
        for line in lines:
            _book(member, line)
    return len(lines)


def bookable(bill: Bill) -> tuple[int, int]:
    """How many amounts `book_all` would book, and their sum in micro-credits."""
    counted = BillLine.objects.filter(pk__in=_first(bill).values("pk"))
    found = counted.aggregate(sum=Sum("worth", default=0))
    return counted.count(), found["sum"]


def _first(bill: Bill) -> QuerySet[BillLine]:
    """In the order of their clips, which are locked one after the other."""
    of_amount = open_lines(bill).filter(difference=Difference.AMOUNT).exclude(worth=0)
    related = of_amount.select_related("bill", "job__team", "job__clip")
    return related.order_by("job__clip", "pk")[:MOST_AT_ONCE]


def open_lines(bill: Bill) -> QuerySet[BillLine]:
    """Differences that nobody has settled."""
    return bill.lines.shown().filter(~Q(difference=""), settled_at=None)


def settle(member: Member, line: BillLine, note: str) -> None:
    """Say why a difference needs no entry. Raises NotAllowed, StudioError, TooLate."""
    _require(member, line.bill)
    _claim(line, member, settled_note=_sound(note))


def settle_all(member: Member, bill: Bill, kind: str, note: str) -> int:
    """Say it of every open difference of a kind, and return of how many."""
    _require(member, bill)
    said = {"settled_note": _sound(note), "settled_by": member, "settled_at": timezone.now()}
    return open_lines(bill).filter(difference=kind).update(**said)


def _sound(note: str) -> str:
    note = storable(note).strip()
    if not 0 < len(note) <= LONGEST_NOTE:
        raise StudioError(f"Note must have 1 to {LONGEST_NOTE} characters, not {len(note):,}.")
    return note


def _claim(line: BillLine, member: Member, **changes: str) -> None:
    """Of two people at once one settles it."""
    now = timezone.now()
    mine = BillLine.objects.shown().filter(pk=line.pk, settled_at=None).exclude(difference="")
    if not mine.update(settled_at=now, settled_by=member, **changes):
        raise TooLate(f"{_at(line)} is settled already.")


def _at(line: BillLine) -> str:
    return f"Row {line.row:,}" if line.row else "This charge"


def _require(member: Member, bill: Bill) -> None:
    ours = permissions.can_reconcile(member) and member.team_id == bill.team_id
    permissions.require(ours, "book what bills say")
