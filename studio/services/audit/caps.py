"""Limits: each period's use is that of its jobs, and each job uses what it holds or has cost."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from studio.core.money import words
from studio.models import Cap, CapHold, CapPeriod, EntryKind, Job, LedgerEntry
from studio.models.caps import first_day
from studio.services.audit.money import HOLDING


def wrong_limits() -> Iterator[str]:
    yield from _wrong_periods()
    yield from _wrong_uses()
    yield from _uncounted()


def _wrong_periods() -> Iterator[str]:
    uses = CapHold.objects.filter(period=OuterRef("pk")).order_by().values("period")
    total = Coalesce(Subquery(uses.annotate(total=Sum("amount")).values("total")), 0)
    wrong = CapPeriod.objects.annotate(total=total).exclude(used=F("total")).order_by("pk")
    rows = wrong.values_list("pk", "cap", "starts_on", "used", "total")
    for pk, cap, starts_on, used, total_now in rows.iterator():
        yield (
            f"Period {pk} of limit {cap} from {starts_on} says {words(used)} used, "
            f"its jobs use {words(total_now)}."
        )


def _wrong_uses() -> Iterator[str]:
    due = Case(When(job__status__in=HOLDING, then=F("job__quoted")), default=F("job__charged"))
    wrong = CapHold.objects.annotate(due=due).exclude(amount=F("due")).order_by("pk")
    for job, period, amount, is_due in wrong.values_list(
        "job", "period", "amount", "due"
    ).iterator():
        yield (
            f"Job {job} uses {words(amount)} of period {period}, "
            f"it holds or has cost {words(is_due)}."
        )


def _uncounted() -> Iterator[str]:
    """Living jobs that a standing limit counts, and that came in its present period, use some of it.

    A limit may have been away in a period before, and back now; what came then it does not count.
    """
    for cap in Cap.objects.standing().order_by("pk").iterator():
        for pk in _counted_by(cap).values_list("pk", flat=True).iterator():
            yield f"Job {pk} uses nothing of limit {cap.pk}, which counts it."


def _counted_by(cap: Cap) -> QuerySet[Any]:
    scope = {
        "team": cap.team_id, "clip__project": cap.project_id, "author": cap.member_id,
        "provider": cap.provider,
    }  # fmt: skip
    held = LedgerEntry.objects.filter(job=OuterRef("pk"), kind=EntryKind.HOLD)
    uses = CapHold.objects.filter(job=OuterRef("pk"), period__cap=cap)
    mine = Job.objects.filter(**{name: value for name, value in scope.items() if value})
    living = mine.filter(Q(quoted__gt=0), status__in=HOLDING)
    since = held.filter(created_at__gt=cap.created_at, day__gte=_present(cap))
    return living.filter(Exists(since), ~Exists(uses)).order_by("pk")


def _present(cap: Cap) -> date:
    """The first day of its period in the time zone that is farthest ahead."""
    return first_day(cap.every, timezone.now().date() + timedelta(days=1))
