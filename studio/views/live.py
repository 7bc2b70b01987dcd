"""The live stream of open pages: a raw ASGI app beside Django's handler, and polling without it."""

import asyncio
import json
from urllib.parse import parse_qs, urlencode

from django.http import HttpResponse
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from studio.bridge import Receive, Scope, Send
from studio.live import Change, newest_event
from studio.views.access import signed_in
from studio.views.audience import SHOWS, Audience, Ticket
from studio.views.frames import Missed, newest_per_clip, news, pictures
from studio.views.hub import Hub
from studio.views.hx import MemberRequest
from studio.views.stream import Stream

PATH = "/live"
NEWS = '<div data-news="{}" hidden></div>'  # [[event, JSON], …], never shown
RETRY = b"retry: 1000\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),  # nginx would hold frames back
]

_hub: Hub | None = None


def stream_url(request: MemberRequest, view: str, *, since: int | None = None) -> str:
    """Where a page that is rendered now follows its changes; `view` as in Audience.

    `since` is the newest event where the page has asked for it already.
    """
    audience = Audience(request.member.team_id, request.project.pk, view)
    assert audience.kind in SHOWS, f"a page can not follow {view!r}"
    return _url(
        Ticket(request.member.pk, audience), since=newest_event() if since is None else since
    )


def _url(ticket: Ticket, *, since: int) -> str:
    return f"{PATH}?{urlencode({'token': ticket.sign(), 'since': since})}"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI: the stream for whoever holds a ticket, 403 for others; `lifespan` is understood."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _stream(scope, receive, send)


def close() -> None:
    """End every stream, so that the server can stop; may be called from a signal handler."""
    if _hub and not _hub.loop.is_closed():
        _hub.loop.call_soon_threadsafe(_hub.close)


async def stop() -> None:
    """Close, and wait until the hub's bell, loop and database thread are gone."""
    if _hub and _hub.loop is asyncio.get_running_loop():
        _hub.close()
        await _hub.closed()


def hub() -> Hub:
    """The hub of this process, begun on first use."""
    global _hub
    if _hub is None or _hub.loop is not asyncio.get_running_loop():
        _hub = Hub()
    return _hub


async def _lifespan(receive: Receive, send: Send) -> None:
    while (await receive())["type"] != "lifespan.shutdown":
        hub()
        await send({"type": "lifespan.startup.complete"})
    await stop()
    await send({"type": "lifespan.shutdown.complete"})


async def _stream(scope: Scope, receive: Receive, send: Send) -> None:
    query = parse_qs(scope["query_string"].decode("latin-1"))
    ticket = Ticket.read(query.get("token", [""])[0])
    if ticket is None:
        await _refuse(send, 403, b"This page is too old. Reload it to see what changes.")
        return
    if hub().is_closed:
        await _refuse(send, 503, b"Dailies is stopping.")
        return
    stream = Stream(ticket, since=_since(scope, query))
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": RETRY, "more_body": True})
    hub().join(stream)
    gone = asyncio.create_task(_disconnected(receive, stream))
    try:
        await stream.run(send)
    finally:
        hub().leave(stream)
        gone.cancel()


def _since(scope: Scope, query: dict[str, list[str]]) -> int:
    """The event that the browser saw last: its header when it comes back, else the page's own."""
    seen = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")
    return _event_id(seen or query.get("since", [""])[0])


def _event_id(text: str) -> int:
    """What a browser says it saw last; 0, which means a reload, for anything but an id."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


async def _disconnected(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end("")


async def _refuse(send: Send, status: int, sentence: bytes) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(sentence)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence, "more_body": False})


@require_GET
@signed_in
def changes(request: MemberRequest) -> HttpResponse:
    """What changed since the page asked last, for browsers that can not hold a stream open.

    204 when nothing did, 205 when it is too much to tell: reload. `X-Since` belongs into the next
    request; `X-Stream` is a stream's address with a fresh ticket. The session says who asks, so
    that the ticket, which names the page, may be old.
    """
    ticket = Ticket.read(request.GET.get("token", ""), max_age=None)
    if ticket is None or not _holds(request, ticket):
        return HttpResponse("This page belongs to somebody else. Reload it.", status=403)
    since, newest = _event_id(request.GET.get("since", "")), newest_event()
    later = Missed.read(since=since, upto=newest).since(since)
    response = _answer(ticket.audience, later)
    response["X-Since"], response["X-Stream"] = str(newest), _url(ticket, since=newest)
    response["Cache-Control"] = "no-store"
    return response


def _holds(request: MemberRequest, ticket: Ticket) -> bool:
    return (ticket.member, ticket.audience.team) == (request.member.pk, request.member.team_id)


def _answer(audience: Audience, later: list[Change] | None) -> HttpResponse:
    if later is None:
        return HttpResponse(status=205)
    seen = [change for change in later if audience.sees(change)]
    if not seen:
        return HttpResponse(status=204)
    cards = pictures(seen, [audience]).get(audience.kind, {})
    parts = [cards.get(change.clip_id, "") for change in newest_per_clip(seen)]
    return HttpResponse(format_html(NEWS, json.dumps(news(seen))) + "".join(parts))
