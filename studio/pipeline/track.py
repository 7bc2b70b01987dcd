"""running → saving: ask the provider how the order stands."""

from datetime import timedelta

from django.utils import timezone

from studio.core.decision import Decision, Step
from studio.core.errors import ProviderUnavailable
from studio.core.status import JobStatus
from studio.models import Attempt, Job
from studio.pipeline import settle
from studio.pipeline.problems import rest
from studio.providers.base import Update, Verdict
from studio.providers.registry import provider_of

POLL_SECONDS = 5
UNAVAILABLE_SECONDS = 30


def poll(job: Job) -> Decision:
    """Ask once, and follow the verdict; only a verdict moves money."""
    provider = provider_of(job.provider)
    try:
        update = provider.poll(accepted_attempt(job).remote_id)
    except ProviderUnavailable:
        return _ask_again(job, UNAVAILABLE_SECONDS)
    if update.verdict != Verdict.RUNNING:
        return FOLLOW[update.verdict](job, update)
    if provider.renders_here:
        return Decision(step=Step.RENDER, job_id=job.pk)
    return _ask_again(job, POLL_SECONDS)


def _ask_again(job: Job, seconds: int) -> Decision:
    """The sweep comes back to it: the row says when, not a message."""
    later = timezone.now() + timedelta(seconds=seconds)
    Job.objects.active().filter(pk=job.pk).update(next_step_at=later)
    return rest(job)


def accepted_attempt(job: Job) -> Attempt:
    """The attempt that the provider accepted; its `remote_id` is the provider's name for it."""
    return job.attempts.filter(outcome=Attempt.Outcome.ACCEPTED).latest("number")


def _succeeded(job: Job, _update: Update) -> Decision:
    job.move(JobStatus.SAVING, next_step_at=timezone.now(), phase="")
    return Decision(step=Step.SAVE, job_id=job.pk)


def _failed(job: Job, update: Update) -> Decision:
    reason = update.reason or "The provider could not make this, and gave no reason."
    return settle.fail(job, reason)


FOLLOW = {Verdict.SUCCEEDED: _succeeded, Verdict.FAILED: _failed}
