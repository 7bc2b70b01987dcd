"""The hub of a web process: reads each change once and gives it to every page that shows it."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import TypeVar

from django.conf import settings
from django.db import close_old_connections, connection

from studio import live
from studio.live import Change
from studio.models import Member
from studio.views import bell
from studio.views.audience import Audience, Ticket
from studio.views.frames import Missed, Pictures, frames, overlap, pictures
from studio.views.stream import Stream
from studio.views.told import HINT, Told

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5  # the bell may be lost
BEAT_SECONDS = 15.0
Result = TypeVar("Result")


def _close_connection() -> None:
    """The one of the thread that this is called in, as Django looks it up by thread."""
    connection.close()


class Hub:
    """Rooms of streams with the same audience, and the one loop that serves them in rounds.

    A round first brings the rooms up to date, then lets in who is waiting at the door, with what
    they missed up to that same event: so there is neither a gap nor a double between the two.
    All database work is done in one thread of its own.
    """

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.rooms: dict[Audience, set[Stream]] = {}
        self.door: list[Stream] = []
        self.is_closed = False
        self._last = 0
        self._seen: set[int] = set()
        self._told = Told()
        self._ring = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live-database")
        self._task = self.loop.create_task(self._run())

    def join(self, stream: Stream) -> None:
        self.door.append(stream)
        self._ring.set()

    def leave(self, stream: Stream) -> None:
        if stream in self.door:
            self.door.remove(stream)
        room = self.rooms.get(stream.ticket.audience, set())
        room.discard(stream)
        if not room:
            self.rooms.pop(stream.ticket.audience, None)

    def close(self) -> None:
        """End every stream with a `bye`; the pages come back when there is a server again."""
        self.is_closed = True
        for stream in [*self.door, *self._everybody()]:
            stream.end("bye")
        self._ring.set()

    async def closed(self) -> None:
        """Wait until the loop, the bell and the database thread are gone."""
        await self._task

    def _everybody(self) -> list[Stream]:
        return [stream for room in self.rooms.values() for stream in room]

    async def _run(self) -> None:
        await self._call(import_module, settings.ROOT_URLCONF)  # views add their cards on import
        async with bell.listening(self._ring.set):
            beat_at = self.loop.time() + BEAT_SECONDS
            while not self.is_closed:
                try:
                    await self._round()
                    if self.loop.time() >= beat_at:
                        beat_at = self.loop.time() + BEAT_SECONDS
                        await self._beat()
                except Exception:
                    logger.exception("Open pages can not be told what changed; trying again")
                    await self._call(_close_connection)
                await self._wait()
        await self._call(_close_connection)
        self._thread.shutdown()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._ring.wait()
        except TimeoutError:
            pass
        self._ring.clear()

    async def _call(self, work: Callable[..., Result], *args: object) -> Result:
        return await self.loop.run_in_executor(self._thread, work, *args)

    async def _round(self) -> None:
        if self.rooms:
            changes, cards = await self._call(self._read, list(self.rooms))
            self._pass_on(changes, cards)
            self._hint(await self._call(self._told.read))
        waiting = list(self.door)
        if waiting:
            await self._let_in(waiting)

    def _read(self, audiences: list[Audience]) -> tuple[list[Change], Pictures]:
        """What changed since the last round, in the database thread; moves `_last` on."""
        late = overlap()
        found = live.events_since(self._last - late)
        changes = [change for change in found if change.pk not in self._seen]
        self._last = max([self._last, *(change.pk for change in changes)])
        if late:  # ids may come late, so remember which of the last ones we had
            recent = {pk for pk in self._seen if pk > self._last - late}
            self._seen = recent | {change.pk for change in changes}
        return changes, pictures(changes, audiences)

    def _pass_on(self, changes: list[Change], cards: Pictures) -> None:
        if not changes:
            return
        for audience, room in self.rooms.items():
            sent = frames(audience, changes, cards)
            for stream in room if sent else ():
                stream.offer(sent, newest=self._last)
        self._ring.set()  # there may be more than one read brings

    def _hint(self, members: set[int]) -> None:
        """To their own pages alone, and without a word of what they are told."""
        for stream in self._everybody() if members else ():
            if stream.ticket.member in members:
                stream.offer(HINT, newest=self._last)

    async def _let_in(self, waiting: list[Stream]) -> None:
        """Tell each what it missed up to the last round, then let it into its room."""
        if not self.rooms:
            self._last, self._seen = await self._call(_start)
        tickets = {stream.ticket for stream in waiting}
        oldest = min(stream.since for stream in waiting)
        missed, cards, members = await self._call(_replay, tickets, oldest, self._last)
        for stream in waiting:
            if stream not in self.door:  # left, or we closed meanwhile
                continue
            self.door.remove(stream)
            if stream.ticket not in members:
                stream.end("gone")
                continue
            self._catch_up(stream, missed.since(stream.since), cards)
            self.rooms.setdefault(stream.ticket.audience, set()).add(stream)

    def _catch_up(self, stream: Stream, changes: list[Change] | None, cards: Pictures) -> None:
        if changes is None:
            stream.reload(self._last)
        elif sent := frames(stream.ticket.audience, changes, cards):
            stream.offer(sent, newest=self._last)

    async def _beat(self) -> None:
        """Show that we live, and let go of whoever is no member any more."""
        everybody = self._everybody()
        members = await self._call(_check, {stream.ticket for stream in everybody})
        for stream in everybody:
            if stream.ticket in members:
                stream.beat()
            else:
                self.leave(stream)
                stream.end("gone")


def _start() -> tuple[int, set[int]]:
    """The newest event, and which of the last ones can be seen already."""
    newest = live.newest_event()
    recent = live.last_events(since=newest - overlap(), upto=newest, most=overlap())
    return newest, {change.pk for change in recent}


def _replay(tickets: set[Ticket], since: int, upto: int) -> tuple[Missed, Pictures, set[Ticket]]:
    missed = Missed.read(since=since, upto=upto)
    cards = pictures(missed.changes, {ticket.audience for ticket in tickets})
    return missed, cards, _members(tickets)


def _check(tickets: set[Ticket]) -> set[Ticket]:
    close_old_connections()
    return _members(tickets)


def _members(tickets: set[Ticket]) -> set[Ticket]:
    """The tickets whose holder is still an active member of the team."""
    holders = Member.objects.active().filter(pk__in={ticket.member for ticket in tickets})
    teams = dict(holders.values_list("pk", "team_id"))
    return {ticket for ticket in tickets if teams.get(ticket.member) == ticket.audience.team}
