"""What follows from what a provider said, or did not say, to an order."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio import ledger, notices
from studio.core.decision import Decision, Step
from studio.core.errors import ProviderBlocked, ProviderError, StudioError
from studio.core.status import MAYBE_WITH_THE_PROVIDER, JobStatus
from studio.models import Attempt, Job
from studio.models.jobs import raw_text
from studio.pipeline import lanes, lease, pace, track, undecided
from studio.pipeline.problems import pause_after, rest
from studio.providers.base import Receipt
from studio.providers.registry import provider_of

LOST = "No answer came back: it may have been sent."
ASKS = f"{LOST} Dailies goes on asking."
PERSON = f"{LOST} An admin has to look at the provider."

logger = logging.getLogger(__name__)


def running(job: Job, attempt: Attempt, receipt: Receipt) -> Decision:
    """The provider has it: remember its name for the job, and go on.

    The answer may come so late that the job is thought to be lost: it is found again. What an admin
    has given up meanwhile stays so, but the name is kept and told: there may be a bill for it.
    """
    with transaction.atomic():
        job.lock()
        wanted = _accept(job, attempt, receipt) and job.status in MAYBE_WITH_THE_PROVIDER
        if wanted:
            _run(job, since=attempt.sent_at)
    if wanted and receipt.update and track.is_verdict(receipt.update):
        return track.follow(job, attempt, receipt.update)
    if provider_of(job.provider).renders_here:
        return Decision(step=Step.RENDER, job_id=job.pk)
    return Decision(step=Step.POLL, lane=job.provider)


def _accept(job: Job, attempt: Attempt, receipt: Receipt) -> bool:
    """Note name and verdict; False for an attempt that was given up."""
    attempt.refresh_from_db()
    given_up = attempt.outcome == Attempt.Outcome.GIVEN_UP
    if given_up:
        logger.warning("%s was given up, and accepted as %s", attempt, receipt.remote_id)
        undecided.tell_billable(job, attempt, receipt.remote_id)
    outcome = attempt.outcome if given_up else Attempt.Outcome.ACCEPTED
    _note(attempt, remote_id=receipt.remote_id, outcome=outcome)
    if receipt.update and track.is_verdict(receipt.update):
        track.keep(attempt, receipt.update)
    return not given_up


def _run(job: Job, *, since: datetime | None) -> None:
    now = timezone.now()
    here = provider_of(job.provider).renders_here
    due = now if here else now + pace.first()
    job.move(JobStatus.RUNNING, started_at=since or now, next_step_at=due)


def unavailable(job: Job, attempt: Attempt, error: ProviderError) -> Decision:
    """Surely not received: the same place in line, after a pause."""
    pause = pause_after(attempt.number, asked=error.retry_after)
    return back_in_line(
        job, attempt, error, problem=error.message, next_step_at=timezone.now() + pause
    )


def busy(job: Job, attempt: Attempt, error: ProviderError) -> Decision:
    """Too much at one time: the whole lane leaves the provider alone for a while."""
    lanes.rest(job.provider, pause_after(attempt.number, asked=error.retry_after).total_seconds())
    return back_in_line(job, attempt, error, next_step_at=timezone.now())


def blocked(job: Job, attempt: Attempt, error: ProviderError) -> Decision:
    """Nothing will be accepted until an admin acts: the lane pauses, the job waits in it."""
    assert isinstance(error, ProviderBlocked), "the table of errors says so"
    lanes.pause(job.provider, error)
    return back_in_line(job, attempt, error, next_step_at=timezone.now())


def back_in_line(
    job: Job, attempt: Attempt, error: ProviderError | None = None, **changes: Any
) -> Decision:
    """The order surely never left, so the job stands where it stood, and gets another attempt."""
    with transaction.atomic():
        if _is_ours(job):
            _note(attempt, outcome=Attempt.Outcome.UNSENT, sent_at=None, raw=_raw(error))
            note = error.message if error else ""
            job.move(JobStatus.QUEUED, note=note, **changes)
    return rest(job)


def refused(job: Job, attempt: Attempt, error: ProviderError) -> Decision:
    """A definite refusal of the first send: nothing was made, so nothing is charged."""
    with transaction.atomic():
        if _is_ours(job):
            _note(attempt, outcome=Attempt.Outcome.REFUSED, raw=_raw(error))
            job.move(
                JobStatus.FAILED, error=error.message, category=error.category, note=error.message
            )
            ledger.settle(job, charge=0, cause="refused")
            notices.job_ended(job)
    return rest(job)


def lost(job: Job, attempt: Attempt, error: Exception | None = None) -> Decision:
    """Nobody can tell whether the provider has it, so the hold stays whatever comes later.

    Where the provider knows our references it is asked; elsewhere a person has to look.
    """
    with transaction.atomic():
        if not _is_ours(job):
            return rest(job)
        attempt.refresh_from_db()  # a call of the provider may have told its name
        due = _next_search(job, attempt, at_once=error is None)
        why = ASKS if due else PERSON
        if error:
            _note(attempt, raw=_raw(error))
        job.move(JobStatus.UNCERTAIN, next_step_at=due, problem=why, note=why)
        if not due:
            notices.job_stopped(job)
    return rest(job) if error or not due else Decision(step=Step.RESOLVE, job_id=job.pk)


def _next_search(job: Job, attempt: Attempt, *, at_once: bool) -> datetime | None:
    pause = timedelta() if at_once else pace.search(0)
    return timezone.now() + pause if can_ask(job, attempt) else None


def can_ask(job: Job, attempt: Attempt) -> bool:
    """Whether there is anything to find the order by: our reference, or a name that we were told."""
    provider = provider_of(job.provider)
    return provider.replays or provider.looks_up or bool(attempt.remote_id)


def _is_ours(job: Job) -> bool:
    """Whether this worker is still the one that sends it; locks the job.

    Another one that took it over holds the order for maybe sent, which no answer of ours clears.
    """
    job.lock()
    return job.status == JobStatus.SENDING and job.lease_owner == lease.owner()


def _note(attempt: Attempt, **changes: Any) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(**changes)


def _raw(error: Exception | None) -> str:
    """What the provider said word for word, or what went wrong on the way."""
    if error is None:
        return ""
    if isinstance(error, StudioError):
        return raw_text(getattr(error, "raw", "") or error.message)
    return raw_text(f"{type(error).__name__}: {error}")
