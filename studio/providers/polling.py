"""Asks a provider for thousands of orders at a time, on one event loop in a thread of this process."""

import asyncio
import atexit
import os
import threading
from collections.abc import Iterable, Iterator

import aiohttp
from yarl import URL

from studio.core.errors import ProviderBusy, ProviderError, ProviderUnavailable, UnsafeAddress
from studio.core.wire import Request, Response, Update
from studio.dialects.base import Dialect, confused
from studio.providers.exchange import ANSWER_MAX_BYTES, understood, written
from studio.providers.line import Line
from studio.storage.session import limits, session

# Questions to one provider at one time; with answers in 0.2 s these are 500 a second.
CONNECTIONS = 100
# After so long the caller gets what there is: who was not asked is asked the next time.
ROUND_SECONDS = 60
NOT_FOUND = 404

Answers = dict[str, Update | ProviderError]
Ids = tuple[str, ...]


class Asker:
    """The loop, and one client for each provider that keeps its connections between rounds."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.sessions: dict[str, aiohttp.ClientSession] = {}
        self.thread = threading.Thread(target=self.loop.run_forever, name="asker", daemon=True)
        self.thread.start()
        self.pid = os.getpid()
        atexit.register(self.close)

    def ask(self, line: Line, dialect: Dialect, remote_ids: Iterable[str]) -> Answers:
        """Ask about all of them, and wait for the answers; from any thread but the loop's."""
        work = self._round(line, dialect, remote_ids)
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    async def _round(self, line: Line, dialect: Dialect, remote_ids: Iterable[str]) -> Answers:
        client = self._session(dialect.slug)
        return await Round(line, dialect, client).ask(remote_ids)

    def _session(self, slug: str) -> aiohttp.ClientSession:
        """Only on the loop, which keeps two rounds from making one each."""
        if slug not in self.sessions:
            self.sessions[slug] = session(connections=CONNECTIONS)
        return self.sessions[slug]

    def close(self) -> None:
        """At the end of the process; a forked child inherits the call, but not the thread."""
        if os.getpid() != self.pid:
            return

        async def hang_up() -> None:
            for one in self.sessions.values():
                await one.close()

        asyncio.run_coroutine_threadsafe(hang_up(), self.loop).result(timeout=5)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=5)
        self.loop.close()


def asker() -> Asker:
    """That of this process: a forked child has none of its parent's threads."""
    with _making:
        pid = os.getpid()
        if pid not in _askers:
            _askers[pid] = Asker()
        return _askers[pid]


_askers: dict[int, Asker] = {}
_making = threading.Lock()
# Nobody holds it while a child is born, which would wait for it for ever.
os.register_at_fork(
    before=_making.acquire, after_in_parent=_making.release, after_in_child=_making.release
)


class Round:
    """One round of questions, each about a batch of orders."""

    def __init__(self, line: Line, dialect: Dialect, client: aiohttp.ClientSession) -> None:
        self.line = line
        self.dialect = dialect
        self.client = client
        self.answers: Answers = {}
        self.busy: ProviderBusy | None = None

    async def ask(self, remote_ids: Iterable[str]) -> Answers:
        """Every id gets its answer or error; one failing request fails only its own ids.

        But when the provider asks for a pause (429), nothing more is asked in this round.
        """
        ids = tuple(dict.fromkeys(remote_ids))
        size = self.dialect.batch
        batches = [ids[start : start + size] for start in range(0, len(ids), size)]
        waiting = iter(batches)
        lines = [self._work(waiting) for _ in range(min(CONNECTIONS, len(batches)))]
        try:
            async with asyncio.timeout(ROUND_SECONDS):
                await asyncio.gather(*lines)
        except TimeoutError:
            pass
        late = self.busy or self._unavailable("did not answer in time.")
        return {one: self.answers.get(one, late) for one in ids}

    async def _work(self, waiting: Iterator[Ids]) -> None:
        for ids in waiting:
            answers = await self._asked(ids)
            self.answers |= answers
            busy = (answer for answer in answers.values() if isinstance(answer, ProviderBusy))
            self.busy = self.busy or next(busy, None)
            if self.busy:
                return

    async def _asked(self, ids: Ids) -> Answers:
        try:
            response = await self._first_answer(ids)
            return self._read(response, ids)
        except ProviderError as error:
            return dict.fromkeys(ids, error)
        except UnsafeAddress as error:
            out_of_reach = self._unavailable(f"is out of reach: {error.message}")
            return dict.fromkeys(ids, out_of_reach)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return dict.fromkeys(ids, self._unavailable("does not answer.", error))

    def _read(self, response: Response, ids: Ids) -> Answers:
        """An order that the answer does not speak of has no news; that is said, not guessed."""
        with understood(self.line, response):
            updates = self.dialect.read_poll(response, ids)
        missing = confused(self.line.label, response)
        return {one: updates.get(one, missing) for one in ids}

    def _unavailable(self, words: str, error: Exception | None = None) -> ProviderUnavailable:
        raw = f"{type(error).__name__}: {error}" if error else ""
        return ProviderUnavailable(f"{self.line.label} {words}", raw=raw)

    async def _first_answer(self, ids: Ids) -> Response:
        """That of the usual address, or of the first other one that knows the orders."""
        response = await self._answer(self.dialect.write_poll(ids))
        for request in self.dialect.other_polls(ids):
            if response.status != NOT_FOUND:
                break
            response = await self._answer(request)
        return response

    async def _answer(self, request: Request) -> Response:
        try:
            return await self._exchanged(request)
        except aiohttp.ServerDisconnectedError:  # it was closed while nobody asked; asking is free
            return await self._exchanged(request)

    async def _exchanged(self, request: Request) -> Response:
        async with self.client.request(
            request.method,
            URL(self.line.url(request), encoded=True),
            headers=self.line.headers_for(request),
            data=written(request) if request.json is not None else None,
            allow_redirects=False,
            timeout=limits(request.read_seconds),
        ) as response:
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > ANSWER_MAX_BYTES:
                    break
            return self.line.answer(response.status, response.headers.items(), bytes(body))
