"""Find what a lost message, a crash or a new grant left behind."""

from django.db import transaction
from django.utils import timezone

from studio import ledger
from studio.core.decision import Decision, Step
from studio.core.errors import BudgetExceeded
from studio.core.status import TERMINAL, JobStatus
from studio.models import Attempt, Job, Team
from studio.providers import registry

STEPS = {
    JobStatus.SENDING: Step.SEND,
    JobStatus.RUNNING: Step.TRACK,
    JobStatus.SAVING: Step.SAVE,
}


def overdue(*, most: int = 500) -> list[Decision]:
    """One decision per job in flight that is due and in nobody's hands."""
    due = Job.objects.due().filter(status__in=STEPS).order_by("next_step_at")
    return [Decision(step=STEPS[JobStatus(job.status)], job_id=job.pk) for job in due[:most]]


def lanes() -> list[str]:
    """The lanes where somebody is ready to go."""
    ready = Job.objects.filter(status=JobStatus.QUEUED).ready()
    return list(ready.order_by("provider").values_list("provider", flat=True).distinct())


def budgets(team: Team | None = None) -> list[Job]:
    """Give waiting jobs their hold, oldest first, as far as the budgets go."""
    waiting = Job.objects.filter(status=JobStatus.WAITING).order_by("pk")
    if team:
        waiting = waiting.of_team(team)
    return [job for job in waiting.select_related("team", "clip", "price") if promote(job)]


def promote(job: Job) -> bool:
    """Put a job that waits for its budget into the line; False when it has to wait on."""
    if ledger.team_budget(job.team).available < job.quoted:
        return False
    try:
        with transaction.atomic():
            moved = job.move(JobStatus.QUEUED, next_step_at=timezone.now())
            if moved:
                ledger.hold(job)
    except BudgetExceeded:
        return False
    return moved


def leftovers() -> int:
    """Tidy up after jobs that ended when nobody was there to do it; say how many."""
    tidied = 0
    for provider in registry.all_providers().values():
        ended = Attempt.objects.filter(remote_id__in=provider.kept(), job__status__in=TERMINAL)
        for remote_id in ended.values_list("remote_id", flat=True):
            provider.forget(remote_id)
            tidied += 1
    return tidied
