"""Jobs that cannot go on without an admin, by what is known of them; and what may be billed."""

from datetime import timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone

from studio.core.status import JobStatus
from studio.models import Attempt, Event, Job, Team
from studio.providers import registry
from studio.providers.registry import provider_of

REMEMBERED = timedelta(days=30)


class Kind(StrEnum):
    LOST = "lost"  # maybe sent: nobody knows
    LATE = "late"  # surely sent: its provider does not end it
    STUCK = "stuck"  # made: its files do not come, or can not be kept


KINDS: dict[str, Kind] = {
    JobStatus.UNCERTAIN: Kind.LOST,
    JobStatus.RUNNING: Kind.LATE,
    JobStatus.SAVING: Kind.STUCK,
}


def jobs(team: Team) -> QuerySet[Job]:
    """All of them; their status says of which kind each is."""
    known = registry.all_providers().items()
    remote = [slug for slug, provider in known if not provider.renders_here]
    late = Q(status=JobStatus.RUNNING, provider__in=remote) & ~Q(problem="")
    stuck = Q(status=JobStatus.SAVING, next_step_at=None) & ~Q(problem="")
    asked = Job.objects.of_team(team).filter(status__in=KINDS)  # what an index finds
    return asked.filter(Q(status=JobStatus.UNCERTAIN) | late | stuck)


def kind_of(job: Job) -> Kind | None:
    """None for a job that needs nobody."""
    return KINDS[job.status] if jobs(job.team).filter(pk=job.pk).exists() else None


def tell_billable(job: Job, attempt: Attempt, remote_id: str) -> None:
    """The provider has an order that was given up: say so once, for whoever reads its bill.

    The job must be locked.
    """
    told = job.events.filter(status=Event.BILLABLE, note__contains=attempt.reference)
    if told.exists():
        return
    label = provider_of(job.provider).label
    name = f" as {remote_id}" if remote_id else ""
    note = f"{label} has {attempt.reference}{name}, though it was given up here: it may be billed."
    job.record(Event.BILLABLE, note=note)


def billable(team: Team) -> QuerySet[Event]:
    """What was told so in the last 30 days, newest first."""
    told = Event.objects.filter(team=team, status=Event.BILLABLE)
    latest = told.filter(at__gte=timezone.now() - REMEMBERED)
    return latest.select_related("job__clip").order_by("-pk")
