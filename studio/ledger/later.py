"""What is found out after a job was settled: refunds and corrections, always as rows of their own."""

from django.db import transaction

from studio.core.errors import BudgetExceeded, StudioError
from studio.core.money import words
from studio.ledger import caps
from studio.ledger.books import Entry, book
from studio.ledger.holds import charged
from studio.models import EntryKind, Job, LedgerEntry, Member


def refund(
    job: Job, amount: int, *, native: int, cause: str, actor: Member | None
) -> LedgerEntry:  # fmt: skip
    """Give back micro-credits that were charged for a job, which count `native` as the provider does.

    Both are above 0. Raises StudioError where less was charged.
    """
    if not 0 < amount <= job.charged:
        raise StudioError(
            f"Between 0 and {words(job.charged)} credits can be refunded for this job."
        )
    entry = _entry(job, EntryKind.REFUND, -amount, native)
    return _book(job, entry, cause=cause, actor=actor)


def correct(
    job: Job, amount: int, *, native: int, cause: str, actor: Member | None
) -> LedgerEntry:  # fmt: skip
    """Book what the provider charged otherwise than we thought: above 0 it was more, below 0 less.

    So it is with `native`, in the unit of the entry that is corrected. Raises BudgetExceeded where
    less is free, StudioError where less was charged.
    """
    if not amount or job.charged + amount < 0:
        raise StudioError(
            f"A correction of this job takes away at most {words(job.charged)} credits, "
            "and is not 0."
        )
    entry = _entry(job, EntryKind.CORRECTION, amount, native)
    return _book(job, entry, cause=cause, actor=actor)


def _charge_of(job: Job) -> LedgerEntry:
    """What a later entry corrects: the charge, or the release of a job that cost nothing.

    Raises StudioError while the job still holds its money.
    """
    settled = LedgerEntry.objects.filter(job=job, kind__in=[EntryKind.CHARGE, EntryKind.RELEASE])
    first: LedgerEntry | None = settled.order_by("pk").first()
    if first is None:
        raise StudioError(f"{job} is not settled yet; what it holds is charged or released first.")
    return first


def _entry(job: Job, kind: EntryKind, amount: int, native: int) -> Entry:
    charge = _charge_of(job)
    return Entry(
        kind=kind, parts={"available": -amount, "spent": amount}, native=native, unit=charge.unit,
        unit_price=charge.unit_price, corrects=charge,
    )  # fmt: skip


def _book(job: Job, entry: Entry, *, cause: str, actor: Member | None) -> LedgerEntry:
    more = entry.parts["spent"]
    with transaction.atomic():
        job.lock()
        if job.charged + more < 0:
            raise StudioError(f"Only {words(job.charged)} credits are charged for this job now.")
        written = book(job.team, [entry], cause=cause, job=job, actor=actor)
        if not written:
            raise BudgetExceeded(
                f"This takes {words(more)} credits from the budget, which has fewer; "
                "add credits first."
            )
        caps.change(job, more)
        charged(job, more)
    return written[0]
