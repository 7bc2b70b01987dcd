"""uncertain → running: find an order that may have been sent, by whatever its provider offers.

Nothing that is found out here ever says that it was not sent: not found may mean not yet shown, and
a refusal of the second sending says nothing about the first. So the job is found, or waits.
"""

import re
from datetime import timedelta

from django.utils import timezone

from studio.core.decision import Decision
from studio.core.errors import (
    ProviderBlocked,
    ProviderConfused,
    ProviderError,
    ProviderRejected,
    StudioError,
)
from studio.core.status import JobStatus
from studio.models import Attempt, Job
from studio.models.jobs import raw_text
from studio.pipeline import answers, lanes, lease, pace
from studio.pipeline import brief as briefs
from studio.pipeline.problems import keep_for_a_person, rest
from studio.providers.base import Brief, Provider, Receipt
from studio.providers.registry import provider_of

LONGEST = timedelta(days=1)
REFERENCE = re.compile(r"dl-\d+-[0-9a-f]{32}")


def resolve(job: Job) -> Decision:
    """Look once; not found, look again later, up to a day, and then ask a person."""
    with lease.leased(job, seconds=lease.SENDING_SECONDS) as ours:
        return _resolve(job, job.attempts.latest("number")) if ours else rest(job)


def _resolve(job: Job, attempt: Attempt) -> Decision:
    asked = None
    try:
        if receipt := _found(job, attempt, provider_of(job.provider)):
            return answers.running(job, attempt, receipt)
    except ProviderError as error:
        asked = error.retry_after
        Attempt.objects.filter(pk=attempt.pk).update(raw=raw_text(error.raw or error.message))
        if isinstance(error, ProviderBlocked):
            lanes.pause(job.provider, error)
    return _later(job, attempt, asked=asked)


def _found(job: Job, attempt: Attempt, provider: Provider) -> Receipt | None:
    """The order at its provider; None where nobody knows yet."""
    if attempt.remote_id and (receipt := _named(attempt, provider)):
        return receipt
    if provider.replays and lanes.is_open(job.provider):
        return provider.submit(briefs.of(job, attempt, again=True))
    if provider.looks_up:
        return provider.look_up(Brief(order=job.order, reference=attempt.reference))
    return None


def _named(attempt: Attempt, provider: Provider) -> Receipt | None:
    """The order by the name that somebody gave us who knew the secret address of the attempt.

    It counts once the provider itself knows that name, and says nothing of another order of ours.
    """
    try:
        update = provider.poll(attempt.remote_id)
    except (ProviderRejected, ProviderConfused):
        return None
    named = REFERENCE.findall(update.raw)
    if (named and attempt.reference not in named) or _is_taken(attempt):
        return None
    return Receipt(remote_id=attempt.remote_id, update=update)


def _is_taken(attempt: Attempt) -> bool:
    """Whether another job has this very order of the provider."""
    same = Attempt.objects.filter(remote_id=attempt.remote_id, outcome=Attempt.Outcome.ACCEPTED)
    return same.filter(job__provider=attempt.job.provider).exists()


def _later(job: Job, attempt: Attempt, *, asked: float | None) -> Decision:
    missing = timezone.now() - (attempt.sent_at or attempt.created_at)
    if missing > LONGEST or not answers.can_ask(job, attempt):
        return keep_for_a_person(job, StudioError(answers.PERSON))
    pause = max(pace.search(missing.total_seconds()), timedelta(seconds=asked or 0))
    still = Job.objects.filter(pk=job.pk, status=JobStatus.UNCERTAIN)
    still.update(next_step_at=timezone.now() + pause)
    return rest(job)
