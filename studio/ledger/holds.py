"""The ways in which a job's money moves: held, then charged and released."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from studio.core.errors import BudgetExceeded, StudioError
from studio.core.money import words
from studio.ledger import caps
from studio.ledger.books import Entry, book, over_budget, team_budget
from studio.ledger.quotes import native_quote, price_of_unit, to_credits
from studio.models import Clip, EntryKind, Job, LedgerEntry, Member, Team


def grant(team: Team, amount: int, *, actor: Member | None, cause: str) -> None:
    """Give the team more to spend, or with a negative amount less; never less than is free."""
    parts = {"granted": amount, "available": amount}
    entry = Entry(kind=EntryKind.GRANT, parts=parts, native=abs(amount))
    if not book(team, [entry], cause=cause, actor=actor):
        raise StudioError(
            f"Only {words(team_budget(team).available)} credits are free to take back."
        )


def hold(job: Job, *, actor: Member | None = None) -> None:
    """Set the quote aside. Raises BudgetExceeded, and nothing has changed."""
    quoted = _as_quoted(job)
    parts = {"available": -job.quoted, "held": job.quoted}
    entry = Entry(
        kind=EntryKind.HOLD, parts=parts, native=quoted.native, unit=quoted.unit,
        unit_price=quoted.unit_price,
    )  # fmt: skip
    with transaction.atomic():
        written = book(job.team, [entry], cause="ordered", job=job, actor=actor)
        if not written:
            raise BudgetExceeded(over_budget(job.team, job.quoted))
        caps.take(job, written[0].day)


def settle(
    job: Job, *, charge: int | None, unit: str = "", cause: str, actor: Member | None = None
) -> None:
    """End the hold: spend what the provider charged of it and release the rest.

    `charge` is in micro-units as the provider counts it, None: as quoted, 0: nothing; `unit` is
    what it counts, "" if that is the unit of the price. A charge above the hold is taken from what
    is available; where that is not enough this raises BudgetExceeded, nothing has changed, and the
    job keeps its hold for a person to decide. So it does where nobody said what a unit costs:
    NoRate.
    """
    bill = _as_quoted(job) if charge is None else _billed(job, charge, unit or job.price.unit)
    with transaction.atomic():
        _require_open_hold(job)
        entries = _spending(job, bill)
        rest = job.quoted - min(bill.amount, job.quoted)
        if rest or not entries:  # a free hold ends as a release of nothing
            entries.append(_release(job, bill, rest))
        if not book(job.team, entries, cause=cause, job=job, actor=actor):
            raise BudgetExceeded(
                f"The charge of {words(bill.amount)} credits is more than the budget has; "
                "an admin can add credits, then press Try again."
            )
        caps.change(job, bill.amount - job.quoted)
        charged(job, bill.amount)


def charged(job: Job, more: int) -> None:
    """Let job and clip tell that they cost so many micro-credits more (below 0: less)."""
    Job.objects.filter(pk=job.pk).update(charged=F("charged") + more)
    Clip.objects.filter(pk=job.clip_id).update(charged=F("charged") + more)
    job.charged += more


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What a job costs: `amount` in micro-credits, and `native` micro-units of `unit`."""

    amount: int
    native: int
    unit: str
    unit_price: int


def _as_quoted(job: Job) -> Bill:
    return Bill(
        amount=job.quoted, native=native_quote(job), unit=job.price.unit, unit_price=job.unit_price
    )


def _billed(job: Job, charge: int, unit: str) -> Bill:
    """In the unit of the price at the rate of the quote, so that a charge as quoted is the hold."""
    same = unit == job.price.unit
    unit_price = job.unit_price if same or not charge else price_of_unit(job.team, unit)
    amount = to_credits(job.team, charge, unit_price=unit_price)
    return Bill(amount=amount, native=charge, unit=unit, unit_price=unit_price)


def _release(job: Job, bill: Bill, rest: int) -> Entry:
    """What goes back of the hold, counted as the quote was."""
    native = native_quote(job)
    if bill.unit == job.price.unit:
        left = max(native - bill.native, 0)
    else:
        left = native * rest // job.quoted if job.quoted else native
    quoted = _as_quoted(job)
    return Entry(
        kind=EntryKind.RELEASE, parts={"available": rest, "held": -rest}, native=left,
        unit=quoted.unit, unit_price=quoted.unit_price,
    )  # fmt: skip


def _require_open_hold(job: Job) -> None:
    """Money is only ever taken from the job's own hold, and only once."""
    kinds = set(LedgerEntry.objects.filter(job=job).values_list("kind", flat=True))
    assert EntryKind.HOLD in kinds, f"{job} holds nothing"
    assert not kinds & {EntryKind.CHARGE, EntryKind.RELEASE}, f"{job} was settled before"


def _spending(job: Job, bill: Bill) -> list[Entry]:
    if not (bill.amount or bill.native):
        return []
    from_hold = min(bill.amount, job.quoted)
    parts = {"available": from_hold - bill.amount, "held": -from_hold, "spent": bill.amount}
    return [
        Entry(
            kind=EntryKind.CHARGE, parts=parts, native=bill.native, unit=bill.unit,
            unit_price=bill.unit_price,
        )
    ]  # fmt: skip
