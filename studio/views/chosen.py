"""What somebody chose on the wall, and how it is answered: the changed parts, a sentence, a way back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe

from studio.core import selection
from studio.models import Clip, Member
from studio.views import hx
from studio.views.links import came_from, way_on
from studio.views.sheets import SHEET
from studio.views.toasts import toast

SALT = "studio.undo"
UNDO_SECONDS = 3600  # the toast goes much sooner; a page without scripts may stand for a while
NOTHING = SafeString("")
CLOSES = SafeString("<p data-done></p>")  # the sheet, which has done its part


def clips_of(request: hx.MemberRequest) -> list[Clip]:
    """The clips that the form or the address names as `clips`; 404 if one is not the team's.

    Raises InvalidSelection.
    """
    sent = request.POST if request.method == "POST" else request.GET
    keys = selection.keys(sent.getlist("clips"))
    ours = Clip.objects.of_team(request.member.team).filter(pk__in=keys, purged_at=None)
    found = list(ours.select_related("project").order_by("pk"))
    if len(found) < len(keys):
        raise Http404
    return found


def done(
    request: hx.MemberRequest,
    sentence: str,
    *,
    changed: SafeString = NOTHING,
    undo: tuple[str, Mapping[str, Any]] | None = None,
) -> HttpResponse:
    """Say it in passing; `undo` names what takes it back, as views/undo.py knows it, and of what."""
    if not request.htmx:
        messages.success(request, sentence)
        return redirect(way_on(request) if "next" in request.POST else came_from(request))
    said = said_in_passing(request, sentence, undo=undo)
    closed = CLOSES if hx.target_of(request) == SHEET else NOTHING
    return HttpResponse(mark_safe(closed + changed + said))  # noqa: S308  (templates' own)


def said_in_passing(
    request: hx.MemberRequest, sentence: str, *, undo: tuple[str, Mapping[str, Any]] | None = None
) -> SafeString:
    token = undo_token(request.member, *undo) if undo else ""
    return toast(request, sentence, undo_token=token)


def undo_token(member: Member, what: str, values: Mapping[str, Any]) -> str:
    """What a button carries; only this member can press it, and nobody can change what it says."""
    return signing.dumps([member.pk, what, dict(values)], salt=SALT, compress=True)


def read_undo(member: Member, token: str) -> tuple[str, dict[str, Any]] | None:
    """What is to be taken back; None for what is forged, too old, or another member's."""
    try:
        owner, what, values = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        return None
    return (what, values) if owner == member.pk else None


def counted(clips: Sequence[object] | int) -> str:
    """“1 clip”, “1,204 clips”"""
    count = clips if isinstance(clips, int) else len(clips)
    return f"{count:,} clip{'' if count == 1 else 's'}"
