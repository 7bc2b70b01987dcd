"""The ledger with one of its safeguards taken out, for each invariant one that breaks it.

Each takes `swap`, which is `monkeypatch.setattr`. What the database itself refuses is switched off
in `no_constraints`, so that it is the invariant that catches them.
"""

from dataclasses import replace

from django.db import connection

from studio import ledger
from studio.core.errors import BudgetExceeded
from studio.core.money import CREDIT
from studio.ledger import books, caps, days, holds, later
from studio.models import EntryKind, LedgerEntry
from studio.models.ledger import START


def no_constraints():
    """Let SQLite take whatever is written, until the transaction of the test is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute("DROP INDEX entry_once_per_job_and_kind")


def all_constraints():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = OFF")


def release_from_nowhere(swap):
    """What is released is not taken from what is held."""
    honest = holds._release

    def _release(job, bill, rest):
        return replace(honest(job, bill, rest), parts={"available": rest + 1, "held": -rest})

    swap(holds, "_release", _release)


def refund_on_the_charge(swap):
    """A refund is written over the charge as well."""
    honest = later._book

    def _book(job, entry, **cause):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE studio_ledgerentry SET cause = 'refunded' WHERE id = %s",
                [entry.corrects.pk],
            )
        return honest(job, entry, **cause)

    swap(later, "_book", _book)


def each_by_itself(swap):
    """A digest vouches for its own entry only."""
    honest = LedgerEntry.follow
    swap(LedgerEntry, "follow", lambda self, _previous: honest(self, START))


def settled_as_often_as_asked(swap):
    swap(holds, "_require_open_hold", lambda job: None)


def grants_count_double(swap):
    """More is written down than the budget gets."""
    honest = books._write

    def _write(budget, entry, **same):
        if entry.kind == EntryKind.GRANT:
            entry = replace(entry, parts={part: 2 * n for part, n in entry.parts.items()})
        return honest(budget, entry, **same)

    swap(books, "_write", _write)


def rounded_to_cents(swap):
    """Amounts are kept as a page shows them."""
    honest = ledger.to_credits
    swap(holds, "to_credits", lambda *a, **k: honest(*a, **k) // 10_000 * 10_000)


def all_in_credits(swap):
    """Whatever the provider counts is called a credit."""
    honest = holds._billed
    swap(holds, "_billed", lambda *a: replace(honest(*a), unit=CREDIT))


def refund_of_nothing(swap):
    """A refund does not say what it gives back."""
    honest = later._entry
    swap(later, "_entry", lambda *a: replace(honest(*a), corrects=None))


def job_not_told(swap):
    """What is found out later stands in the ledger only."""
    swap(later, "charged", lambda job, more: None)


def numbers_with_gaps(swap):
    honest = books._write

    def _write(budget, entry, **same):
        budget.entries += entry.kind == EntryKind.RELEASE
        return honest(budget, entry, **same)

    swap(books, "_write", _write)


def refused_once_only(swap):
    """Who asks for the second time is told that it is done."""
    honest, refused = ledger.hold, set()

    def hold(job, **actor):
        try:
            honest(job, **actor)
        except BudgetExceeded:
            if job.created_at not in refused:
                refused.add(job.created_at)
                raise

    swap(ledger, "hold", hold)


def refund_as_a_gift(swap):
    """What is given back is given anew, and stays spent."""
    honest = later._entry

    def _entry(job, kind, amount, native):
        entry = honest(job, kind, amount, native)
        return replace(entry, parts={"granted": 1, "available": 1 - amount, "spent": amount})

    swap(later, "_entry", _entry)


def free_ends_are_forgotten(swap):
    """What costs nothing is not settled."""
    honest = ledger.settle

    def settle(job, *, charge, **rest):
        if charge != 0:
            honest(job, charge=charge, **rest)

    swap(ledger, "settle", settle)


def overrun_from_other_holds(swap):
    """A charge above the hold takes what other jobs hold."""
    honest = holds._spending

    def _spending(job, bill):
        return [
            replace(entry, parts={"held": -bill.amount, "spent": bill.amount})
            for entry in honest(job, bill)
        ]

    swap(holds, "_spending", _spending)


def half_a_hold(swap):
    """Half of the quote is thought to be enough."""
    honest = ledger.hold

    def hold(job, **actor):
        job.quoted //= 2
        honest(job, **actor)

    swap(ledger, "hold", hold)


def rest_is_kept(swap):
    """What was not charged stays with the job."""
    honest = holds._release
    swap(holds, "_release", lambda job, bill, _: replace(honest(job, bill, 0), parts={}))


def no_reason_given(swap):
    honest = later.book
    swap(later, "book", lambda *a, **k: honest(*a, **{**k, "cause": ""}))


def always_the_quote(swap):
    """Whatever the provider says that it charged."""
    honest = ledger.settle
    swap(ledger, "settle", lambda job, **k: honest(job, **{**k, "charge": k["charge"] and None}))


def limits_only_tell(swap):
    honest = caps._use

    def _use(cap, period, amount):
        cap.stops = False
        return honest(cap, period, amount)

    swap(caps, "_use", _use)


def limits_keep_the_quote(swap):
    swap(caps, "change", lambda job, more: None)


def last_month_stays_open(swap):
    """What is found out later is still booked in the month that was closed."""
    honest = books.open_day
    swap(books, "open_day", lambda budget: budget.closed_until or honest(budget))


def days_are_not_marked(swap):
    swap(days, "changed", lambda team_id, dates: None)


MUTANTS = {
    "1 balanced": release_from_nowhere,
    "2 append-only": refund_on_the_charge,
    "3 chained": each_by_itself,
    "4 duplicates change nothing": settled_as_often_as_asked,
    "8 the balance is the sum of the journal": grants_count_double,
    "10 exact": rounded_to_cents,
    "11 units are not mixed": all_in_credits,
    "12 undone by rows of their own": refund_of_nothing,
    "13 rebuilt from the log": job_not_told,
    "14 in order": numbers_with_gaps,
    "15 refused is not applied": refused_once_only,
    "16 conserved": refund_as_a_gift,
    "17 each hold ends once": free_ends_are_forgotten,
    "18 a charge within the hold": overrun_from_other_holds,
    "19 the unknown keeps its hold": half_a_hold,
    "20 nothing ended holds": rest_is_kept,
    "21 caused": no_reason_given,
    "22 charged as billed": always_the_quote,
    "23 limits hold": limits_only_tell,
    "24 limits follow their jobs": limits_keep_the_quote,
    "25 closed stays closed": last_month_stays_open,
    "26 days are marked": days_are_not_marked,
}
