"""Who asks a provider about its running jobs: one worker for each lane, as long as there are any."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db.models import Min
from django.utils import timezone

from studio.core.decision import Decision, Step
from studio.core.status import JobStatus
from studio.models import Job, Lane
from studio.pipeline import lease, poll

WATCH_SECONDS = 60  # then somebody else may have the thread
SHORTEST_NAP = 0.02
LONGEST_NAP = 0.5  # a webhook may make a job due at any time

ShouldStop = Callable[[], bool]


def watch(slug: str, *, should_stop: ShouldStop) -> Iterator[list[Decision]]:
    """Ask round after round for about a minute; yields what follows from each.

    Ends at once where another worker watches the lane, and when nothing is with the provider.
    """
    end = time.monotonic() + WATCH_SECONDS
    with _watching(slug) as ours:
        while ours and not should_stop():
            yield poll.ask(slug)
            nap = _nap(slug)
            if nap is None:
                return
            if time.monotonic() > end:
                break
            time.sleep(nap)
    if ours:
        yield [Decision(step=Step.POLL, lane=slug)]


def once(slug: str) -> list[Decision]:
    """One round, for a process that has other things to do as well."""
    with _watching(slug) as ours:
        return poll.ask(slug) if ours else []


@contextmanager
def _watching(slug: str) -> Iterator[bool]:
    """Be the one who asks; False where another worker is.

    A second one would do no harm but the work twice, so the lease is for longer than a watch lasts,
    and nobody renews it.
    """
    Lane.of(slug)
    name = lease.owner()
    ours = Lane.watch(slug, name, seconds=WATCH_SECONDS + lease.SECONDS)
    try:
        yield ours
    finally:
        if ours:
            Lane.unwatch(slug, name)


def _nap(slug: str) -> float | None:
    """Seconds until somebody is due; None while nobody is under way."""
    running = Job.objects.active().free().filter(provider=slug, status=JobStatus.RUNNING)
    due = running.aggregate(first=Min("next_step_at"))["first"]
    if due is None:
        return None
    left: float = (due - timezone.now()).total_seconds()
    return min(max(left, SHORTEST_NAP), LONGEST_NAP)
