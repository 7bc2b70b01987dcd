"""Changes as the messages of a stream: what is new, what to say, and the changed cards."""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.db import connection

from studio import live
from studio.core.status import JobStatus
from studio.live import Change
from studio.views import cards
from studio.views.audience import Audience

logger = logging.getLogger(__name__)

MOST_MISSED = 500
LATE = timedelta(seconds=2)  # no transaction that writes an event takes longer
TOLD = {JobStatus.RUNNING, JobStatus.SUCCEEDED, JobStatus.FAILED}

Pictures = Mapping[str, Mapping[int, str]]  # view kind → clip pk → HTML


def message(data: str = "", *, event: str = "", id: int | None = None) -> bytes:
    """One message of an event stream; without data and event it just sets the id."""
    lines = [f"event: {event}"] if event else []
    lines += [f"id: {id}"] if id is not None else []
    lines += [f"data: {line}" for line in data.splitlines()] or (["data:"] if event else [])
    return ("\n".join(lines) + "\n\n").encode()


def overlap() -> int:
    """How many ids may become visible after a greater one: SQLite's writers queue, others race."""
    return 0 if connection.vendor == "sqlite" else 100


@dataclass(frozen=True)
class Missed:
    """What pages missed while they were not connected, oldest first."""

    changes: list[Change]

    @classmethod
    def read(cls, *, since: int, upto: int) -> Self:
        return cls(live.last_events(since=since - overlap(), upto=upto, most=MOST_MISSED + 1))

    def since(self, event_id: int) -> list[Change] | None:
        """What changed after this event; None when it is too much to tell.

        That includes lower ids of the moments before it, which may have become visible after it.
        """
        before = [one for one in self.changes if event_id - overlap() < one.pk <= event_id]
        later = [one for one in self.changes if one.pk > event_id]
        late = [one for one in before if one.at > before[-1].at - LATE]
        return None if len(late + later) > MOST_MISSED else late + later


def pictures(changes: list[Change], audiences: Iterable[Audience]) -> Pictures:
    """Every card that somebody is looking at and that changed, rendered once for each kind."""
    wanted: dict[str, set[int]] = {}
    for audience in audiences:
        seen = {change.clip_id for change in changes if audience.sees(change)}
        wanted.setdefault(audience.kind, set()).update(seen)
    return {kind: _draw(kind, clips) for kind, clips in wanted.items() if clips}


def _draw(kind: str, clips: set[int]) -> Mapping[int, str]:
    """One card that can not be rendered must not silence the stream."""
    if kind not in cards.VIEWS:
        return {}
    try:
        return cards.VIEWS[kind](sorted(clips))
    except Exception:
        logger.exception("Cards of the %s could not be rendered: %s", kind, sorted(clips))
        return {}


def news(changes: Iterable[Change]) -> list[tuple[str, str]]:
    """What a page counts or says, as (event, JSON): new clips, and the last of each job."""
    spoken = {change.job_id: change for change in changes if change.status in TOLD}
    new = [("clip", change) for change in changes if change.is_new]
    told = [("job", change) for change in spoken.values()]
    return [(event, json.dumps(_facts(change))) for event, change in new + told]


def _facts(change: Change) -> dict[str, int | str | None]:
    return {
        "id": change.clip_id,
        "project": change.project_id,
        "author": change.author_id,
        "job": change.job_id,
        "status": change.status,
        "title": change.title,
    }


def newest_per_clip(changes: Iterable[Change]) -> list[Change]:
    """Several changes of one clip are one; what was changed last comes last."""
    newest = {change.clip_id: change for change in changes}
    return sorted(newest.values(), key=lambda change: change.pk)


def frames(audience: Audience, changes: Iterable[Change], cards: Pictures) -> bytes:
    """What these changes say to one audience, b"" if nothing.

    Ids rise, each on the frame of its card: whoever is cut off anywhere gets the rest.
    """
    seen = [change for change in changes if audience.sees(change)]
    html = cards.get(audience.kind, {})
    said = [message(data, event=event) for event, data in news(seen)]
    shown = [message(html.get(one.clip_id, ""), id=one.pk) for one in newest_per_clip(seen)]
    return b"".join(said + shown)
