"""The wall: every clip of a project, newest first, with the compose bar or the director over it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from studio.models import Clip, Team
from studio.models.clips import ClipQuerySet
from studio.views import cards, drafts, hx
from studio.views.access import signed_in
from studio.views.drafts import Draft
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


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some of the wall: headings and tiles as one piece of HTML, and where the older ones begin."""

    html: SafeString
    older: str


@require_safe
@signed_in
def wall(request: hx.MemberRequest) -> HttpResponse:
    """The studio page, or with `?before=CLIP` just the tiles that are older than that."""
    if hx.target_of(request) in {"older", "wall"}:
        return render(request, "gallery/_older.html", {"page": page(request, _view(request))})
    return studio_page(request, drafts.fresh(request))


def studio_page(
    request: hx.MemberRequest, draft: Draft | None, *, status: int = 200
) -> HttpResponse:
    """The wall with this draft over it; for htmx only the draft."""
    if hx.target_of(request) == "dock" and draft:
        return render(request, draft.template, {"draft": draft}, status=status)
    view = _view(request)
    context = {
        **shell(request),
        "nav": "wall",
        "draft": draft,
        "page": page(request, view),
        "view": view,
        "views": [(name, title) for name, (title, _) in VIEWS.items()],
        "density": _density(request),
        "starts": STARTS,
        "stream": stream_url(request, "wall"),
    }
    return hx.page(request, "gallery/wall.html", context, status=status)


def _view(request: hx.MemberRequest) -> str:
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else "everything"


def _density(request: hx.MemberRequest) -> str:
    chosen = request.COOKIES.get("density", "")
    return chosen if chosen in DENSITIES else "m"


def page(request: hx.MemberRequest, view: str) -> Page:
    """Up to 48 tiles in two or three queries, however many clips there are."""
    before = request.GET.get("before", "")
    _, chosen = VIEWS[view]
    clips = chosen(Clip.objects.filter(project=request.project)).newest_first(
        before=int(before) if before.isdecimal() else None
    )
    rows = list(clips.values_list(*cards.SHOWN, "created_at")[: PAGE + 1])
    shown = rows[:PAGE]
    made = cards.tiles((row[:-1] for row in shown), team=request.member.team)
    days = Days(request.member.team, seen=request.GET.get("day", ""))
    lines = [] if before else [days.first(shown[0][-1] if shown else None)]
    for row in shown:
        lines += [days.heading(row[-1]), made.get(row[0], "")]
    older = f"?view={view}&before={shown[-1][0]}&day={days.seen}" if len(rows) > PAGE else ""
    return Page(html=mark_safe("".join(lines)), older=older)  # noqa: S308  (made above)


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
