"""Find what a lost message, a crash or a new grant left behind."""

from django.db import transaction
from django.utils import timezone

from studio import ledger
from studio.core.decision import Decision, Step
from studio.core.errors import BudgetExceeded
from studio.core.status import JobStatus
from studio.models import Job, Lane

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
    """The lanes where somebody waits."""
    waiting = Job.objects.filter(status=JobStatus.QUEUED).values_list("provider", flat=True)
    return [
        lane.provider for lane in Lane.objects.all() if lane.provider in set(waiting.distinct())
    ]


def budgets() -> list[Job]:
    """Give waiting jobs their hold, oldest first, as far as the budgets go."""
    waiting = Job.objects.filter(status=JobStatus.WAITING).order_by("pk")
    return [job for job in waiting.select_related("team", "clip", "price") if _promote(job)]


def _promote(job: Job) -> bool:
    try:
        with transaction.atomic():
            ledger.hold(job)
            return job.move(JobStatus.QUEUED, next_step_at=timezone.now())
    except BudgetExceeded:
        return False
