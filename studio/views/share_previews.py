"""A link as its clients see it, for who made it: no view is counted, and nothing can be decided."""

from typing import cast

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from studio import permissions
from studio.views import hx
from studio.views.access import allowed, share_read
from studio.views.review_pages import Room, clip_context, wall_context
from studio.views.shown_files import shown_file

may_share = allowed(permissions.can_share, "share clips with clients")


def _room(request: hx.MemberRequest, pk: int) -> Room:
    """Also before it opens and after it has ended; one that was taken back shows nothing."""
    share = share_read(request, pk)
    permissions.require(permissions.can_change_share(request.member, share), "see this link")
    if share.revoked_at:
        raise Http404
    return Room(share=share, guest=None, route="share-preview", key=pk, preview=True)


@require_GET
@never_cache
@may_share
def wall(request: hx.MemberRequest, pk: int) -> HttpResponse:
    return render(request, "share/wall.html", wall_context(_room(request, pk)))


@require_GET
@never_cache
@may_share
def clip(request: hx.MemberRequest, pk: int, clip: int) -> HttpResponse:
    return render(request, "share/clip.html", clip_context(_room(request, pk), clip))


@require_safe
@may_share
def media(request: hx.MemberRequest, pk: int, asset: int, name: str) -> HttpResponse:
    return cast(HttpResponse, shown_file(request, _room(request, pk), asset))
