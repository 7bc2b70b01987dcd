"""One open page: a bounded buffer between the hub and a connection that may be slow."""

import asyncio

from studio.bridge import Send
from studio.views.audience import Ticket
from studio.views.frames import message

MOST_WAITING_BYTES = 128 * 1024
HEARTBEAT = message(event="beat")  # a message, so that a page can tell silence from quiet


class Stream:
    """What one viewer still has to be sent.

    A viewer who is slower than the changes gets one `reload` instead of a growing backlog, and
    from there on what comes next.
    """

    __slots__ = ("_ended", "_last_words", "_waiting", "_waiting_bytes", "_wake", "since", "ticket")

    def __init__(self, ticket: Ticket, *, since: int) -> None:
        self.ticket = ticket
        self.since = since
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._wake: asyncio.Future[None] | None = None
        self._ended = False
        self._last_words = b""

    def offer(self, frames: bytes, *, newest: int) -> None:
        """Send these as soon as the connection takes them; `newest` is their last id."""
        if self._ended:
            return
        if self._waiting_bytes + len(frames) > MOST_WAITING_BYTES:
            self.reload(newest)
            return
        self._waiting.append(frames)
        self._waiting_bytes += len(frames)
        self._go_on()

    def reload(self, newest: int) -> None:
        """Let the page ask for everything anew, in place of all that waits."""
        self._waiting = [message(event="reload", id=newest)]
        self._waiting_bytes = MOST_WAITING_BYTES  # until it is sent, more is the same
        self._go_on()

    def beat(self) -> None:
        """Show a quiet connection that we live; a busy one needs no proof."""
        if not self._waiting:
            self._waiting.append(HEARTBEAT)
            self._go_on()

    def end(self, event: str) -> None:
        """Say `event` as the last word instead of all that waits."""
        self._ended, self._last_words = True, message(event=event) if event else b""
        self._waiting.clear()
        self._go_on()

    def _go_on(self) -> None:
        if self._wake and not self._wake.done():
            self._wake.set_result(None)

    async def run(self, send: Send) -> None:
        """Send until the end; each wait of a slow connection is spent in `send`."""
        loop = asyncio.get_running_loop()
        while not self._ended:
            if not self._waiting:
                self._wake = loop.create_future()
                await self._wake
                continue
            body = self._waiting[0] if len(self._waiting) == 1 else b"".join(self._waiting)
            self._waiting.clear()
            self._waiting_bytes = 0
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": self._last_words, "more_body": False})
