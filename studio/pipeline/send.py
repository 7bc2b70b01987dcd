"""sending → running: give one order to its provider, once."""

import logging
import time
from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio import notices
from studio.core.decision import Decision
from studio.core.errors import (
    ProviderBlocked,
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
    StorageFailed,
    StorageFull,
    StudioError,
    UnsafeAddress,
    Unsupported,
)
from studio.core.status import JobStatus
from studio.models import Attempt, Job
from studio.pipeline import answers, lanes, lease
from studio.pipeline import brief as briefs
from studio.pipeline.problems import keep_for_a_person, rest
from studio.providers.base import LONGEST_CALL_SECONDS, Brief
from studio.providers.registry import provider_of

# So long a worker may have been stopped between two lines, and its lease still outlasts the call.
PATIENCE_SECONDS = lease.SENDING_SECONDS - LONGEST_CALL_SECONDS

UNSENT = Attempt.Outcome.UNSENT

logger = logging.getLogger(__name__)

Follow = Callable[[Job, Attempt, ProviderError], Decision]

# What a refusal of the first send means; the first line that fits counts. What is in no line may
# have arrived.
AFTER: tuple[tuple[type[ProviderError], Follow], ...] = (
    (ProviderBusy, answers.busy),
    (ProviderUnavailable, answers.unavailable),
    (ProviderBlocked, answers.blocked),
    (ProviderRejected, answers.refused),
    (Unsupported, answers.refused),
    (ProviderError, answers.lost),
)
# Raised in this house before anything leaves it.
OURS = (StorageFull, StorageFailed, UnsafeAddress)


def send(job: Job) -> Decision:
    """Send the order of a job that has a slot, or find out what became of it.

    A worker that died before it wrote `sent_at` surely sent nothing: the same attempt goes on.
    """
    with lease.leased(job, seconds=lease.SENDING_SECONDS) as ours:
        return _send(job) if ours else rest(job)


def keep_in_line(job: Job, error: StudioError) -> Decision:
    """An order that never left waits for a person in line, where it can be edited or cancelled."""
    with transaction.atomic():
        job.lock()
        if job.status == JobStatus.SENDING and _unmarked(job).update(outcome=UNSENT):
            job.move(JobStatus.QUEUED, problem=error.message, next_step_at=None)
            notices.job_stopped(job)
            return rest(job)
    return keep_for_a_person(job, error)


def _unmarked(job: Job) -> QuerySet[Attempt]:
    """The job's attempt, as long as nothing of it can have left."""
    return Attempt.objects.filter(job=job, outcome="", sent_at=None)


def _send(job: Job) -> Decision:
    attempt = job.attempts.latest("number")
    if attempt.sent_at:
        return answers.lost(job, attempt)
    if not lanes.is_open(job.provider):
        return answers.back_in_line(job, attempt, next_step_at=timezone.now())
    brief = briefs.of(job, attempt)
    here = provider_of(job.provider).renders_here
    return _submit(job, attempt, brief) if here else _hand_over(job, attempt, brief)


def _hand_over(job: Job, attempt: Attempt, brief: Brief) -> Decision:
    """The point of no return: from the mark on the order is maybe sent, unless we know better."""
    begun = time.monotonic()
    if not _mark(job):
        return rest(job)
    if time.monotonic() - begun > PATIENCE_SECONDS:  # stopped, and perhaps thought to be dead
        return answers.back_in_line(job, attempt, next_step_at=timezone.now())
    return _submit(job, attempt, brief)


def _mark(job: Job) -> bool:
    """Write down that the order leaves now; False when it is no longer this worker's to send."""
    with transaction.atomic():
        ours = job.keep_lease(lease.owner(), lease.until(lease.SENDING_SECONDS))
        return ours and bool(_unmarked(job).update(sent_at=timezone.now()))


def _submit(job: Job, attempt: Attempt, brief: Brief) -> Decision:
    provider = provider_of(job.provider)
    try:
        receipt = provider.submit(brief)
    except OURS as error:
        return answers.back_in_line(job, attempt, problem=error.message, next_step_at=None)
    except ProviderError as error:
        return _follow_of(error)(job, attempt, error)
    except Exception as error:
        if provider.renders_here:  # nothing has left this machine
            raise
        logger.exception("%s may have been sent", job)
        return answers.lost(job, attempt, error)
    return answers.running(job, attempt, receipt)


def _follow_of(error: ProviderError) -> Follow:
    return next(follow for kind, follow in AFTER if isinstance(error, kind))
