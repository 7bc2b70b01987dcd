"""What changed, told to open pages: a bell after each commit, and the changes since an event.

The bell carries nothing and may get lost; whoever hears it, or looks by itself, reads the events.
"""

import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from studio.models import Event, Notice
from studio.models.events import changed
from studio.models.notices import told

logger = logging.getLogger(__name__)

CHANNEL = "dailies.live"
SOCKET = settings.DATA / "live.sock"


def ring() -> None:
    """Say that something changed. Never fails: a lost ring costs a moment, not a change."""
    try:
        BELLS[urlsplit(settings.LIVE_URL).scheme]()
    except OSError as error:
        logger.debug("Nobody heard the bell: %s", error)


def _ring_socket() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as bell:
        bell.sendto(b"", str(SOCKET))


def _ring_redis() -> None:
    import redis

    try:
        redis.Redis.from_url(settings.LIVE_URL, socket_timeout=1).publish(CHANNEL, b"")
    except redis.RedisError as error:
        raise OSError(str(error)) from error


BELLS: dict[str, Callable[[], None]] = {
    "": _ring_socket,
    "redis": _ring_redis,
    "rediss": _ring_redis,
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """An event as open pages need it; `is_new` says that it is the first one of its clip.

    `job_id` and `author_id`, its author, are None where it is about the clip itself.
    """

    pk: int
    team_id: int
    project_id: int
    clip_id: int
    title: str
    job_id: int | None
    author_id: int | None
    status: str
    at: datetime
    is_new: bool


def newest_event() -> int:
    """The id that a page rendered now has seen everything up to."""
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def events_since(event_id: int, *, most: int = 500) -> list[Change]:
    """The first events after `event_id`, oldest first."""
    return _changes(Event.objects.filter(pk__gt=event_id).order_by("pk")[:most])


def last_events(*, since: int, upto: int, most: int) -> list[Change]:
    """The last events of those after `since` up to `upto`, oldest first."""
    missed = Event.objects.filter(pk__gt=since, pk__lte=upto).order_by("-pk")
    return _changes(missed[:most])[::-1]


def _changes(events: QuerySet[Event]) -> list[Change]:
    before = Event.objects.filter(clip=OuterRef("clip"), pk__lt=OuterRef("pk"))
    rows = events.values_list(
        "pk", "team_id", "clip__project_id", "clip_id", "clip__title", "job_id", "job__author_id",
        "status", "at", ~Exists(before),
    )  # fmt: skip
    names = Change.__dataclass_fields__
    return [Change(**dict(zip(names, row, strict=True))) for row in rows]


def newest_notice() -> int:
    newest = Notice.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def told_since(notice_id: int, *, most: int = 1000) -> dict[int, int | None]:
    """The first notices after that one, oldest first: whom each is for, None for the team."""
    later = Notice.objects.filter(pk__gt=notice_id).order_by("pk")
    return dict(later.values_list("pk", "member_id")[:most])


def connect() -> None:
    """Ring after every commit that changed a card, or told somebody something."""
    changed.connect(lambda **_: ring(), weak=False, dispatch_uid="studio.live.ring")
    told.connect(lambda **_: ring(), weak=False, dispatch_uid="studio.live.ring_told")
