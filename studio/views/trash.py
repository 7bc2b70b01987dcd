"""The trash: in, back, and gone for good."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from studio import permissions
from studio.models import Clip
from studio.services import trash
from studio.views import hx
from studio.views.access import allowed
from studio.views.chosen import clips_of, counted, done
from studio.views.sheets import sheet
from studio.views.undo import drawn


@require_POST
@allowed(permissions.can_order, "use the trash")
def put(request: hx.MemberRequest) -> HttpResponse:
    """`clips` leave every open wall."""
    clips = clips_of(request)
    gone = trash.put(request.member, clips)
    said = f"{_named(clips, gone.clips)} in the trash, for 30 days. {gone.left}".strip()
    undo = ("trashed", {"clips": gone.clips})
    return done(request, said, changed=drawn(request, gone.clips), undo=undo)


@require_POST
@allowed(permissions.can_order, "use the trash")
def restore(request: hx.MemberRequest) -> HttpResponse:
    clips = clips_of(request)
    back = trash.restore(request.member, clips)
    said = f"{_named(clips, back.clips)} back on the wall. {back.left}".strip()
    undo = ("restored", {"clips": back.clips})
    return done(request, said, changed=drawn(request, back.clips), undo=undo)


@require_POST
@allowed(permissions.is_admin, "delete clips for good")
def purge(request: hx.MemberRequest) -> HttpResponse:
    """Asks first, for there is no way back; with `sure` it is done."""
    clips = clips_of(request)
    if "sure" not in request.POST:
        there = [clip for clip in clips if clip.trashed_at]
        keys = ",".join(str(clip.pk) for clip in there)
        context = {"clips": there, "keys": keys, "counted": counted(there)}
        return sheet(request, "gallery/_sure.html", context)
    gone = trash.let_go(request.member, clips)
    said = f"{_named(clips, gone.clips)} deleted for good."
    return done(request, said, changed=drawn(request, gone.clips))


def _named(clips: Sequence[Clip], happened: Sequence[int]) -> str:
    """“The red door” is, 12 clips are"""
    if len(happened) > 1:
        return f"{counted(happened)} are"
    (one,) = (clip for clip in clips if clip.pk in happened)
    return f"“{one}” is"
