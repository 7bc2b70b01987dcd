"""How many archives are sent at one time: each holds a file, a connection and a little memory."""

import threading
from collections import Counter
from collections.abc import Callable

from studio.core.errors import TooManyDownloads

MOST_AT_ONCE = 12  # in this process
MOST_OF_ONE = 3  # so that nobody takes all of them

_of_member: Counter[int] = Counter()
_lock = threading.Lock()


def enter(member: int) -> Callable[[], None]:
    """A place for one archive, and how it is given back. Raises TooManyDownloads."""
    with _lock:
        if _of_member[member] >= MOST_OF_ONE:
            raise TooManyDownloads(
                f"You are downloading {MOST_OF_ONE} archives already: wait until one is done."
            )
        if _of_member.total() >= MOST_AT_ONCE:
            raise TooManyDownloads(
                f"{MOST_AT_ONCE} archives are being downloaded already: try again in a few minutes."
            )
        _of_member[member] += 1
    return lambda: _leave(member)


def _leave(member: int) -> None:
    with _lock:
        _of_member[member] -= 1
        if not _of_member[member]:
            del _of_member[member]
