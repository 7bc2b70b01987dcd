"""What is true of the books after every step, as a table: each names what breaks it.

The first fifteen are those of the Ledger Conformance Kit (the four about concurrency are raced in
test_races.py), the others our own. They read rows and know nothing of the code that wrote them.
"""

import calendar
import hashlib
from collections import Counter
from fractions import Fraction

from studio.core.money import CREDIT, MICRO, PICO
from studio.core.status import TERMINAL, JobStatus

PARTS = ("granted", "available", "held", "spent")
ENDS = ("charge", "release")
LATER = ("refund", "correction")
CHAINED = (
    "team_id", "number", "job_id", "kind", "granted", "available", "held", "spent", "native", "unit",
    "credit_price", "unit_price", "actor_id", "cause", "corrects_id", "day", "created_at",
)  # fmt: skip


def balanced(seen):
    for row in seen.entries:
        if row.granted != row.available + row.held + row.spent:
            yield f"entry {row.number} of team {row.team_id} does not balance"


def append_only(seen):
    for key, row in seen.world.entries.items():
        if seen.by_key.get(key) != row:
            yield f"entry {row.number} of team {row.team_id} was changed"


def chained(seen):
    for budget in seen.budgets:
        before = hashlib.sha256(repr(("entries 1", *CHAINED)).encode()).digest()
        for row in seen.of_team(budget.team_id):
            if bytes(row.digest) != _digest(before, row):
                yield f"entry {row.number} of team {row.team_id} does not follow"
            before = bytes(row.digest)
        if bytes(budget.head) != before:
            yield f"the head of team {budget.team_id} is another one"


def _digest(before, row):
    values = tuple(_told(getattr(row, name)) for name in CHAINED)
    return hashlib.sha256(before + repr(values).encode("ascii")).digest()


def _told(value):
    """A number or a text as it is; a day and a moment as SQLite keeps them."""
    if hasattr(value, "tzinfo"):
        return str(value.replace(tzinfo=None))
    return str(value) if hasattr(value, "year") else value


def duplicates_change_nothing(seen):
    yield from seen.world.differences["duplicate"]


def balance_is_the_sum(seen):
    for budget in seen.budgets:
        rows = seen.of_team(budget.team_id)
        for part in PARTS:
            if getattr(budget, part) != sum(getattr(row, part) for row in rows):
                yield f"{part} of team {budget.team_id} is not the sum of its entries"


def exact(seen):
    """A charge is what its native amount is worth, to the last micro-credit; or the quote."""
    for row in seen.entries:
        job = seen.jobs.get(row.job_id)
        if row.kind == "charge" and row.spent not in {_worth(row), job.quoted}:
            yield f"entry {row.number}: {row.native} {row.unit} are not {row.spent}"


def _worth(row):
    if not row.unit_price:
        return row.native
    worth = Fraction(row.native * MICRO * row.unit_price, row.credit_price * PICO)
    return int(worth + Fraction(1, 2))


def units_not_mixed(seen):
    for row in seen.entries:
        if (row.unit == CREDIT) is not (row.unit_price == 0):
            yield f"entry {row.number} counts {row.unit} at {row.unit_price}"
        if row.kind in {"hold", "release"} and row.unit != seen.jobs[row.job_id].price__unit:
            yield f"entry {row.number} is not in the unit of its price"
        if row.corrects_id and row.unit != seen.by_key[row.corrects_id].unit:
            yield f"entry {row.number} is in another unit than what it corrects"


def undone_by_rows(seen):
    for row in seen.entries:
        first = seen.by_key.get(row.corrects_id)
        if (row.kind in LATER) is not bool(first):
            yield f"entry {row.number} is a {row.kind} of {row.corrects_id}"
        elif first and (first.kind not in ENDS or first.job_id != row.job_id):
            yield f"entry {row.number} corrects an entry that it can not"


def rebuilt_from_the_log(seen):
    charged = Counter()
    for row in seen.entries:
        charged[row.job_id] += row.spent
    for job in seen.jobs.values():
        if not charged[job.pk] == job.charged == job.clip__charged >= 0:
            yield f"job {job.pk} was charged {job.charged}, by the log {charged[job.pk]}"
    for budget in seen.budgets:
        if budget.entries != len(seen.of_team(budget.team_id)):
            yield f"team {budget.team_id} has another number of entries"


def in_order(seen):
    for budget in seen.budgets:
        rows = seen.of_team(budget.team_id)
        if [row.number for row in rows] != list(range(1, len(rows) + 1)):
            yield f"the entries of team {budget.team_id} are not numbered from 1"
        if sorted(rows, key=lambda row: row.created_at) != rows:
            yield f"the entries of team {budget.team_id} are older than those before them"


def refused_is_not_applied(seen):
    yield from seen.world.differences["refused"]
    held = {row.job_id for row in seen.entries if row.kind == "hold"}
    for pk in seen.world.applied - held:
        yield f"job {pk} was told that it holds"


def conserved(seen):
    granted = sum(row.granted for row in seen.entries if row.kind == "grant")
    there = sum(budget.available + budget.held + budget.spent for budget in seen.budgets)
    if granted != there:
        yield f"{granted} were granted, {there} are there"


def each_hold_ends_once(seen):
    for job in seen.jobs.values():
        kinds = Counter(row.kind for row in seen.of_job(job.pk) if row.kind not in LATER)
        waits = job.status == JobStatus.WAITING
        ended = bool(kinds["charge"] or kinds["release"])
        if kinds["hold"] != (0 if waits else 1) or any(times > 1 for times in kinds.values()):
            yield f"job {job.pk} has {dict(kinds)}"
        if ended is not (job.status in TERMINAL):
            yield f"job {job.pk} is {job.status} and has {dict(kinds)}"


def charge_within_the_hold(seen):
    """What is more than the hold is taken from what is free, in the same entry."""
    for row in seen.entries:
        if row.kind == "charge":
            within = min(row.spent, seen.jobs[row.job_id].quoted)
            if (row.held, row.available) != (-within, within - row.spent):
                yield f"entry {row.number} takes {row.held} of its hold, {row.available} of the rest"


def unknown_keeps_its_hold(seen):
    for job in seen.jobs.values():
        held = sum(row.held for row in seen.of_job(job.pk))
        if job.status == JobStatus.UNCERTAIN and held != job.quoted:
            yield f"job {job.pk} is uncertain and holds {held} of {job.quoted}"


def nothing_ended_holds(seen):
    for job in seen.jobs.values():
        held = sum(row.held for row in seen.of_job(job.pk))
        if job.status in TERMINAL and held:
            yield f"job {job.pk} is {job.status} and holds {held}"


def caused(seen):
    for row in seen.entries:
        if not row.cause or (row.job_id is None) is not (row.kind == "grant"):
            yield f"entry {row.number} of team {row.team_id} has no cause"


def charged_as_billed(seen):
    for pk, (native, unit) in seen.world.bills.items():
        rows = [row for row in seen.of_job(pk) if row.kind == "charge"]
        told = sum(row.native for row in rows)
        if told != native or any(row.unit != unit for row in rows):
            yield f"job {pk} was billed {native} {unit}, and charged {told}"


def limits_hold(seen):
    """What was taken of a limit when it was ordered fitted; only a charge may go beyond."""
    for period in seen.periods:
        taken = [use for use in seen.uses if use.period == period.pk]
        if period.used != sum(use.amount for use in taken):
            yield f"period {period.pk} says {period.used}"
        beyond = sum(max(0, use.amount - seen.jobs[use.job].quoted) for use in taken)
        if period.cap__stops and period.used - beyond > period.limit:
            yield f"period {period.pk} of {period.limit} is overshot"


def limits_follow_their_jobs(seen):
    for use in seen.uses:
        job = seen.jobs[use.job]
        due = job.charged if job.status in TERMINAL else job.quoted
        if use.amount != due:
            yield f"job {job.pk} uses {use.amount} of a limit instead of {due}"


def closed_stays_closed(seen):
    for key, row in seen.world.months.items():
        if {one.id: one for one in seen.months}.get(key) != row:
            yield f"{row.month} was changed"
    for row in seen.months:
        last = row.month.replace(day=calendar.monthrange(row.month.year, row.month.month)[1])
        inside = [one for one in seen.of_team(row.team_id) if row.month <= one.day <= last]
        sums = [sum(getattr(one, part) for one in inside) for part in ("granted", "held", "spent")]
        if [len(inside), *sums] != [row.entries, row.granted, row.held, row.spent]:
            yield f"{row.month} of team {row.team_id} is not what was closed"


def days_are_marked(seen):
    for row in seen.entries:
        if (row.team_id, row.day) not in seen.days:
            yield f"{row.day} of team {row.team_id} is not marked"


INVARIANTS = {
    "1 balanced": balanced,
    "2 append-only": append_only,
    "3 chained": chained,
    "4 duplicates change nothing": duplicates_change_nothing,
    "8 the balance is the sum of the journal": balance_is_the_sum,
    "10 exact": exact,
    "11 units are not mixed": units_not_mixed,
    "12 undone by rows of their own": undone_by_rows,
    "13 rebuilt from the log": rebuilt_from_the_log,
    "14 in order": in_order,
    "15 refused is not applied": refused_is_not_applied,
    "16 conserved": conserved,
    "17 each hold ends once": each_hold_ends_once,
    "18 a charge within the hold": charge_within_the_hold,
    "19 the unknown keeps its hold": unknown_keeps_its_hold,
    "20 nothing ended holds": nothing_ended_holds,
    "21 caused": caused,
    "22 charged as billed": charged_as_billed,
    "23 limits hold": limits_hold,
    "24 limits follow their jobs": limits_follow_their_jobs,
    "25 closed stays closed": closed_stays_closed,
    "26 days are marked": days_are_marked,
}
