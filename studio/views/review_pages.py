"""The pages that a link shows, for clients and for whoever looks at them before they are sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from studio.core import drawing
from studio.models import Guest, Note, Share, Take
from studio.reports.settings import settings_of
from studio.services import guest_notes, looks
from studio.services.answers import VERDICTS
from studio.services.guest_notes import LONGEST
from studio.services.shown import Shown, shown


@dataclass(frozen=True, kw_only=True)
class Room:
    """Where the pages of a link are: a client's, or with `preview` those of who made it.

    `route` is how their addresses' names begin, `key` what stands in them first.
    """

    share: Share
    guest: Guest | None
    route: str
    key: str | int
    preview: bool = False

    def address(self, page: str = "", *args: object) -> str:
        name = f"{self.route}-{page}" if page else self.route
        return reverse(name, args=[self.key, *args])

    def action(self, page: str, *args: object) -> str:
        """Where a form is sent; in a preview nowhere."""
        return "" if self.preview else self.address(page, *args)


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A clip in a link with its addresses; `quote` is what the client wrote of it last."""

    shown: Shown
    room: Room
    quote: str = ""

    @property
    def clip(self) -> str:
        return self.room.address("clip", self.shown.clip.pk)

    @property
    def poster(self) -> str:
        return self.room.address("media", self.shown.take.poster_id, "poster.webp")

    @property
    def video(self) -> str:
        return self.room.address("media", self.shown.take.video_id, "video")

    @property
    def hover(self) -> str:
        return self.room.address("media", self.shown.take.preview_id, "preview.mp4")

    @property
    def strip(self) -> str:
        return self.room.address("media", self.shown.take.strip_id, "strip.webp")

    @property
    def decide(self) -> str:
        return self.room.action("decide", self.shown.clip.pk)

    @property
    def notes(self) -> str:
        return self.room.action("notes", self.shown.clip.pk)


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A note that clients may read; `mine` is where its writer changes it, else ""."""

    note: Note
    replies: list["Remark"]
    change: str = ""
    remove: str = ""

    @property
    def drawn(self) -> str:
        return drawing.described(self.note.drawing) if self.note.drawing else ""


def wall_context(room: Room) -> dict[str, Any]:
    rows = shown(room.share, room.guest)
    looks.seen([row.clip for row in rows])
    quotes = _quotes(room, rows)
    tiles = [Tile(shown=row, room=room, quote=quotes.get(row.take.pk, "")) for row in rows]
    rest = [tile for tile in tiles if not tile.shown.verdict]
    return {
        **_frame(room),
        "tiles": tiles,
        "rest": rest,
        "answered": len(tiles) - len(rest),
        "rest_action": room.action("rest"),
        "finish_action": room.action("finish"),
    }


def shown_one(room: Room, pk: int) -> Shown:
    """A clip of the link; its number is of no use. Raises Http404 for one that is not in it."""
    found = shown(room.share, room.guest, clip=pk)
    if not found:
        raise Http404
    return found[0]


def clip_context(room: Room, pk: int) -> dict[str, Any]:
    """One clip of the link with its neighbors. Raises Http404 for one that is not in it."""
    rows = shown(room.share, room.guest)
    place = next((place for place, row in enumerate(rows) if row.clip.pk == pk), None)
    if place is None:
        raise Http404
    before, after = rows[place - 1 : place], rows[place + 1 : place + 2]
    tile = Tile(shown=rows[place], room=room)
    take = rows[place].take
    looks.seen([rows[place].clip])
    return {
        **_frame(room),
        "tile": tile,
        "take": take,
        "total": len(rows),
        "before": room.address("clip", before[0].clip.pk) if before else "",
        "after": room.address("clip", after[0].clip.pk) if after else "",
        "remarks": remarks(room, take),
        "last_frame": take.frames - 1,
        "longest": LONGEST,
        "job": take.job if room.share.may_see_prompts else None,
        "settings": settings_of(take.job) if room.share.may_see_prompts else [],
    }


def _frame(room: Room) -> Mapping[str, Any]:
    """What stands around every page of a link."""
    return {
        "share": room.share,
        "guest": room.guest,
        "preview": room.preview,
        "wall": room.address(),
        "team": room.share.team,
        "verdicts": VERDICTS,
    }


def _quotes(room: Room, rows: list[Shown]) -> dict[int, str]:
    if room.guest is None:
        return {}
    mine: QuerySet[Note] = room.guest.notes.standing().threads()
    notes = mine.filter(take__in=[row.take for row in rows]).order_by("pk")
    return dict(notes.values_list("take", "text"))


def remarks(room: Room, take: Take) -> list[Remark]:
    """Notes with their replies, as clients may read them."""
    rows = list(guest_notes.notes_for(room.share, take))
    made = {note.pk: _remark(room, note) for note in rows}
    for note in rows:
        if note.parent_id in made:
            made[note.parent_id].replies.append(made[note.pk])
    return [made[note.pk] for note in rows if note.parent_id is None]


def _remark(room: Room, note: Note) -> Remark:
    mine = room.guest is not None and note.guest_id == room.guest.pk and room.share.may_comment
    if not mine:
        return Remark(note=note, replies=[])
    return Remark(
        note=note, replies=[],
        change=room.address("note", note.pk), remove=room.address("note-remove", note.pk),
    )  # fmt: skip
