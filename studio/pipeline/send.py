"""queued → sending → running: fill a lane's free slots, first in line first."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio import ledger
from studio.core.decision import Decision, Step
from studio.core.errors import (
    InvalidOrder,
    ProviderError,
    ProviderUnavailable,
    StorageFailed,
    StorageFull,
    StudioError,
)
from studio.core.status import MAYBE_WITH_THE_PROVIDER, JobStatus
from studio.models import Attempt, Job, Lane
from studio.pipeline import brief as briefs
from studio.pipeline import lease
from studio.pipeline.problems import guarded, keep_for_a_person, pause_after, rest
from studio.providers.base import Brief
from studio.providers.registry import provider_of

PLACES_SHOWN = 9  # cards of jobs further back say that there are more ahead


def fill(slug: str) -> list[Decision]:
    """Send queued jobs of this lane until its slots are taken; return what follows for each."""
    try:
        provider_of(slug)
    except InvalidOrder as error:
        stranded = Job.objects.queued(slug).ready().select_related("clip")
        return [keep_for_a_person(job, error) for job in stranded]
    decisions = []
    while job := _next(slug):
        decisions.append(guarded(_send, job))
    if decisions:
        _tell_the_line(slug)
    return decisions


def again(job: Job) -> Decision:
    """The worker that was sending this job died before it wrote down the answer.

    A built-in engine knows its reference, so it is told again. For everybody else the order is
    maybe sent: the hold stays and a person is asked.
    """
    with lease.leased(job) as ours:
        if not ours:
            return rest(job)
        if provider_of(job.provider).renders_here:
            return _send(job)
        lost = "No answer came back: it may have been sent. An admin has to look at the provider."
        job.move(JobStatus.UNCERTAIN, next_step_at=None, problem=lost, note=lost)
        return rest(job)


def _next(slug: str) -> Job | None:
    """Take the first job in line into a free slot, or nothing.

    The lane's row is locked, so that two workers never fill the same slot.
    """
    Lane.objects.get_or_create(provider=slug, defaults={"slots": 1})
    with transaction.atomic():
        lane = Lane.objects.select_for_update(no_key=True).get(provider=slug)
        ready = Job.objects.queued(slug).ready().select_related("clip", "price", "team")
        while Job.objects.in_slots(slug).count() < lane.slots and (job := ready.first()):
            if _claim(job):
                return job
    return None


def _claim(job: Job) -> bool:
    """Move to sending, with the attempt; False when the job was cancelled in this moment."""
    mine: dict[str, Any] = {"lease_owner": lease.owner(), "lease_until": lease.until(), "tries": 1}
    if not job.move(JobStatus.SENDING, **mine):
        return False
    number = job.attempts.count() + 1
    Attempt.objects.create(job=job, number=number, reference=f"dl-{job.pk}-{uuid.uuid4().hex}")
    return True


def _tell_the_line(slug: str) -> None:
    """Everybody behind has moved up by one; the cards show the place of the first few."""
    for job in Job.objects.queued(slug).select_related("clip")[:PLACES_SHOWN]:
        job.touch()


def _send(job: Job) -> Decision:
    attempt = job.attempts.latest("number")
    try:
        brief = briefs.of(job, attempt)
    except StudioError as error:
        return _back_in_line(job, attempt, problem=error.message, next_step_at=None)
    return _submit(job, attempt, brief)


def _submit(job: Job, attempt: Attempt, brief: Brief) -> Decision:
    try:
        receipt = provider_of(job.provider).submit(brief)
    except ProviderUnavailable as error:
        later = timezone.now() + pause_after(attempt.number)
        return _back_in_line(job, attempt, problem=error.message, next_step_at=later)
    except (StorageFull, StorageFailed) as error:  # an engine here has no room to begin
        return _back_in_line(job, attempt, problem=error.message, next_step_at=None)
    except ProviderError as error:
        return refuse(job, attempt, error)
    return running(job, attempt, receipt.remote_id)


def running(job: Job, attempt: Attempt, remote_id: str) -> Decision:
    """The provider has it: remember its name for the job, and go on.

    The answer may come so late that the job is thought to be lost: it is found again.
    """
    now = timezone.now()
    with transaction.atomic():
        _note(attempt, Attempt.Outcome.ACCEPTED, remote_id=remote_id)
        if _may_be_with_the_provider(job):
            job.move(JobStatus.RUNNING, started_at=now, next_step_at=now)
    here = provider_of(job.provider).renders_here
    return Decision(step=Step.RENDER if here else Step.TRACK, job_id=job.pk)


def _may_be_with_the_provider(job: Job) -> bool:
    job.lock()
    return job.status in MAYBE_WITH_THE_PROVIDER


def _note(attempt: Attempt, outcome: Attempt.Outcome, **changes: Any) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(outcome=outcome, **changes)


def _back_in_line(job: Job, attempt: Attempt, **changes: Any) -> Decision:
    """Surely not received: the same place in line, after a pause or when a person says so."""
    with transaction.atomic():
        _note(attempt, Attempt.Outcome.UNSENT)
        if _may_be_with_the_provider(job):
            job.move(JobStatus.QUEUED, **changes)
    return rest(job)


def refuse(job: Job, attempt: Attempt, error: ProviderError) -> Decision:
    """A definite refusal of the first send: nothing was made, so nothing is charged."""
    with transaction.atomic():
        _note(attempt, Attempt.Outcome.REFUSED)
        sent = _may_be_with_the_provider(job)
        if sent and job.move(JobStatus.FAILED, error=error.message, note=error.message):
            ledger.settle(job, charge=0, cause="refused")
    return rest(job)
