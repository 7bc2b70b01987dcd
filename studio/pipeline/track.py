"""running → saving: ask the provider how the order stands."""

from django.utils import timezone

from studio.core.decision import Decision, Step
from studio.core.errors import ProviderRejected
from studio.core.status import JobStatus
from studio.models import Attempt, Job
from studio.pipeline import settle
from studio.providers.base import Update, Verdict
from studio.providers.registry import provider_of


def poll(job: Job) -> Decision:
    """Ask once, and follow the verdict; only a verdict moves money."""
    provider = provider_of(job.provider)
    update = provider.poll(remote_id_of(job))
    if update.verdict == Verdict.RUNNING:
        again = Step.RENDER if provider.renders_here else Step.TRACK
        return Decision(step=again, job_id=job.pk)
    return FOLLOW[update.verdict](job, update)


def remote_id_of(job: Job) -> str:
    """The provider's name for the attempt that it accepted."""
    accepted = job.attempts.filter(outcome=Attempt.Outcome.ACCEPTED)
    return accepted.latest("number").remote_id


def _succeeded(job: Job, _update: Update) -> Decision:
    job.move(JobStatus.SAVING, next_step_at=timezone.now(), phase="", problem="")
    return Decision(step=Step.SAVE, job_id=job.pk)


def _failed(job: Job, update: Update) -> Decision:
    return settle.fail(job, ProviderRejected(update.reason).message)


FOLLOW = {Verdict.SUCCEEDED: _succeeded, Verdict.FAILED: _failed}
