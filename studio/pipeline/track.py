"""running → saving or failed: what an engine here has made, and what a verdict means."""

from django.db import transaction
from django.utils import timezone

from studio.core.decision import Decision, Step
from studio.core.errors import Moderated, ProviderError
from studio.core.money import words
from studio.core.status import JobStatus
from studio.models import Attempt, Job
from studio.models.jobs import raw_text, storable
from studio.pipeline import settle
from studio.pipeline.problems import rest
from studio.providers.base import Provider, Update, Verdict
from studio.providers.registry import provider_of


def look(job: Job) -> Decision:
    """See what the engine has finished; what is missing is rendered."""
    provider, attempt = provider_of(job.provider), accepted_attempt(job)
    update = provider.poll(attempt.remote_id)
    if is_verdict(update):
        return follow(job, attempt, update)
    return Decision(step=Step.RENDER, job_id=job.pk)


def is_verdict(update: Update) -> bool:
    """A success without a file is none yet."""
    return update.verdict == Verdict.FAILED or bool(
        update.verdict == Verdict.SUCCEEDED and update.results
    )


def follow(job: Job, attempt: Attempt, update: Update) -> Decision:
    """Do what the provider's verdict says; only a verdict moves money."""
    with transaction.atomic():
        job.lock()
        if job.status != JobStatus.RUNNING:
            return rest(job)
        keep(attempt, update)
        if update.verdict == Verdict.FAILED:
            return _failed(job, update)
        job.move(JobStatus.SAVING, next_step_at=timezone.now(), phase="")
    return Decision(step=Step.SAVE, job_id=job.pk)


def keep(attempt: Attempt, update: Update) -> None:
    """Store the verdict: some providers say it only once, and an admin may want to read it."""
    noted = Attempt.objects.filter(pk=attempt.pk)
    noted.update(answer=storable(update.to_json()), raw=raw_text(update.raw))


def _failed(job: Job, update: Update) -> Decision:
    reason = update.reason or "The provider could not make this, and gave no reason."
    category = update.category or ProviderError.category
    provider = provider_of(job.provider)
    told = update.charge or 0
    if category != Moderated.category:
        return settle.fail(job, reason, category=category, charge=told, unit=provider.unit)
    return settle.fail(job, reason, category=category, note=_unbilled(provider, reason, told))


def _unbilled(provider: Provider, reason: str, told: int) -> str:
    """What is refused for its content costs the team nothing; what the provider says of it all the
    same stands in the history, for whoever reads its bill."""
    if not told:
        return reason
    amount = f"{words(told)} {provider.unit}"
    return f"{reason} {provider.label} says that it charged {amount}; the team pays nothing."


def accepted_attempt(job: Job) -> Attempt:
    """The attempt that the provider accepted; its `remote_id` is the provider's name for it."""
    return job.attempts.filter(outcome=Attempt.Outcome.ACCEPTED).latest("number")
