"""Telling the caller how far a clip is, and learning from the answer whether to go on."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import TypeVar

from studio.engine.animatic.shot import Report, Stopped

BEAT_SECONDS = 0.2
Result = TypeVar("Result")


class Progress:
    """Counts frames for a reporter; raises Stopped as soon as the reporter says so."""

    def __init__(self, report: Report, total: int) -> None:
        self._report, self._total = report, total
        self.done = 0

    def beat(self) -> None:
        """Report where we are without any news."""
        if not self._report(self.done, self._total):
            raise Stopped

    def step(self) -> None:
        """One more frame is done."""
        self.done += 1
        self.beat()

    def during(self, *work: Callable[[], Result]) -> list[Result]:
        """Do the work in two threads and keep reporting; work that is not begun is dropped on a stop."""
        with ThreadPoolExecutor(2, "animatic") as pool:
            futures = [pool.submit(piece) for piece in work]
            try:
                self.beat()
                pending = set(futures)
                while pending:
                    done, pending = wait(pending, BEAT_SECONDS, FIRST_COMPLETED)
                    for future in done:
                        future.result()
                    self.beat()
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        return [future.result() for future in futures]
