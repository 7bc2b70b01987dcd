"""Find what a lost message, a crash or a new grant left behind."""

from django.db import transaction
from django.utils import timezone

from studio import ledger
from studio.core.decision import Decision, Step
from studio.core.errors import BudgetExceeded
from studio.core.status import IN_FLIGHT, TERMINAL, JobStatus
from studio.models import Attempt, Job, Lane, Team
from studio.providers import registry

STEPS = {
    JobStatus.QUEUED: Step.SEND,
    JobStatus.SENDING: Step.SEND,
    JobStatus.RUNNING: Step.TRACK,
    JobStatus.SAVING: Step.SAVE,
    JobStatus.UNCERTAIN: Step.RESOLVE,
}


def overdue(*, most: int = 500) -> list[Decision]:
    """One decision per job in flight that is due and in nobody's hands, and one per lane to ask."""
    due = Job.objects.due().filter(status__in=IN_FLIGHT).order_by("next_step_at")
    mine = due.exclude(status=JobStatus.RUNNING, provider__in=_remote())
    return [next_step(job) for job in mine[:most]] + unwatched()


def next_step(job: Job) -> Decision:
    """What a job that is due wants next: that a remote provider is asked, or a step of its own."""
    if job.status == JobStatus.RUNNING and job.provider in _remote():
        return Decision(step=Step.POLL, lane=job.provider)
    return Decision(step=STEPS[JobStatus(job.status)], job_id=job.pk)


def unwatched() -> list[Decision]:
    """The lanes with jobs that are due, and nobody who asks about them."""
    running = Job.objects.due().filter(status=JobStatus.RUNNING, provider__in=_remote())
    due = running.order_by().values_list("provider", flat=True).distinct()
    watched = set(Lane.objects.watched().values_list("provider", flat=True))
    return [Decision(step=Step.POLL, lane=slug) for slug in due if slug not in watched]


def _remote() -> list[str]:
    known = registry.all_providers().items()
    return [slug for slug, provider in known if not provider.renders_here]


def lanes() -> list[str]:
    """The lanes where somebody is ready to go, and may."""
    ready = Job.objects.filter(status=JobStatus.QUEUED).ready()
    slugs = ready.order_by("provider").values_list("provider", flat=True).distinct()
    closed = set(Lane.objects.closed().values_list("provider", flat=True))
    return [slug for slug in slugs if slug not in closed]


def budgets(team: Team | None = None) -> list[Job]:
    """Give waiting jobs their hold, oldest first, as far as the budgets go.

    One that has no room stops nobody else: another project's, person's or provider's may have some.
    """
    waiting = Job.objects.filter(status=JobStatus.WAITING).order_by("pk")
    if team:
        waiting = waiting.of_team(team)
    promoted: list[Job] = []
    full: dict[tuple[object, ...], int] = {}
    for job in waiting.select_related("team", "clip", "price"):
        counts = (job.team_id, job.clip.project_id, job.author_id, job.provider)
        if counts in full and job.quoted >= full[counts]:
            continue  # the same budgets had no room for less
        if promote(job):
            promoted.append(job)
        else:
            full[counts] = job.quoted
    return promoted


def promote(job: Job) -> bool:
    """Put a job that waits for its budget into the line; False when it has to wait on."""
    if lacking := ledger.short_of(job):
        _say_why(job, lacking[0])
        return False
    try:
        with transaction.atomic():
            moved = job.move(JobStatus.QUEUED, next_step_at=timezone.now())
            if moved:
                ledger.hold(job)
    except BudgetExceeded:
        return False
    return moved


def _say_why(job: Job, room: ledger.Room) -> None:
    """Where it waits for another budget now than it says."""
    if job.problem and not job.problem.endswith(f"in {room.name}."):
        job.problem = room.sentence
        Job.objects.filter(pk=job.pk, status=JobStatus.WAITING).update(problem=job.problem)
        job.touch()


def leftovers() -> int:
    """Tidy up after jobs that ended when nobody was there to do it; say how many."""
    tidied = 0
    for provider in registry.all_providers().values():
        ended = Attempt.objects.filter(remote_id__in=provider.kept(), job__status__in=TERMINAL)
        for remote_id in ended.values_list("remote_id", flat=True):
            provider.forget(remote_id)
            tidied += 1
    return tidied
