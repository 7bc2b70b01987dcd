"""What a client finds behind a link: its door, its clips, and each of them with its files."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from studio.core.errors import LinkSpent, WrongPassword
from studio.forms.guests import DoorForm
from studio.models import ShareState
from studio.services import guests
from studio.views import hx
from studio.views.guest_access import (
    GuestRequest,
    LinkRequest,
    at_link,
    came,
    guests_only,
    let_in,
)
from studio.views.review_pages import Room, clip_context, wall_context
from studio.views.shown_files import shown_file


def room_of(request: LinkRequest) -> Room:
    return Room(share=request.share, guest=request.guest, route="guest", key=request.token)


@sensitive_post_parameters("password")
@at_link
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest) -> HttpResponseBase:
    """The door, and past it the clips. Looking at the door counts no view, as previewers look."""
    asked = cast(LinkRequest, request)
    if asked.guest is None:
        return _door(asked)
    if request.method == "POST":
        return redirect("guest", asked.token)
    return _wall(request)


@guests_only
def _wall(request: GuestRequest) -> HttpResponse:
    return wall_page(request)


def wall_page(request: GuestRequest) -> HttpResponse:
    """Also what an answer is answered with: htmx takes the part that has changed."""
    context = wall_context(room_of(request))
    return hx.page(request, "share/wall.html", context, parts={"review"})


def _door(request: LinkRequest) -> HttpResponse:
    if request.share.state == ShareState.USED_UP:
        raise LinkSpent(guests.USED_UP)
    before = request.before
    known = {"name": before.name, "email": before.email} if before else None
    data = request.POST if request.method == "POST" else None
    form = DoorForm(data, share=request.share, initial=known)
    if form.is_valid():
        try:
            return _enter(request, form)
        except WrongPassword as error:
            form.add_error("password", error.message)
    context = {"form": form, "share": request.share, "team": request.share.team}
    return render(request, "share/door.html", context, status=422 if form.is_bound else 200)


def _enter(request: LinkRequest, form: DoorForm) -> HttpResponse:
    _, secret = guests.enter(
        request.share, came=came(request), known=request.before, **form.cleaned_data
    )
    return let_in(request, redirect("guest", request.token), secret)


@at_link
@require_GET
@guests_only
def clip(request: GuestRequest, pk: int) -> HttpResponse:
    return clip_page(request, pk)


def clip_page(request: GuestRequest, pk: int, *, status: int = 200, **more: object) -> HttpResponse:
    """`more` is what was typed and why it was refused."""
    context = {**clip_context(room_of(request), pk), **more}
    return hx.page(request, "share/clip.html", context, parts={"review"}, status=status)


@at_link
@require_safe
def media(request: LinkRequest, pk: int, name: str) -> HttpResponseBase:
    """A file of a take that the link shows; `name` only makes the address readable."""
    if request.guest is None:
        raise Http404
    guests.come_in(request.share, request.guest, came(request))
    return shown_file(request, room_of(request), pk)
