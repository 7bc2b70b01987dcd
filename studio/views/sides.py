"""Takes of several models side by side, playing in step; unfinished ones show where they are."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from studio.core.comparing import MOST
from studio.models import Clip
from studio.reports.sides import Side, sides
from studio.views import hx
from studio.views.access import clip_read, signed_in
from studio.views.cards import VIEWS, Look, look_of, partial
from studio.views.live import stream_url
from studio.views.shell import shell


@require_GET
@signed_in
def side_by_side(request: hx.MemberRequest, pk: int) -> HttpResponse:
    clip = clip_read(request, pk)
    context = {**shell(request), "stream": stream_url(request, f"sides-{pk}"), **_cells(clip)}
    context["compared"] = _compared([side for side, _ in context["sides"]])
    return hx.page(request, "clip/side_by_side.html", context)


def _compared(found: list[Side]) -> str:
    """The takes that Compare would show, as its address names them; "" for less than two."""
    made = [str(side.take.pk) for side in found if side.take][:MOST]
    return ",".join(made) if len(made) > 1 else ""


def _cells(clip: Clip) -> dict[str, Any]:
    found = sides(clip)
    return {"clip": clip, "sides": [(side, _look(side)) for side in found]}


def _look(side: Side) -> Look | None:
    """How its state looks as long as there is nothing to see."""
    return None if side.take else look_of(side.job)


def sides_partials(clip_pks: Iterable[int]) -> dict[int, SafeString]:
    """What the live stream sends to such pages: all sides; what plays goes on."""
    template = get_template("clip/_sides.html")
    clips = Clip.objects.filter(pk__in=list(clip_pks))
    return {
        clip.pk: partial("sides", mark_safe(template.render(_cells(clip))))  # noqa: S308
        for clip in clips
    }


VIEWS["sides"] = sides_partials
