"""One shot as several models made it, to be seen side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.core.status import JobStatus
from studio.models import Clip, Job, Take

MOST = 6  # more of them could not be told apart on a screen
LOOKED_AT = 100


@dataclass(frozen=True, kw_only=True)
class Side:
    """A job with its takes, the first of which is shown; none while it is not done."""

    job: Job
    takes: Sequence[Take]

    @property
    def take(self) -> Take | None:
        return self.takes[0] if self.takes else None

    @property
    def seconds(self) -> float | None:
        """How long it took from sent to stored."""
        if not (self.job.started_at and self.job.ended_at):
            return None
        return max((self.job.ended_at - self.job.started_at).total_seconds(), 0.0)


def sides(clip: Clip) -> list[Side]:
    """The newest job of each model with the prompt of the clip's newest one, oldest first.

    So a bake-off shows what it made, a rehearsal stands beside what was shot for real, and what was
    tried again stands there once. Cancelled jobs are left out. Two queries.
    """
    jobs = clip.jobs.exclude(status=JobStatus.CANCELLED).order_by("-pk")[:LOOKED_AT]
    newest: dict[tuple[str, str], Job] = {}
    prompt: str | None = None
    for job in jobs:
        prompt = job.order.prompt if prompt is None else prompt
        if job.order.prompt == prompt:
            newest.setdefault((job.provider, job.model), job)
    shown = sorted(list(newest.values())[:MOST], key=lambda job: job.pk)
    return [Side(job=job, takes=takes) for job, takes in _with_takes(shown)]


def _with_takes(jobs: Sequence[Job]) -> list[tuple[Job, list[Take]]]:
    made = Take.objects.filter(job__in=jobs).select_related("video", "poster").order_by("number")
    takes: dict[int, list[Take]] = {job.pk: [] for job in jobs}
    for take in made:
        takes[take.job_id].append(take)
    return [(job, takes[job.pk]) for job in jobs]
