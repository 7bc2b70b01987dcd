"""A place deep in the wall: the page that begins at a clip, and the way to what stands above it.

`?from=CLIP` is where somebody was who comes back, `?after=PLACE` the page above a place. The first
heading says how many of its tiles stand above (`data-above`), so that the tiles under it keep their
columns: of a day they are counted; of a wall that is sorted it would take too long, and who asks has
seen them: `?above=NUMBER`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from itertools import chain, repeat
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from studio.models import Team
from studio.models.clips import ClipQuerySet
from studio.reports import sorting
from studio.reports.search import Search
from studio.reports.sorting import ABOVE, ONWARD, Place, Sort, Way, place_in, place_of, text_of
from studio.views import cards, hx
from studio.views.asked import Asked, parameters_in
from studio.views.days import Days, headings
from studio.views.personal import personal

LONGEST_KEY = 18
FIELDS = (*cards.SHOWN, "created_at")

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Spot:
    """Where a page lies: this way from the place."""

    way: Way
    place: Place


@dataclass(frozen=True, kw_only=True)
class Part:
    """Of the wall; `newer` and `older` are the places where it goes on, "" where it does not."""

    rows: Rows
    newer: str
    older: str


def spot_in(request: hx.MemberRequest, asked: Asked) -> Spot | None:
    """What the address asks for; None for a page as usual."""
    parameters = parameters_in(request)
    if clip := _number(parameters, "from"):
        place = place_of(clip, asked.by, request.project)
        return Spot(ONWARD, place) if place else None
    above = place_in(parameters.get("after", ""), asked.by)
    return Spot(ABOVE, above) if above else None


def _number(parameters: Mapping[str, str], name: str) -> int:
    text = parameters.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY else 0


def page(
    request: hx.MemberRequest,
    asked: Asked,
    search: Search,
    spot: Spot,
    *,
    size: int,
) -> SafeString:
    """Like a page of the wall."""
    part = _part(search, asked.by, spot, size)
    above = _above(request, asked, search, part)
    days = headings(asked, request.member.team)
    lines = [] if spot.way.is_up else [days.first(None)]
    if part.newer:
        told = {"above": max(0, above - size)} if asked.by.column else {}
        lines.append(door("newer", asked.at(after=part.newer, **told)))
    lines += _tiles(part.rows, days, team=request.member.team, above=above)
    lines.append(personal(request.member, [row[0] for row in part.rows]))
    if part.older:
        lines.append(door("older", asked.at(before=part.older, day=days.seen)))
    return mark_safe("".join(lines))  # noqa: S308  (templates' own)


def _tiles(rows: Rows, days: Days, *, team: Team, above: int) -> Iterator[str]:
    made = cards.tiles((row[:-1] for row in rows), team=team)
    for row, hidden in zip(rows, chain([above], repeat(0)), strict=False):
        yield days.heading(row[-1], above=hidden)
        yield made.get(row[0], "")


def _part(search: Search, sort: Sort, spot: Spot, size: int) -> Part:
    """Doors lead on from the place itself, so that it matters not whether its clip is still there."""
    way, place = spot.way, spot.place
    rows, further = sorting.page(search, sort, place, *FIELDS, most=size, way=way)
    if way.is_up:
        return Part(rows=rows, newer=further, older="")
    has_newer = sorting.is_any(search, sort, place, ABOVE)
    return Part(rows=rows, newer=text_of(place, sort) if has_newer else "", older=further)


def _above(request: hx.MemberRequest, asked: Asked, search: Search, part: Part) -> int:
    """How many tiles stand above the first one, under the same heading."""
    if not part.newer:
        return 0
    if asked.by.column:
        return _number(parameters_in(request), "above")
    zone = ZoneInfo(request.member.team.time_zone)
    return _of_its_day(search.clips, part.rows[0], zone) if part.rows else 0


def _of_its_day(clips: ClipQuerySet, row: tuple[Any, ...], zone: ZoneInfo) -> int:
    """How many clips of its day are newer than this one."""
    day = row[-1].astimezone(zone).date()
    end = datetime.combine(day, time.max, zone)
    return clips.filter(pk__gt=row[0], created_at__lte=end).count()


def door(name: str, address: str) -> SafeString:
    """Where the newer or older tiles go: by itself when it comes into sight, else as a link."""
    return format_html(
        '<p class="older" id="{0}" hx-get="{1}" hx-trigger="intersect once, again" hx-swap="outerHTML"'
        ' hx-status:4xx="swap:none" hx-status:5xx="swap:none">'
        '<a class="btn" href="{1}">{2}</a></p>',
        name, address, name.capitalize(),
    )  # fmt: skip
