"""What a call of a provider sets off: that it is asked soon. Nothing it says is taken for true."""

import logging
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio import tasks
from studio.core.decision import Decision, Step
from studio.core.status import JobStatus
from studio.models import Attempt, Job
from studio.pipeline import undecided
from studio.providers import registry

LONGEST_NAME = 200
# What reading raises that stumbles over JSON of an unexpected shape.
STUMBLES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

logger = logging.getLogger(__name__)


def received(slug: str, secret: str, body: Any) -> None:
    """There is news of the attempt with this secret, if there is one: its job is due now.

    Calls that are unknown, late or doubled change nothing but their number.
    """
    attempt = Attempt.objects.filter(secret=secret, job__provider=slug).first()
    if attempt is None:
        return
    Attempt.objects.filter(pk=attempt.pk).update(calls=F("calls") + 1)
    if attempt.outcome == Attempt.Outcome.ACCEPTED:
        _ask_soon(attempt, slug)
    elif attempt.outcome == "" and attempt.sent_at:
        _search_soon(attempt, _name_in(slug, body))
    elif attempt.outcome == Attempt.Outcome.GIVEN_UP:
        _tell_billable(attempt, _name_in(slug, body))


def _ask_soon(attempt: Attempt, slug: str) -> None:
    now = timezone.now()
    running = Job.objects.filter(pk=attempt.job_id, status=JobStatus.RUNNING)
    if running.filter(next_step_at__gt=now).update(next_step_at=now):
        transaction.on_commit(lambda: tasks.hint_poll(slug))


def _search_soon(attempt: Attempt, name: str) -> None:
    """The provider has an order whose answer we do not have: its name for it may be in the call."""
    unnamed = Attempt.objects.filter(pk=attempt.pk, outcome="", remote_id="")
    named = bool(name) and unnamed.update(remote_id=name)
    lost = Job.objects.filter(pk=attempt.job_id, status=JobStatus.UNCERTAIN)
    lost = lost if named else lost.exclude(next_step_at=None)
    if lost.update(next_step_at=timezone.now()):
        search = Decision(step=Step.RESOLVE, job_id=attempt.job_id)
        transaction.on_commit(lambda: tasks.follow([search]))


@transaction.atomic
def _tell_billable(attempt: Attempt, name: str) -> None:
    """Only whom the order reached knows the address of the attempt."""
    Attempt.objects.filter(pk=attempt.pk, remote_id="").update(remote_id=name)
    job = Job.objects.select_related("clip", "team").get(pk=attempt.job_id)
    job.lock()
    undecided.tell_billable(job, attempt, name or attempt.remote_id)


def _name_in(slug: str, body: Any) -> str:
    """The name that the provider calls its order by, or ""."""
    try:
        name = registry.all_providers()[slug].read_callback(body)
    except STUMBLES:
        logger.info("%s called with a body that no document describes", slug)
        return ""
    return name if len(name) <= LONGEST_NAME else ""
