"""A worker's turn at a bill: it writes only while the lease is its own, a little at a time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from studio.models import Bill
from studio.pipeline import lease

HEARTBEAT_SECONDS = 1.0
SILENT_SECONDS = 900

ShouldStop = Callable[[], bool]


class Stopped(Exception):
    """The worker is to end, another one has the bill by now, or somebody removed it."""


class Turn:
    """What every step of a reading is given, to write and to say that it is alive."""

    def __init__(self, bill: Bill, should_stop: ShouldStop) -> None:
        self.bill, self.should_stop = bill, should_stop
        self.owner = lease.owner()
        self.last = 0.0

    def begin(self) -> bool:
        """Whether it is ours now; then `bill` is as it is in the database."""
        if not self.bill.take_lease(self.owner, lease.until()):
            return False
        self.bill.refresh_from_db()
        return True

    @contextmanager
    def writing(self, **changes: Any) -> Iterator[None]:
        """One short transaction; raises Stopped before anything is written in it.

        Keeping the lease comes first and locks the bill's row: a worker that lost it can not write
        between the lines of the next one.
        """
        if self.should_stop():
            raise Stopped
        with transaction.atomic():
            if not self.bill.change_as(self.owner, **{"lease_until": lease.until(), **changes}):
                raise Stopped
            yield
        self.last = time.monotonic()

    def beat(self) -> None:
        """Called where nothing is written for long: now and then keeps the lease."""
        if time.monotonic() - self.last > HEARTBEAT_SECONDS:
            with self.writing():
                pass

    def be_silent(self) -> None:
        """Before long questions: while one is open, SQLite lets this connection write nothing."""
        with self.writing(lease_until=lease.until(SILENT_SECONDS)):
            pass

    def finish(self, **changes: Any) -> None:
        """There is nothing more to do. Raises Stopped."""
        over = {"wanted_at": None, "lease_owner": "", "lease_until": None}
        if not self.bill.change_as(self.owner, **over, **changes):
            raise Stopped

    def leave(self, **changes: Any) -> None:
        """Let another worker have it; nothing, where that has it already."""
        self.bill.end_lease(self.owner, **changes)
