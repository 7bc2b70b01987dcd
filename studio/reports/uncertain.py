"""Orders that an admin has to decide about, with all that is known of them."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from studio.core.status import JobStatus
from studio.models import Attempt, Job, Team
from studio.providers.registry import all_providers

MOST = 50  # on a page, oldest first; the next ones come when these are decided


@dataclass(frozen=True, kw_only=True)
class Undecided:
    """`attempt` is the one that may have been sent; a `late` job surely was, and does not end."""

    job: Job
    attempt: Attempt
    late: bool


@dataclass(frozen=True, kw_only=True)
class Value:
    """How many there are, and the micro-credits held for them."""

    count: int
    held: int


def value(team: Team) -> Value:
    """One query."""
    found = _jobs(team).aggregate(count=Count("pk"), held=Sum("quoted"))
    return Value(count=found["count"], held=found["held"] or 0)


def undecided(team: Team) -> list[Undecided]:
    """Two queries."""
    newest = Prefetch("attempts", Attempt.objects.order_by("-number"), to_attr="newest_attempts")
    jobs = _jobs(team).select_related("clip", "author__user").prefetch_related(newest)
    return [
        Undecided(
            job=job, attempt=job.newest_attempts[0], late=job.status == JobStatus.RUNNING
        )
        for job in jobs.order_by("pk")[:MOST]
        if job.newest_attempts
    ]  # fmt: skip


def _jobs(team: Team) -> QuerySet[Job]:
    """Those that may have been sent, and those whose remote provider does not finish them."""
    known = all_providers().items()
    remote = [slug for slug, provider in known if not provider.renders_here]
    late = Q(status=JobStatus.RUNNING, provider__in=remote) & ~Q(problem="")
    return Job.objects.of_team(team).filter(Q(status=JobStatus.UNCERTAIN) | late)
