"""When a step cannot go on by itself: the job keeps its hold, and says why it waits.

A problem that is known is shown to a person at once. What nobody expected is tried a few times
more, with growing pauses, and then shown as well: no job is driven for ever, and none of them
stops the others.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from studio import notices
from studio.core.decision import Decision, Step
from studio.core.errors import ProviderUnavailable, StudioError
from studio.models import Job
from studio.models.jobs import fitting
from studio.pipeline import lease
from studio.pipeline.pace import LONGEST_ASKED_PAUSE

MOST_TRIES = 8
FIRST_PAUSE_SECONDS = 5
LONGEST_PAUSE_SECONDS = 300

logger = logging.getLogger(__name__)

OneStep = Callable[[Job], Decision]
GiveUp = Callable[[Job, StudioError], Decision]


def rest(job: Job) -> Decision:
    """Nothing more to do now."""
    return Decision(step=Step.REST, job_id=job.pk)


def keep_for_a_person(job: Job, error: StudioError) -> Decision:
    """Keep state and hold, say why, and wait for “Try again” on the queue page."""
    logger.warning("%s waits for a person: %s", job, error.message)
    with transaction.atomic():
        job.lock_clip()
        if _leave(job, problem=error.message, next_step_at=None):
            job.touch()
            notices.job_stopped(job)
    return rest(job)


def guarded(step: OneStep, job: Job, *, give_up: GiveUp = keep_for_a_person) -> Decision:
    """Take one step of one job, whatever comes of it."""
    tried = job.tries
    if tried >= MOST_TRIES:
        return give_up(job, StudioError(f"Given up after {tried} tries without an end."))
    try:
        return step(job)
    except ProviderUnavailable as error:
        return _count(job, tried + 1, error, give_up=give_up)
    except StudioError as error:
        return give_up(job, error)
    except Exception as error:
        logger.exception("%s failed a step", job)
        return _count(job, tried + 1, error, give_up=give_up)


def _count(job: Job, tries: int, error: Exception, *, give_up: GiveUp) -> Decision:
    """Try again after a pause, each twice as long as the last, as often as is sensible."""
    if tries >= MOST_TRIES:
        return give_up(job, StudioError(f"Given up after {tries} tries: {_words(error)}"))
    pause = pause_after(tries, asked=getattr(error, "retry_after", None))
    _leave(job, tries=tries, next_step_at=timezone.now() + pause)
    return rest(job)


def _words(error: Exception) -> str:
    if isinstance(error, StudioError):
        return error.message
    return f"{type(error).__name__}: {error}"


def pause_after(tries: int, *, asked: float | None = None) -> timedelta:
    """How long to wait after so many failures in a row, at least one, and at least as `asked`."""
    grown = min(FIRST_PAUSE_SECONDS * 2 ** (tries - 1), LONGEST_PAUSE_SECONDS)
    return timedelta(seconds=max(grown, min(asked or 0, LONGEST_ASKED_PAUSE)))


def _leave(job: Job, **changes: object) -> bool:
    """Give the job out of our hands as it is; False when it ended or another worker has it."""
    free = Job.objects.active().free_for(lease.owner()).filter(pk=job.pk)
    left = free.update(lease_owner="", lease_until=None, **fitting(changes))
    job.refresh_from_db()
    return bool(left)
