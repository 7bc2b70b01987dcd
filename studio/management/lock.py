"""One studio per data folder: the lock that `up` holds while it runs."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another `up` has this data folder; `str` is one sentence with its address and process."""


@contextmanager
def only_one(folder: Path, *, address: str) -> Iterator[None]:
    """Hold the folder. The system lets go of it with the process, so a stale file is no obstacle.

    Raises AlreadyRunning.
    """
    with (folder / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(_who(lock.name, folder)) from None
        lock.truncate(0)
        lock.write(json.dumps({"address": address, "pid": os.getpid()}))
        lock.flush()
        yield
        lock.truncate(0)


def is_held(folder: Path) -> bool:
    """Whether an `up` runs on this folder.

    An empty file says no by itself, so that asking does not get in the way of one that starts.
    """
    try:
        with (folder / "up.lock").open() as lock:
            if lock.read(1):
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _who(path: str, folder: Path) -> str:
    try:
        first = json.loads(Path(path).read_text())
        where = f"at {first['address']} (process {first['pid']})"
    except ValueError:  # it is just starting or stopping
        where = "as another process"
    return (
        f"Dailies already runs on {folder} {where}; stop it first, or name another --data folder."
    )
