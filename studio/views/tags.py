"""Tags of the chosen clips: which there are, one more, one less."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from studio import permissions
from studio.core.errors import InvalidTag
from studio.services import tags
from studio.services.tags import Marked
from studio.views import hx
from studio.views.access import allowed
from studio.views.chosen import clips_of, counted, done, said_in_passing
from studio.views.sheets import SHEET, sheet


@require_POST
@allowed(permissions.can_arrange, "tag clips")
def choose(request: hx.MemberRequest) -> HttpResponse:
    """What the `clips` are tagged with, and a box for another word."""
    return _sheet(request)


def _sheet(request: hx.MemberRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    clips = clips_of(request)
    rows = tags.used(request.member.team, clips)
    context = {
        "keys": ",".join(str(clip.pk) for clip in clips),
        "said": f"“{clips[0]}”" if len(clips) == 1 else counted(clips),
        "count": len(clips),
        "tags": [row for row in rows if row.count],
        "others": [row for row in rows if row.count < len(clips)],
        "typed": request.POST.get("name", "") if problem else "",
        "problem": problem,
    }
    return sheet(request, "gallery/_tags.html", context, status=status)


@require_POST
@allowed(permissions.can_arrange, "tag clips")
def mark(request: hx.MemberRequest) -> HttpResponse:
    """Give the `clips` the tag `name`."""
    try:
        marked = tags.mark(request.member, clips_of(request), name=request.POST.get("name", ""))
    except InvalidTag as error:
        return _sheet(request, problem=error.message, status=422)
    return _changed(request, marked, "on", "tagged")


@require_POST
@allowed(permissions.can_arrange, "tag clips")
def unmark(request: hx.MemberRequest) -> HttpResponse:
    """Take the tag `name` off the `clips`."""
    marked = tags.unmark(request.member, clips_of(request), name=request.POST.get("name", ""))
    return _changed(request, marked, "off", "untagged")


def _changed(request: hx.MemberRequest, marked: Marked, where: str, undo: str) -> HttpResponse:
    """The sheet stays open, for there may be more to say."""
    said = f"“{marked.name}” is {where} {counted(marked.clips)}."
    values: Mapping[str, Any] = {"name": marked.name, "clips": marked.clips}
    back = (undo, values) if marked.clips else None
    if hx.target_of(request) != SHEET:
        return done(request, said, undo=back)
    passing = said_in_passing(request, said, undo=back)
    return HttpResponse(mark_safe(_sheet(request).content.decode() + passing))  # noqa: S308
