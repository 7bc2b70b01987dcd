"""Who is working on a job: a name that tells, on this machine, whether its process still lives."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from studio.models import Bill, Chain, Job, Lane
from studio.providers.base import LONGEST_CALL_SECONDS

# How long a worker may be silent before another one takes its job. A process of this machine that
# ended is noticed at once; the longer ones are for whole calls that nobody can look into.
SECONDS = 60
SENDING_SECONDS = LONGEST_CALL_SECONDS + 300
SAVING_SECONDS = 900
DEAD = {"Z", "X"}  # killed, though its parent has not asked yet


def _born(pid: int) -> str:
    """The start time of a process in clock ticks, "" if it is gone; pids are used again."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ""
    return "" if facts[0] in DEAD else facts[19]


def owner() -> str:
    """This thread of this process on this machine: “host:pid:born:thread”."""
    pid = os.getpid()
    return f"{_here()}:{pid}:{_born(pid)}:{threading.get_native_id()}"


def _here() -> str:
    return socket.gethostname()[:30]


def until(seconds: float = SECONDS) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


@contextmanager
def leased(job: Job, *, seconds: float = SECONDS) -> Iterator[bool]:
    """Hold the job's lease for so long; False when another worker has it.

    A step that comes to its end, or is told to stop, was no failed try.
    """
    name = owner()
    ours = job.take_lease(name, until(seconds))
    outcome: dict[str, int] = {}
    try:
        yield ours
        outcome["tries"] = 0
    finally:
        if ours:
            job.end_lease(name, **outcome)


def free_the_dead() -> int:
    """End the leases of processes of this machine that are gone; say how many jobs are free now."""
    jobs, lanes, chains = Job.objects.all(), Lane.objects.all(), Chain.objects.all()
    for held in (chains, Bill.objects.all()):
        held.filter(lease_owner__in=dead(held, "lease_owner")).update(
            lease_owner="", lease_until=None
        )
    lanes.filter(poller__in=dead(lanes, "poller")).update(poller="", polls_until=None)
    gone = dead(jobs, "lease_owner")
    return jobs.filter(lease_owner__in=gone).update(lease_owner="", lease_until=None)


def dead(held: QuerySet[Any], field: str) -> list[str]:
    """The owners of these rows that were processes of this machine and are gone."""
    held = held.filter(**{f"{field}__startswith": f"{_here()}:"})
    names = held.order_by().values_list(field, flat=True).distinct()
    return [name for name in names if not _alive(name)]


def _alive(name: str) -> bool:
    _, pid, born, _ = name.rsplit(":", 3)
    return bool(born) and _born(int(pid)) == born
