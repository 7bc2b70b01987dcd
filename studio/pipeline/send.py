"""queued → sending → running: fill a lane's free slots, first in line first."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio import ledger
from studio.core.decision import Decision, Step
from studio.core.errors import ProviderError, ProviderUnavailable, StorageFull
from studio.core.status import JobStatus
from studio.models import Attempt, Job, Lane
from studio.pipeline import brief as briefs
from studio.pipeline import lease
from studio.pipeline.problems import keep_for_a_person
from studio.providers.base import Provider
from studio.providers.registry import provider_of

PLACES_SHOWN = 9  # cards of jobs further back say that there are more ahead


def fill(slug: str) -> list[Decision]:
    """Send queued jobs of this lane until its slots are taken; return what follows for each."""
    decisions = []
    while job := _next(slug):
        decisions.append(_send(job, provider_of(slug)))
    return decisions


def again(job: Job) -> Decision:
    """The worker that was sending this job died before it wrote down the answer.

    A built-in engine knows its reference, so it is told again. For everybody else the order is
    maybe sent: the hold stays and a person is asked.
    """
    if provider_of(job.provider).renders_here:
        return _send(job, provider_of(job.provider))
    job.move(JobStatus.UNCERTAIN, next_step_at=None, note="No answer came back.")
    return Decision(step=Step.REST, job_id=job.pk)


def _next(slug: str) -> Job | None:
    """Take the first job in line into a free slot, or nothing.

    The lane's row is locked, so that two workers never fill the same slot.
    """
    with transaction.atomic():
        lane = Lane.objects.select_for_update().filter(provider=slug).first()
        if lane is None or Job.objects.in_slots(slug).count() >= lane.slots:
            return None
        job = Job.objects.queued(slug).select_related("clip", "price", "team").first()
        mine: dict[str, Any] = {"lease_owner": lease.owner(), "lease_until": lease.until()}
        if job is None or not job.move(JobStatus.SENDING, problem="", **mine):
            return None
        _tell_the_line(slug)
        number = job.attempts.count() + 1
        Attempt.objects.create(job=job, number=number, reference=f"dl-{job.pk}-{uuid.uuid4().hex}")
    return job


def _tell_the_line(slug: str) -> None:
    """Everybody behind has moved up by one; the cards show the place of the first few."""
    for job in Job.objects.queued(slug).select_related("clip")[:PLACES_SHOWN]:
        job.touch()


def _send(job: Job, provider: Provider) -> Decision:
    attempt = job.attempts.order_by("number").last()
    assert attempt, "committed with the move to sending"
    try:
        receipt = provider.submit(briefs.of(job, attempt))
    except ProviderUnavailable as error:
        return _back_in_line(job, attempt, error)
    except StorageFull as error:
        return keep_for_a_person(job, error)
    except ProviderError as error:
        return refuse(job, attempt, error)
    return running(job, attempt, receipt.remote_id)


def running(job: Job, attempt: Attempt, remote_id: str) -> Decision:
    """The provider has it: remember its name for the job, and go on."""
    now = timezone.now()
    with transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(
            remote_id=remote_id, outcome=Attempt.Outcome.ACCEPTED
        )
        job.move(JobStatus.RUNNING, started_at=now, next_step_at=now)
    here = provider_of(job.provider).renders_here
    return Decision(step=Step.RENDER if here else Step.TRACK, job_id=job.pk)


def _back_in_line(job: Job, attempt: Attempt, error: ProviderError) -> Decision:
    """Surely not received: the same place in line, after a pause."""
    with transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(outcome=Attempt.Outcome.UNSENT)
        job.move(JobStatus.QUEUED, problem=error.message, next_step_at=timezone.now())
    return Decision(step=Step.REST, job_id=job.pk)


def refuse(job: Job, attempt: Attempt, error: ProviderError) -> Decision:
    """A definite refusal of the first send: nothing was made, so nothing is charged."""
    with transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(outcome=Attempt.Outcome.REFUSED)
        if job.move(JobStatus.FAILED, error=error.message, note=error.message):
            ledger.settle(job, charge=0, cause="refused")
    return Decision(step=Step.SEND, job_id=job.pk)
