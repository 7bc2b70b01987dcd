"""Orders that an admin has to decide about, with all that is known of them."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Sum

from studio.models import Attempt, Job, Team
from studio.pipeline.undecided import KINDS, Kind, jobs

MOST = 50  # on a page, oldest first; the next ones come when these are decided


@dataclass(frozen=True, kw_only=True)
class Undecided:
    """`attempt` is its last one: of a LOST job it may have been sent, of the others it surely was."""

    job: Job
    attempt: Attempt
    kind: Kind


@dataclass(frozen=True, kw_only=True)
class Value:
    """How many there are, and the micro-credits held for them."""

    count: int
    held: int


def value(team: Team) -> Value:
    """One query."""
    found = jobs(team).aggregate(count=Count("pk"), held=Sum("quoted"))
    return Value(count=found["count"], held=found["held"] or 0)


def undecided(team: Team) -> list[Undecided]:
    """Two queries."""
    newest = Prefetch("attempts", Attempt.objects.order_by("-number"), to_attr="newest_attempts")
    rows = jobs(team).select_related("clip", "author__user").prefetch_related(newest)
    return [
        Undecided(job=job, attempt=job.newest_attempts[0], kind=KINDS[job.status])
        for job in rows.order_by("pk")[:MOST]
        if job.newest_attempts
    ]
