"""Lanes that wait for an admin: the banner that says so on every page with jobs, and its button."""

from collections.abc import Callable, Iterable, Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from studio import permissions
from studio.core.errors import InvalidOrder
from studio.providers.registry import provider_of
from studio.reports.lanes import PausedLane, paused_lanes
from studio.services import lanes
from studio.views import cards, hx
from studio.views.access import allowed
from studio.views.links import came_from
from studio.views.toasts import toast

NONE: tuple[PausedLane, ...] = ()

Draw = Callable[[Iterable[int]], Mapping[int, SafeString]]


def banner(paused: Iterable[PausedLane]) -> SafeString:
    html = get_template("ui/_paused_lanes.html").render({"paused": paused})
    return mark_safe(html)  # noqa: S308  (a template's own)


def _partial(paused: Iterable[PausedLane]) -> SafeString:
    """The banner, to be put in the place of that on an open page."""
    return cards.partial("paused-lanes", banner(paused))


_ever_paused: set[str] = set()


def with_banner(draw: Draw) -> Draw:
    """What `draw` sends to open pages, and the banner along with the last of it.

    As long as no lane has ever paused since this process began, there is no banner to change.
    """

    def drawn(clip_pks: Iterable[int]) -> Mapping[int, SafeString]:
        made, paused = dict(draw(clip_pks)), paused_lanes()
        _ever_paused.update(lane.slug for lane in paused)
        if made and _ever_paused:
            last = max(made)
            made[last] = SafeString(made[last] + _partial(paused))
        return made

    return drawn


@require_POST
@allowed(permissions.can_resume, "resume a lane")
def resume(request: hx.MemberRequest, provider: str) -> HttpResponse:
    label = _label(provider)
    lanes.resume(request.member, provider)
    said = f"{label} goes on."
    if not request.htmx:
        messages.success(request, said)
        return redirect(came_from(request))
    shown = _partial(paused_lanes()) + toast(request, said)
    return HttpResponse(mark_safe(shown))  # noqa: S308  (templates' own)


def _label(slug: str) -> str:
    try:
        return provider_of(slug).label
    except InvalidOrder as error:
        raise Http404 from error


cards.VIEWS |= {view: with_banner(cards.VIEWS[view]) for view in ("wall", "trash")}
