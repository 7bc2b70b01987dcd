"""A page of the wall: the tiles of what its address asks for, with headings between them."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from studio.models import Clip
from studio.models.prepared import Prepared
from studio.reports.counts import words
from studio.reports.nothing import Nothing, why_nothing
from studio.reports.search import Search
from studio.reports.sorting import page, place_in
from studio.views import cards, hx, places
from studio.views.asked import Asked, parameters_in
from studio.views.days import headings
from studio.views.personal import personal
from studio.views.places import FIELDS, Rows

PAGE = 48


@dataclass(frozen=True, kw_only=True)
class Found:
    """Of a search: `count` in words, `nothing` as the reason why there are none.

    `widened` is the address without the term that keeps most away.
    """

    tiles: str
    count: str = ""
    nothing: Nothing | None = None
    widened: str = ""


def tiles(request: hx.MemberRequest, asked: Asked) -> SafeString:
    """Headings and up to 48 tiles at the place in the address, few queries for any number.

    Ends with the address of those that come after, if there are any.
    """
    spot = places.spot_in(request, asked)
    if asked.is_plain and not spot:
        return _plain(request, asked)
    return _sought(request, asked, _search(request, asked), spot)[0]


def found(request: hx.MemberRequest, asked: Asked) -> Found:
    """A page of a searched wall, with what is said about it."""
    if asked.problems:
        return Found(tiles="")
    search = _search(request, asked)
    drawn, count = _sought(request, asked, search, places.spot_in(request, asked))
    if not asked.query:
        return Found(tiles=drawn)
    count = search.count() if count is None else count
    if not count:
        return _nothing(search, asked, drawn)
    return Found(tiles=drawn, count=_clips(count))


def _nothing(search: Search, asked: Asked, drawn: str) -> Found:
    why = why_nothing(search)
    widened = asked.without(why.narrowest) if why.narrowest else ""
    return Found(tiles=drawn, count=_clips(0), nothing=why, widened=widened)


def _clips(count: int) -> str:
    return f"{words(count)} clip{'' if count == 1 else 's'}"


def _search(request: hx.MemberRequest, asked: Asked) -> Search:
    return Search(asked.query, member=request.member, project=request.project)


def _sought(
    request: hx.MemberRequest, asked: Asked, search: Search, spot: places.Spot | None
) -> tuple[SafeString, int | None]:
    """Its tiles, and how many the search finds where these are all."""
    if spot:
        return places.page(request, asked, search, spot, size=PAGE), None
    after = place_in(parameters_in(request).get("before", ""), asked.by)
    rows, place = page(search, asked.by, after, *FIELDS, most=PAGE)
    drawn = _drawn(request, asked, rows, place, is_first=not after)
    return drawn, None if place or after else len(rows)


_CLIPS = {
    is_later: Prepared(
        lambda is_later=is_later, **asked: (
            Clip.objects.shown()
            .filter(project=asked["project"])
            .newest_first(before=asked["before"] if is_later else None)
            .values_list(*FIELDS)[: PAGE + 1]
        ),
        "project",
        "before",
    )
    for is_later in (False, True)
}


def _plain(request: hx.MemberRequest, asked: Asked) -> SafeString:
    """Everything, newest first: what most visits ask for, prepared."""
    after = place_in(parameters_in(request).get("before", ""), asked.by)
    before = after.pk if after else 0
    rows = _CLIPS[bool(before)].rows(project=request.project.pk, before=before)
    place = str(rows[PAGE - 1][0]) if len(rows) > PAGE else ""
    return _drawn(request, asked, rows[:PAGE], place, is_first=not before)


def _drawn(
    request: hx.MemberRequest, asked: Asked, rows: Rows, place: str, *, is_first: bool
) -> SafeString:
    team = request.member.team
    made = cards.tiles((row[:-1] for row in rows), team=team)
    days = headings(asked, team, seen="" if is_first else parameters_in(request).get("day", ""))
    lines = [days.first(rows[0][-1] if rows else None)] if is_first else []
    for row in rows:
        lines += [days.heading(row[-1]), made.get(row[0], "")]
    lines.append(personal(request.member, [row[0] for row in rows]))
    if place:
        lines.append(places.door("older", asked.at(before=place, day=days.seen)))
    return mark_safe("".join(lines))  # noqa: S308  (made of templates' own)
