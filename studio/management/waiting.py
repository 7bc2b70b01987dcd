"""Wait for a job's end; where nobody else works on it, do the work in this process."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event

from django.conf import settings
from django.utils import timezone

from studio.core.decision import Decision, Step
from studio.core.status import JobStatus
from studio.management import lock
from studio.models import Job, Lane
from studio.pipeline import drive, sweep

PAUSE_SECONDS = 0.25
PATIENCE = timedelta(seconds=2)  # how long the workers of a running studio may leave a job alone

FOUND_WITHIN = timedelta(
    seconds=60
)  # how long a lost order is waited for; the studio goes on asking

Show = Callable[[Job], None]


def workers_run() -> bool:
    """Whether somebody else is there to do the work: `up` on this folder, or workers elsewhere."""
    return bool(settings.BROKER_URL) or lock.is_held(settings.DATA)


def obstacle(job: Job) -> str | None:
    """Why the job will not go on without a person, or None."""
    if not job.is_active or job.lease_owner:
        return None
    if job.status == JobStatus.UNCERTAIN and not _is_young(job):
        return job.problem
    if job.next_step_at is not None:
        return _obstacle_of_lane(job)
    return job.problem or "The job waits for a person, on the queue page."


def _is_young(job: Job) -> bool:
    """Whether the answer was lost just now: a provider that knows our references finds it soon."""
    sent = job.attempts.exclude(sent_at=None).order_by("number").last()
    return bool(sent and sent.sent_at and timezone.now() - sent.sent_at < FOUND_WITHIN)


def _obstacle_of_lane(job: Job) -> str | None:
    if job.status != JobStatus.QUEUED:
        return None
    paused = Lane.objects.paused().filter(provider=job.provider)
    return paused.values_list("paused_for", flat=True).first()


class Wait:
    """Watches one job; `stop` ends the watching, and the job goes on with the next worker."""

    def __init__(self, job: Job, *, stop: Event, show: Show) -> None:
        self.job = job
        self.stop = stop
        self.show = show
        self.last_look = 0.0

    def until_the_end(self) -> None:
        """Returns when the job has ended, waits for a person, or `stop` is set."""
        while not self._is_over():
            if not self._work(self._open_decisions()):
                self.stop.wait(PAUSE_SECONDS)

    def _is_over(self) -> bool:
        self.job.refresh_from_db()
        self.show(self.job)
        return self.stop.is_set() or not self.job.is_active or obstacle(self.job) is not None

    def _open_decisions(self) -> list[Decision]:
        """What this process should do: all that is due, or with workers just what they left."""
        if not workers_run():
            return drive.catch_up()
        left = Job.objects.due().filter(pk=self.job.pk, next_step_at__lt=timezone.now() - PATIENCE)
        return [sweep.next_step(job) for job in left.filter(status__in=sweep.STEPS)]

    def _work(self, decisions: list[Decision]) -> bool:
        """Take each step and what follows from it, most urgent first; say if there were any."""
        worked = False
        while decisions and not self._is_over():
            decisions.sort(key=self._urgency)
            decision = decisions.pop(0)
            if not decision.after_seconds:  # what is for later is found by its row when it is due
                decisions += drive.take(decision, should_stop=self._look_up)
                worked = True
        return worked

    def _urgency(self, decision: Decision) -> tuple[bool, bool]:
        """Pixels that are made are stored before others are begun; our own job's come first."""
        return decision.step == Step.RENDER, decision.job_id != self.job.pk

    def _look_up(self) -> bool:
        """Asked between frames: now and then show how far it is, and say when to stop."""
        if time.monotonic() - self.last_look > PAUSE_SECONDS:
            self.last_look = time.monotonic()
            self.job.refresh_from_db(fields=["status", "progress", "phase"])
            self.show(self.job)
        return self.stop.is_set() or not self.job.is_active
