"""Who is working on a job: a name that tells, on this machine, whether its process still lives."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from studio.models import Job

SECONDS = 60


def _born(pid: int) -> str:
    """The start time of a process in clock ticks, "" if it is gone; pids are used again."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return ""
    return "" if state in {"Z", "X"} else fields[18]  # killed, and its parent has not looked yet


def owner() -> str:
    """This thread of this process on this machine: “host:pid:born:thread”."""
    import threading

    pid = os.getpid()
    return f"{socket.gethostname()[:30]}:{pid}:{_born(pid)}:{threading.get_ident() % 10**8}"


def until() -> datetime:
    return timezone.now() + timedelta(seconds=SECONDS)


@contextmanager
def leased(job: Job) -> Iterator[bool]:
    """Hold the job's lease; False when another worker has it."""
    name = owner()
    ours = job.take_lease(name, until())
    try:
        yield ours
    finally:
        if ours:
            job.end_lease(name)


def free_the_dead() -> int:
    """End the leases of processes of this machine that are gone; say how many."""
    here = socket.gethostname()[:30]
    held = Job.objects.exclude(lease_owner="").values_list("pk", "lease_owner")
    dead = [pk for pk, name in held if name.startswith(f"{here}:") and not _alive(name)]
    return Job.objects.filter(pk__in=dead).update(lease_owner="", lease_until=None)


def _alive(name: str) -> bool:
    _, pid, born, _ = name.rsplit(":", 3)
    return bool(born) and _born(int(pid)) == born
