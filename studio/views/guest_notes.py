"""What a client writes about a clip of a link: add, change, take back."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from studio.core.errors import InvalidNote
from studio.core.words import short
from studio.models import Note, Take
from studio.services import guest_notes
from studio.views import hx
from studio.views.guest_access import GuestRequest, at_link, guests_only
from studio.views.guest_pages import clip_page, room_of
from studio.views.review_pages import shown_one


@at_link
@require_POST
@guests_only
def add(request: GuestRequest, pk: int) -> HttpResponse:
    """`text`, and `frame` or none for the whole clip; a reply names its `parent` instead."""
    one = shown_one(room_of(request), pk)
    text = request.POST.get("text", "")
    parent = _parent(request, one.take)
    try:
        frame = None if parent else _frame(request)
        guest_notes.add(request.guest, one.take, text=text, frame=frame, parent=parent)
    except InvalidNote as error:
        typed = {"typed": text, "typed_frame": request.POST.get("frame", ""), "reply_to": parent}
        return clip_page(request, pk, status=422, problem=error.message, **typed)
    return _written(request, pk)


def _parent(request: GuestRequest, take: Take) -> Note | None:
    """A note that the client can read; one that they can not is as if there were none."""
    said = request.POST.get("parent", "")
    if not said:
        return None
    readable = guest_notes.notes_for(request.share, take).filter(parent=None)
    return get_object_or_404(readable, pk=int(said) if said.isdecimal() and len(said) < 19 else 0)


def _frame(request: GuestRequest) -> int | None:
    """Raises InvalidNote for what is no number; how far it may go is the take's to say."""
    said = request.POST.get("frame", "").strip()
    if said and not (said.isascii() and said.isdecimal() and len(said) < 10):
        raise InvalidNote(f"Frame must be a whole number from 0, not “{short(said)}”.")
    return int(said) if said else None


@at_link
@require_POST
@guests_only
def change(request: GuestRequest, pk: int) -> HttpResponse:
    note = _own(request, pk)
    text = request.POST.get("text", "")
    try:
        guest_notes.edit(request.guest, note, text=text)
    except InvalidNote as error:
        more = {"edited": note.pk, "typed": text, "problem": error.message}
        return clip_page(request, note.clip_id, status=422, **more)
    return _written(request, note.clip_id)


@at_link
@require_POST
@guests_only
def remove(request: GuestRequest, pk: int) -> HttpResponse:
    note = _own(request, pk)
    guest_notes.take_back(request.guest, note)
    return _written(request, note.clip_id)


def _own(request: GuestRequest, pk: int) -> Note:
    mine = Note.objects.standing().filter(guest=request.guest)
    return get_object_or_404(mine.select_related("clip"), pk=pk)


def _written(request: GuestRequest, clip: int) -> HttpResponse:
    if hx.target_of(request):
        return clip_page(request, clip)
    return redirect(f"{room_of(request).address('clip', clip)}#notes")
