"""Attempts: what was made was accepted once, and what a provider made belongs to one job."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from studio.core.status import MAYBE_WITH_THE_PROVIDER, JobStatus
from studio.models import Attempt, Job

ACCEPTED = Attempt.Outcome.ACCEPTED
S = JobStatus


def wrong_attempts() -> Iterator[str]:
    """A job that succeeded was accepted once; one that runs was, too; one that waits never was."""
    rows = _jobs().values_list("pk", "status", "accepted")
    once = Q(status__in=[S.RUNNING, S.SAVING, S.SUCCEEDED]) & ~Q(accepted=1)
    never = Q(status__in=[S.WAITING, S.QUEUED, *MAYBE_WITH_THE_PROVIDER], accepted__gt=0)
    for pk, status, accepted in rows.filter(once | never).iterator():
        yield f"Job {pk} is {status}, and {accepted} of its attempts were accepted."


def _jobs() -> QuerySet[Any]:
    mine = Attempt.objects.filter(job=OuterRef("pk"), outcome=ACCEPTED).order_by()
    counted = mine.values("job").annotate(total=Count("pk")).values("total")
    return Job.objects.annotate(accepted=Coalesce(Subquery(counted), 0)).order_by("pk")


def shared_orders() -> Iterator[str]:
    """No order of a provider is the result of two jobs, nor of two attempts of one."""
    accepted = Attempt.objects.filter(outcome=ACCEPTED).exclude(remote_id="").order_by()
    named = accepted.values("remote_id", provider=F("job__provider"))
    shared = named.annotate(times=Count("pk"), first=Min("job"), last=Max("job"))
    for row in shared.filter(times__gt=1).order_by("first").iterator():
        yield (
            f"Order {row['remote_id']} of {row['provider']} belongs to {row['times']} attempts,"
            f" of jobs {row['first']} to {row['last']}."
        )


def unmarked() -> Iterator[str]:
    """What may be, or was, with a provider elsewhere was marked before it left."""
    gone = Attempt.objects.filter(outcome="", sent_at=None, job__status=S.UNCERTAIN)
    for pk, reference in gone.order_by("pk").values_list("job", "reference").iterator():
        yield f"Job {pk} is uncertain, though {reference} was never marked as sent."
