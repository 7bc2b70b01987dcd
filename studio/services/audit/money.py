"""Money: budgets are the sum of their entries, and a job's entries fit its state."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from studio.core.money import words
from studio.core.status import ACTIVE, TERMINAL, JobStatus
from studio.models import Budget, EntryKind, Job, LedgerEntry, Team
from studio.models.ledger import ONCE_PER_JOB

PARTS = ("granted", "available", "held", "spent")
HOLDING = ACTIVE - {JobStatus.WAITING}
NEED_NO_HOLD = {JobStatus.WAITING, JobStatus.CANCELLED}  # a job may be cancelled while it waits
K = EntryKind

# What a budget change of each kind looks like, beside that it balances.
FIRST = Q(corrects=None)
LATER = Q(
    job__isnull=False, granted=0, held=0, corrects__job=F("job"),
    corrects__kind__in=[K.CHARGE, K.RELEASE],
)  # fmt: skip
SHAPES: dict[str, Q] = {
    K.GRANT: FIRST & Q(job=None, held=0, spent=0),
    K.HOLD: FIRST & Q(job__isnull=False, granted=0, spent=0, held=F("job__quoted")),
    K.CHARGE: FIRST & Q(job__isnull=False, granted=0, spent__gte=0, held__lte=0),
    K.RELEASE: FIRST & Q(job__isnull=False, granted=0, spent=0, available__gte=0),
    K.REFUND: LATER & Q(spent__lt=0),
    K.CORRECTION: LATER & ~Q(spent=0),
}


def budgets_that_do_not_add_up() -> Iterator[str]:
    """Each part of a budget is the sum of that part of the team's entries."""
    for team in Team.objects.select_related("budget").order_by("pk").iterator():
        sums = {part: Coalesce(Sum(part), 0) for part in PARTS}
        told = LedgerEntry.objects.filter(team=team).aggregate(**sums)
        budget = getattr(team, "budget", None) or Budget(team=team)
        yield from _differences(budget, told)
        if budget.granted != budget.available + budget.held + budget.spent:
            yield f"Budget of team {team.pk}: available, held and spent do not make up granted."


def _differences(budget: Budget, told: dict[str, int]) -> Iterator[str]:
    for part in PARTS:
        kept = getattr(budget, part)
        if kept != told[part]:
            yield (
                f"Budget of team {budget.team_id}: {part} is {words(kept)}, "
                f"its entries add up to {words(told[part])}."
            )


def entries_that_do_not_balance() -> Iterator[str]:
    """granted = available + held + spent in each entry, in the way that its kind allows."""
    entries: QuerySet[Any] = LedgerEntry.objects.order_by("pk")
    balanced = Q(granted=F("available") + F("held") + F("spent"))
    for pk in entries.exclude(balanced).values_list("pk", flat=True).iterator():
        yield f"Entry {pk} does not balance."
    shaped = Case(
        *(When(shape, kind=kind, then=True) for kind, shape in SHAPES.items()), default=False
    )
    wrong = entries.filter(kind__in=SHAPES).annotate(shaped=shaped).filter(shaped=False)
    for pk, kind in wrong.values_list("pk", "kind").iterator():
        yield f"Entry {pk} is not what a {kind} looks like."
    for pk, kind in entries.exclude(kind__in=EntryKind.values).values_list("pk", "kind"):
        yield f"Entry {pk} is of no known kind: “{kind}”."
    for pk in entries.filter(cause="").values_list("pk", flat=True).iterator():
        yield f"Entry {pk} does not say what caused it."
    strangers = entries.exclude(job=None).exclude(team=F("job__team"))
    for pk, job in strangers.values_list("pk", "job").iterator():
        yield f"Entry {pk} is of another team than its job {job}."


def _with_entries() -> QuerySet[Any]:
    """Jobs with the sums of their entries, and whether they were held and settled."""
    return Job.objects.annotate(
        held_now=_sum_of("held"),
        spent=_sum_of("spent"),
        was_held=_has(K.HOLD),
        was_settled=_has(K.CHARGE, K.RELEASE),
    ).order_by("pk")


def _sum_of(part: str) -> Coalesce:
    mine = LedgerEntry.objects.filter(job=OuterRef("pk")).order_by().values("job")
    return Coalesce(Subquery(mine.annotate(total=Sum(part)).values("total")), 0)


def _has(*kinds: EntryKind) -> Exists:
    return Exists(LedgerEntry.objects.filter(job=OuterRef("pk"), kind__in=kinds))


def wrong_holds() -> Iterator[str]:
    """A living job holds its quote, one that waits for a budget or has ended holds nothing."""
    due = Case(When(status__in=HOLDING, then=F("quoted")), default=Value(0))
    wrong = _with_entries().annotate(due=due).exclude(held_now=F("due"))
    for pk, status, held_now, due_now in wrong.values_list(
        "pk", "status", "held_now", "due"
    ).iterator():
        yield f"Job {pk} is {status} and holds {words(held_now)} instead of {words(due_now)}."
    unheld = _with_entries().exclude(status__in=NEED_NO_HOLD).filter(was_held=False)
    for pk, status in unheld.values_list("pk", "status").iterator():
        yield f"Job {pk} is {status} and has no hold entry."
    due_end = Case(When(status__in=TERMINAL, was_held=True, then=True), default=False)
    unsettled = _with_entries().annotate(due_end=due_end).exclude(was_settled=F("due_end"))
    for pk, status, settled in unsettled.values_list("pk", "status", "was_settled").iterator():
        yield f"Job {pk} is {status}, and its hold was {'ended' if settled else 'never ended'}."


def wrong_charges() -> Iterator[str]:
    """What a job says that it was charged is what its entries say; a living one is not charged."""
    wrong = _with_entries().exclude(charged=F("spent"))
    for pk, charged, spent in wrong.values_list("pk", "charged", "spent").iterator():
        yield f"Job {pk} says {words(charged)} charged, its entries {words(spent)}."
    early = _with_entries().exclude(status__in=TERMINAL).exclude(spent=0)
    for pk, status in early.values_list("pk", "status").iterator():
        yield f"Job {pk} is {status} and charged already."


def doubled_entries() -> Iterator[str]:
    """One hold, one charge and one release for a job, at most."""
    times = {str(kind): Count("pk", filter=Q(kind=kind)) for kind in ONCE_PER_JOB}
    # By job alone: rows come in that order already, so that none have to be kept to be sorted.
    jobs = LedgerEntry.objects.exclude(job=None).order_by("job").values("job").annotate(**times)
    twice = reduce(or_, (Q(**{f"{kind}__gt": 1}) for kind in times))
    for row in jobs.filter(twice).iterator():
        for kind in times:
            if row[kind] > 1:
                yield f"Job {row['job']} has {row[kind]} entries of kind {kind}."
