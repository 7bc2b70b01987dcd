"""The studio page: the wall, or what a search finds of it, with compose bar or director over it."""

from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.html import escape
from django.views.decorators.http import require_safe

from studio.orders import closed_for
from studio.providers.registry import all_providers
from studio.reports.lanes import paused_lanes
from studio.reports.pulse import pulse
from studio.services.remix import WAYS
from studio.views import drafting, hx, lanes, marks, saved_views
from studio.views.access import signed_in
from studio.views.asked import Asked, asked_in
from studio.views.drafts import Draft, new_key
from studio.views.found import Found, found, tiles
from studio.views.live import stream_url
from studio.views.shell import shell

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
    """What `?q=` finds as `?sort=` says, else everything; with `?before=` just the tiles after that.

    A search that can not be read is answered with 422 and finds nothing.
    """
    asked = asked_in(request)
    if hx.target_of(request) in {"older", "newer", "wall"}:
        return HttpResponse("" if asked.problems else tiles(request, asked))
    if asked.is_plain and not len(get_messages(request)):
        return _kept_page(request, asked)
    status = 422 if asked.problems else 200
    return studio_page(request, drafting.fresh(request), status=status)


def studio_page(
    request: hx.MemberRequest, draft: Draft | None, *, status: int = 200
) -> HttpResponse:
    """The wall with this draft over it; for htmx only the draft."""
    if hx.target_of(request) == "dock" and draft:
        return render(request, draft.template, {"draft": draft}, status=status)
    asked = asked_in(request)
    stream = stream_url(request, asked.view)  # first: what happens from here on, the stream tells
    shown = Found(tiles=tiles(request, asked)) if asked.is_plain else found(request, asked)
    paused = lanes.banner(paused_lanes())
    context = _context(request, draft, asked, shown, stream=stream, paused=paused)
    return hx.page(request, "gallery/wall.html", context, status=status)


def _context(
    request: hx.MemberRequest, draft: Draft | None, asked: Asked, shown: Found, *, stream: str,
    paused: str,
) -> dict[str, Any]:  # fmt: skip
    return {
        **shell(request),
        **saved_views.context(asked, saved_views.built_in(asked), request),
        "nav": "wall",
        "draft": draft,
        "tiles": shown.tiles,
        "found": shown,
        "density": _density(request),
        "starts": STARTS,
        "ways": WAYS,
        "stream": stream,
        "paused_lanes": paused,
    }


def _kept_page(request: hx.MemberRequest, asked: Asked) -> HttpResponse:
    """Everything, with an empty draft: most of it is the same from visit to visit."""
    now = pulse(request.member.team)
    values = {
        "tiles": tiles(request, asked),
        "stream": escape(stream_url(request, "wall", since=now.event)),
        "token": get_token(request),
        "key": new_key(),
        "paused": lanes.banner(paused_lanes() if now.paused_lanes else lanes.NONE),
    }
    key = (
        "wall", _density(request), request.COOKIES.get("theme"),
        request.member.pk, request.member.role, str(request.member), request.project.pk,
        request.member.team.credit_price,
        *((one.team_id, one.team.name) for one in request.memberships),
        *((one.pk, one.name) for one in request.projects),
        now._replace(event=0), *drafting.start_of(request),
        *map(closed_for, all_providers().values()),
    )  # fmt: skip
    whole = marks.filled(key, lambda: _with_marks(request, asked), values)
    response = HttpResponse(whole)
    patch_vary_headers(response, ["HX-Request", "HX-Target", "Cookie"])
    return response


def _with_marks(request: hx.MemberRequest, asked: Asked) -> str:
    draft = drafting.fresh(request)
    if draft:
        draft.key = marks.mark("key")
    shown = Found(tiles=marks.mark("tiles"))
    stream, paused = marks.mark("stream"), marks.mark("paused")
    context = _context(request, draft, asked, shown, stream=stream, paused=paused)
    context["csrf_token"] = marks.mark("token")
    return render_to_string("gallery/wall.html", context, request)


def _density(request: hx.MemberRequest) -> str:
    chosen = request.COOKIES.get("density", "")
    return chosen if chosen in DENSITIES else "m"
