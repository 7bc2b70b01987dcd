"""Ctrl-C and the polite kill, as something that can be asked and waited for."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType


class Interrupt(Event):
    """Set by the first signal; `number` says which."""

    number = 0

    @property
    def exit_code(self) -> int:
        """What a shell expects of a program that a signal ended."""
        return 128 + self.number


@contextmanager
def interrupt() -> Iterator[Interrupt]:
    """Inside, SIGINT and SIGTERM only set the event: whoever works finishes its step cleanly.

    A second signal has its usual effect, for whoever does not want to wait.
    """
    event = Interrupt()
    usual = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def take_note(number: int, _frame: FrameType | None) -> None:
        event.number = number
        event.set()
        restore()

    def restore() -> None:
        for number, handler in usual.items():
            signal.signal(number, handler)

    for number in usual:
        signal.signal(number, take_note)
    try:
        yield event
    finally:
        restore()
