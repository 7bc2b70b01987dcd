"""What an answer of a provider changes about one running job."""

from django.conf import settings
from django.db import transaction

from studio import notices
from studio.core.decision import Decision
from studio.core.errors import ProviderError
from studio.core.status import JobStatus
from studio.models import Attempt, Job
from studio.models.jobs import raw_text
from studio.pipeline import track
from studio.pipeline.problems import rest
from studio.providers.base import Update
from studio.providers.registry import provider_of

VISIBLE_PERCENT = 2  # a smaller step is not worth drawing a card anew


def verdict(job: Job, *, update: Update, attempt: int) -> Decision:
    return track.follow(job, job.attempts.get(pk=attempt), update)


def stored_verdict(job: Job) -> Decision:
    """The provider has said it already; it could just not be followed then."""
    attempt = track.accepted_attempt(job)
    assert attempt.answer, "the query asked for those that have one"
    return track.follow(job, attempt, Update.from_json(attempt.answer))


def is_visible(shown: int | None, percent: int | None) -> bool:
    return percent is not None and (shown is None or abs(percent - shown) >= VISIBLE_PERCENT)


def progress(job: Job, *, percent: int | None) -> Decision:
    """Going back is as good as going on: only a verdict means anything."""
    _show(job, progress=min(max(percent or 0, 0), 100))
    return rest(job)


def overdue(job: Job, *, answer: Update | ProviderError | None, attempt: int) -> Decision:
    """Say that it takes too long; the hold stays, and the provider is asked on, but seldom."""
    if answer and answer.raw:
        Attempt.objects.filter(pk=attempt).update(raw=raw_text(answer.raw))
    label = provider_of(job.provider).label
    problem = (
        f"{label} has not finished within {settings.GIVE_UP_MINUTES} minutes. Dailies goes on"
        " asking now and then; an admin can look there."
    )
    with transaction.atomic():
        job.lock_clip()
        if _show(job, problem=problem):
            job.refresh_from_db()
            notices.job_stopped(job, late=True)
    return rest(job)


def _show(job: Job, **changes: object) -> bool:
    shown = Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(**changes)
    if shown:
        job.touch()
    return bool(shown)
