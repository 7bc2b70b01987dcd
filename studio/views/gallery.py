"""The wall: every clip of a project, newest first, with the compose bar or the director over it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from studio.models import Clip, Team
from studio.models.clips import ClipQuerySet
from studio.models.prepared import Prepared
from studio.orders import closed_for
from studio.providers.registry import all_providers
from studio.reports.lanes import paused_lanes
from studio.reports.pulse import pulse
from studio.services.remix import WAYS
from studio.views import cards, drafting, hx, lanes, marks
from studio.views.access import signed_in
from studio.views.drafts import Draft, new_key
from studio.views.live import stream_url
from studio.views.shell import shell

PAGE = 48

# The views of the wall: name in the address → what it is called, and which clips it shows.
VIEWS: dict[str, tuple[str, Callable[[ClipQuerySet], ClipQuerySet]]] = {
    "everything": ("Everything", lambda clips: clips),
    "progress": ("In progress", lambda clips: clips.in_progress()),
    "failed": ("Failed", lambda clips: clips.failed()),
}
DENSITIES = ("s", "m", "l")

# Prompts to start with, for a wall that is still empty: picture and words.
STARTS = (
    ("dunes", "Low sun over dunes, wind lifts the sand, slow slide to the right"),
    ("corridor", "Corridor of light, steady push in, one figure far ahead"),
    ("forest", "Morning shafts through tall trunks, mist drifting, camera still"),
)


@require_safe
@signed_in
def wall(request: hx.MemberRequest) -> HttpResponse:
    """The studio page, or with `?before=CLIP` just the tiles that are older than that."""
    if hx.target_of(request) in {"older", "wall"}:
        return HttpResponse(page(request, _view(request)))
    if len(get_messages(request)):
        return studio_page(request, drafting.fresh(request))
    return _kept_page(request)


def studio_page(
    request: hx.MemberRequest, draft: Draft | None, *, status: int = 200
) -> HttpResponse:
    """The wall with this draft over it; for htmx only the draft."""
    if hx.target_of(request) == "dock" and draft:
        return render(request, draft.template, {"draft": draft}, status=status)
    stream = stream_url(request, "wall")  # first: what happens from here on, the stream tells
    tiles = page(request, _view(request))
    paused = lanes.banner(paused_lanes())
    context = _context(request, draft, tiles=tiles, stream=stream, paused=paused)
    return hx.page(request, "gallery/wall.html", context, status=status)


def _context(
    request: hx.MemberRequest, draft: Draft | None, *, tiles: str, stream: str, paused: str
) -> dict[str, Any]:
    return {
        **shell(request),
        "nav": "wall",
        "draft": draft,
        "tiles": tiles,
        "view": _view(request),
        "views": [(name, title) for name, (title, _) in VIEWS.items()],
        "density": _density(request),
        "starts": STARTS,
        "ways": WAYS,
        "stream": stream,
        "paused_lanes": paused,
    }


def _kept_page(request: hx.MemberRequest) -> HttpResponse:
    """The wall with an empty draft: most of it is the same from visit to visit."""
    now = pulse(request.member.team)
    values = {
        "tiles": page(request, _view(request)),
        "stream": escape(stream_url(request, "wall", since=now.event)),
        "token": get_token(request),
        "key": new_key(),
        "paused": lanes.banner(paused_lanes() if now.paused_lanes else lanes.NONE),
    }
    key = (
        "wall", _view(request), _density(request), request.COOKIES.get("theme"),
        request.member.pk, request.member.role, str(request.member), request.project.pk,
        request.member.team.credit_price,
        *((one.team_id, one.team.name) for one in request.memberships),
        *((one.pk, one.name) for one in request.projects),
        now._replace(event=0), *drafting.start_of(request),
        *map(closed_for, all_providers().values()),
    )  # fmt: skip
    whole = marks.filled(key, lambda: _with_marks(request), values)
    response = HttpResponse(whole)
    patch_vary_headers(response, ["HX-Request", "HX-Target", "Cookie"])
    return response


def _with_marks(request: hx.MemberRequest) -> str:
    draft = drafting.fresh(request)
    if draft:
        draft.key = marks.mark("key")
    tiles, stream, paused = marks.mark("tiles"), marks.mark("stream"), marks.mark("paused")
    context = _context(request, draft, tiles=tiles, stream=stream, paused=paused)
    context["csrf_token"] = marks.mark("token")
    return render_to_string("gallery/wall.html", context, request)


def _view(request: hx.MemberRequest) -> str:
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else "everything"


def _density(request: hx.MemberRequest) -> str:
    chosen = request.COOKIES.get("density", "")
    return chosen if chosen in DENSITIES else "m"


_CLIPS = {
    (view, is_older): Prepared(
        lambda chosen=chosen, is_older=is_older, **asked: (
            chosen(Clip.objects.filter(project=asked["project"]))
            .newest_first(before=asked["before"] if is_older else None)
            .values_list(*cards.SHOWN, "created_at")[: PAGE + 1]
        ),
        "project",
        "before",
    )
    for view, (_, chosen) in VIEWS.items()
    for is_older in (False, True)
}


def page(request: hx.MemberRequest, view: str) -> SafeString:
    """Headings and up to 48 tiles, in two or three queries however many clips there are.

    Ends with the address of those that are older, if there are any.
    """
    before = request.GET.get("before", "")
    asked = int(before) if before.isdecimal() and len(before) < 18 else 0
    rows = _CLIPS[view, bool(asked)].rows(project=request.project.pk, before=asked)
    shown = rows[:PAGE]
    made = cards.tiles((row[:-1] for row in shown), team=request.member.team)
    days = Days(request.member.team, seen=request.GET.get("day", ""))
    lines = [] if asked else [days.first(shown[0][-1] if shown else None)]
    for row in shown:
        lines += [days.heading(row[-1]), made.get(row[0], "")]
    if len(rows) > PAGE:
        lines.append(_older(f"{reverse('wall')}?view={view}&before={shown[-1][0]}&day={days.seen}"))
    return mark_safe("".join(lines))  # noqa: S308  (made of templates' own)


def _older(address: str) -> SafeString:
    """Where the older tiles go: by itself when it comes into sight, else as a link."""
    return format_html(
        '<p class="older" id="older" hx-get="{0}" hx-trigger="intersect once" hx-swap="outerHTML">'
        '<a class="btn" href="{0}">Older</a></p>',
        address,
    )


class Days:
    """Headings between the days, in the time zone of the team; `seen` is the one that stands."""

    def __init__(self, team: Team, *, seen: str = "") -> None:
        self.zone = ZoneInfo(team.time_zone)
        self.seen = seen

    def first(self, newest: datetime | None) -> str:
        """The place for what is ordered now: today's heading, hidden while the day is empty."""
        now = timezone.now().astimezone(self.zone).date()
        is_today = newest is not None and newest.astimezone(self.zone).date() == now
        if is_today:
            self.seen = now.isoformat()
        return _heading(now, now, identity="today", hidden=not is_today)

    def heading(self, moment: datetime) -> str:
        """The heading of that day unless it stands already."""
        day = moment.astimezone(self.zone).date()
        if day.isoformat() == self.seen:
            return ""
        self.seen = day.isoformat()
        return _heading(day, timezone.now().astimezone(self.zone).date())


def today(team: Team, *, shown: bool) -> str:
    now = timezone.now().astimezone(ZoneInfo(team.time_zone)).date()
    return _heading(now, now, identity="today", hidden=not shown)


def _heading(day: date, now: date, *, identity: str = "", hidden: bool = False) -> str:
    ago = (now - day).days
    name = {0: "Today", 1: "Yesterday"}.get(ago, f"{day:%A}" if ago < 7 else "")
    year = "" if day.year == now.year else f" {day.year}"
    full = f"{day:%A} {day.day} {day:%B}{year}" if ago < 2 else f"{day.day} {day:%B}{year}"
    words = (name, full) if name else (f"{day:%a} {full}", "")
    return format_html(
        '<h2 class="day"{}{}>{} <span>{}</span></h2>',
        format_html(' id="{}"', identity) if identity else "",
        mark_safe(" hidden") if hidden else "",
        *words,
    )
