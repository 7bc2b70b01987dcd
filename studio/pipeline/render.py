"""running, for engines on this machine: make the pixels, and stop when the row says so."""

import time
from collections.abc import Callable

from studio.core.decision import Decision, Step
from studio.core.errors import ProviderError, ProviderRejected
from studio.models import Job
from studio.pipeline import brief as briefs
from studio.pipeline import lease, settle
from studio.pipeline.problems import keep_for_a_person, rest
from studio.pipeline.track import accepted_attempt
from studio.providers.base import Stopped, Verdict
from studio.providers.registry import provider_of
from studio.storage.errors import as_storage_error

HEARTBEAT_SECONDS = 0.4

ShouldStop = Callable[[], bool]


def render(job: Job, *, should_stop: ShouldStop = lambda: False) -> Decision:
    """Render all takes of a running job under a lease.

    `should_stop` is asked between frames; when this process is to end, the job stays running and
    due, and the next worker goes on with it. A cancelled job ends within a heartbeat.
    """
    with lease.leased(job) as ours:
        return _render(job, Heartbeat(job, should_stop)) if ours else rest(job)


def _render(job: Job, heartbeat: "Heartbeat") -> Decision:
    provider = provider_of(job.provider)
    attempt = accepted_attempt(job)
    try:
        provider.render(briefs.of(job, attempt), attempt.remote_id, report=heartbeat)
    except Stopped:
        job.refresh_from_db()
        if not job.is_active:  # cancelled: nobody comes back for what is half made
            provider.forget(attempt.remote_id)
        return rest(job)
    except ProviderRejected as error:
        provider.forget(attempt.remote_id)
        return settle.fail(job, error.message, category=error.category)
    except OSError as error:
        return keep_for_a_person(job, as_storage_error(error))
    if provider.poll(attempt.remote_id).verdict == Verdict.RUNNING:
        raise ProviderError(f"{provider.label} ended without a result.")
    return Decision(step=Step.TRACK, job_id=job.pk)


class Heartbeat:
    """Called after every frame: now and then keeps the lease and stores the progress.

    Answers False when the row was cancelled or taken over, or when this process is to end.
    """

    def __init__(self, job: Job, should_stop: ShouldStop) -> None:
        self.job = job
        self.should_stop = should_stop
        self.owner = lease.owner()
        self.last = 0.0
        self.shown: tuple[int, str] | None = None

    def __call__(self, done: int, total: int, phase: str) -> bool:
        if self.should_stop():
            return False
        now = time.monotonic()
        if now - self.last < HEARTBEAT_SECONDS and done < total:
            return True
        self.last = now
        return self._write(100 * done // max(total, 1), phase)

    def _write(self, percent: int, phase: str) -> bool:
        changes = {"progress": percent, "phase": phase, "problem": ""}
        ours = self.job.keep_lease(self.owner, lease.until(), **changes)
        if ours and (percent, phase) != self.shown:
            self.shown = (percent, phase)
            self.job.touch()
        return ours
