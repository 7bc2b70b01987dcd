"""Handing frames to a taker that works in a thread of its own, a few frames behind."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from studio.engine.animatic.planes import Planes

BEHIND = 16  # about 50 MB at 1080p; an encoder takes its frames in bursts


class Conveyor:
    """Frames in order to one taker; what it raises comes out of a later `put` or of `empty`."""

    def __init__(self, take: Callable[[int, Planes], None], thread: ThreadPoolExecutor) -> None:
        self._take = take
        self._failed = False
        self._pool = thread
        self._waiting: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def put(self, index: int, frame: Planes) -> None:
        """Hand over a frame, which must not change any more; waits while the taker is far behind."""
        self._waiting.append(self._pool.submit(self._offer, index, frame))
        while len(self._waiting) > BEHIND:
            self._waiting.popleft().result()

    def _offer(self, index: int, frame: Planes) -> None:
        # Not after a failure: a muxer that could not write its header crashes on the next packet.
        if self._failed:
            return
        self._failed = True
        self._take(index, frame)
        self._failed = False

    def empty(self) -> None:
        """Wait until every frame is taken."""
        while self._waiting:
            self._waiting.popleft().result()
