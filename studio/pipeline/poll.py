"""running, for remote providers: ask about all jobs of a lane that are due, in one go.

Most answers bring nothing new. Such a job costs a row of one query and a place in one UPDATE; it is
only loaded when there is something to write down or to show.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from studio.core.decision import Decision
from studio.core.errors import (
    ProviderBlocked,
    ProviderConfused,
    ProviderError,
    ProviderUnavailable,
)
from studio.core.status import JobStatus
from studio.models import Job, Lane
from studio.pipeline import lanes, line, news, pace, track
from studio.pipeline.problems import guarded
from studio.providers.base import Provider, Update
from studio.providers.registry import provider_of

MOST_AT_ONCE = 500
TOGETHER = 100  # jobs that share one due time afterwards

logger = logging.getLogger(__name__)

Answer = Update | ProviderError | None


class Asked(NamedTuple):
    """A job that is due; `answered` says that its verdict is stored, and just not followed yet."""

    job: int
    attempt: int
    remote_id: str
    started_at: datetime
    progress: int | None
    problem: str
    answered: bool

    def age(self, now: datetime) -> float:
        return (now - self.started_at).total_seconds()


def ask(slug: str) -> list[Decision]:
    """One round: ask about what is due, follow what is new, and say when to ask again."""
    now = timezone.now()
    due = _due(slug) if not Lane.of(slug).is_resting else []
    told = _answers(provider_of(slug), [one.remote_id for one in due if not one.answered])
    _heed(slug, [answer for answer in told.values() if isinstance(answer, ProviderError)])
    _put_off(due, told, now)
    decisions = [
        decision
        for one in due
        for tell in _news(one, told.get(one.remote_id), now)
        for decision in _told(one, tell)
    ]
    return [*decisions, *line.fill(slug)] if decisions else []


def _due(slug: str) -> list[Asked]:
    running = Job.objects.due().filter(provider=slug, status=JobStatus.RUNNING)
    accepted = running.filter(attempts__outcome="accepted").order_by("next_step_at", "attempts")
    answered = ExpressionWrapper(Q(attempts__answer__isnull=False), output_field=BooleanField())
    rows = accepted.values_list(
        "pk", "attempts", "attempts__remote_id", "started_at", "progress", "problem", answered
    )
    return list({row[0]: Asked(*row) for row in rows[:MOST_AT_ONCE]}.values())


def _answers(provider: Provider, ids: Sequence[str]) -> Mapping[str, Update | ProviderError]:
    """What nobody expected of one answer does not cost the others theirs."""
    try:
        return provider.poll_many(ids)
    except Exception:
        logger.exception("%s could not be asked about %d jobs at once", provider.label, len(ids))
    return {remote_id: _alone(provider, remote_id) for remote_id in ids}


def _alone(provider: Provider, remote_id: str) -> Update | ProviderError:
    try:
        return provider.poll(remote_id)
    except ProviderError as error:
        return error
    except Exception as error:
        logger.exception("%s could not be asked about %s", provider.label, remote_id)
        return ProviderConfused(f"{type(error).__name__}: {error}")


def _heed(slug: str, errors: Iterable[ProviderError]) -> None:
    """What a provider says to one question it says to all of them: to wait, or to stop."""
    for error in errors:
        if isinstance(error, ProviderBlocked):
            lanes.pause(slug, error)
    asked = [error.retry_after for error in errors if isinstance(error, ProviderUnavailable)]
    if longest := max(filter(None, asked), default=0):
        lanes.rest(slug, longest)


def _put_off(due: Iterable[Asked], told: Mapping[str, Answer], now: datetime) -> None:
    """Say when each is due again, unless a webhook came meanwhile and says that it is due now."""
    pauses: dict[float, list[int]] = defaultdict(list)
    for one in due:
        pauses[_pause(one, told.get(one.remote_id), now)].append(one.job)
    with transaction.atomic():
        for seconds, jobs in pauses.items():
            for some in _chunks(jobs):
                still = Job.objects.filter(pk__in=some, status=JobStatus.RUNNING)
                still.filter(next_step_at__lte=now).update(next_step_at=now + pace.spread(seconds))


def _chunks(jobs: Iterable[int]) -> Iterable[list[int]]:
    rest = iter(jobs)
    while some := list(islice(rest, TOGETHER)):
        yield some


def _pause(one: Asked, answer: Answer, now: datetime) -> float:
    usual = pace.OVERDUE_PAUSE if _is_overdue(one, now) else pace.after(one.age(now))
    if isinstance(answer, ProviderError):
        usual = max(usual, pace.UNAVAILABLE_PAUSE)
    asked = answer.retry_after if answer else None
    return max(usual, min(asked or 0, pace.LONGEST_ASKED_PAUSE))


def _is_overdue(one: Asked, now: datetime) -> bool:
    return now - one.started_at > timedelta(minutes=settings.GIVE_UP_MINUTES)


Tell = Callable[[Job], Decision]


def _news(one: Asked, answer: Answer, now: datetime) -> Iterable[Tell]:
    """What has to be done with the job now, if anything."""
    if one.answered:
        yield news.stored_verdict
    elif isinstance(answer, Update) and track.is_verdict(answer):
        yield partial(news.verdict, update=answer, attempt=one.attempt)
    elif _is_overdue(one, now) and not one.problem:
        yield partial(news.overdue, answer=answer, attempt=one.attempt)
    elif isinstance(answer, Update) and news.is_visible(one.progress, answer.progress):
        yield partial(news.progress, percent=answer.progress)


def _told(one: Asked, tell: Tell) -> Iterable[Decision]:
    """Nothing if another worker has the job now, or it has moved on."""
    free = Job.objects.free().select_related("clip", "team", "price")
    if job := free.filter(pk=one.job, status=JobStatus.RUNNING).first():
        yield guarded(tell, job)
