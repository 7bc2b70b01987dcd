"""What people do with notes on the clip page: write, reply, change, take back, resolve."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from studio.core.errors import InvalidNote, NotAllowed, StudioError
from studio.forms.notes import NoteForm
from studio.models import Asset, Note, Take
from studio.services import notes
from studio.services.notes import Said
from studio.storage.receive import Received
from studio.views import hx, note_cards
from studio.views.access import View, note_read, signed_in, take_read
from studio.views.clips import clip_page
from studio.views.composers import composer_for
from studio.views.toasts import toast

FILE = "attachment"


@require_POST
@signed_in
def write(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """A note about a take; with `parent` a reply, with `note` other words for one's own."""
    take = take_read(request, pk)
    answers, changes = (_named(request, name) for name in ("parent", "note"))
    try:
        note = _write(request, take, answers=answers, changes=changes)
    except NotAllowed:
        raise
    except StudioError as error:
        return _refused(request, take, error, answers=answers, changes=changes)
    if request.htmx:
        return HttpResponse(note_cards.parts(take.clip))
    return redirect(_address(note))


def _named(request: hx.MemberRequest, name: str) -> Note | None:
    text = request.POST.get(name, "")
    return note_read(request, int(text)) if text.isdecimal() and len(text) < 18 else None


def _write(
    request: hx.MemberRequest, take: Take, *, answers: Note | None, changes: Note | None
) -> Note:
    said = _said(request, take)
    if changes:
        notes.edit(request.member, changes, said)
        return changes
    if answers:
        return notes.reply(request.member, answers, said)
    return notes.write(request.member, take, said)


def _said(request: hx.MemberRequest, take: Take) -> Said:
    form = NoteForm(request.POST, take=take)
    if not form.is_valid():
        raise InvalidNote(" ".join(form.sentences()))
    return Said(**form.cleaned_data, attachment=_attached(request, take))


def _attached(request: hx.MemberRequest, take: Take) -> Asset | None:
    file = request.FILES.get(FILE)
    if not isinstance(file, Received) or not (file.name or file.size):
        return None
    return notes.attach(request.member, take.clip, file)


def _refused(
    request: hx.MemberRequest, take: Take, error: StudioError, **about: Note | None
) -> HttpResponse:
    """One sentence at the box, which keeps what was typed."""
    if request.htmx:
        context = {"problem": error.message, "swapped": True}
        return render(request, "review/_problem.html", context, status=error.http_status)
    composer = composer_for(take, typed=request.POST.dict(), problem=error.message, **about)
    return clip_page(request, take.clip, take, composer=composer, status=error.http_status)


def _address(note: Note) -> str:
    return f"{reverse('clip', args=[note.clip_id])}?take={note.take.number}#note-{note.pk}"


Act = Callable[[hx.MemberRequest, Note], tuple[str, str]]


def does(act: Act) -> View:
    """A view that does `act` and answers with the changed notes.

    `act` gives a sentence and the name of the route that undoes it.
    """

    @require_POST
    @signed_in
    def view(request: hx.MemberRequest, pk: int) -> HttpResponse:
        note = note_read(request, pk)
        said, undo = act(request, note)
        if not request.htmx:
            messages.success(request, said)
            return redirect(_address(note))
        told = toast(request, said, undo_url=reverse(undo, args=[pk]))
        return HttpResponse(note_cards.parts(note.clip) + told)

    return view


def _remove(request: hx.MemberRequest, note: Note) -> tuple[str, str]:
    notes.remove(request.member, note)
    return "The note is taken back.", "note-undo"


def _bring_back(request: hx.MemberRequest, note: Note) -> tuple[str, str]:
    notes.bring_back(request.member, note)
    return "The note is back.", "note-remove"


def _resolve(request: hx.MemberRequest, note: Note) -> tuple[str, str]:
    notes.resolve(request.member, note)
    return "Resolved.", "note-reopen"


def _reopen(request: hx.MemberRequest, note: Note) -> tuple[str, str]:
    notes.reopen(request.member, note)
    return "The note is open again.", "note-resolve"


def _hide(request: hx.MemberRequest, note: Note) -> tuple[str, str]:
    notes.show_to(request.member, note, guests=False)
    return "Only the team reads it now.", "note-everyone"


def _show(request: hx.MemberRequest, note: Note) -> tuple[str, str]:
    notes.show_to(request.member, note, guests=True)
    return "Everyone with a link reads it now.", "note-team"


remove, bring_back = does(_remove), does(_bring_back)
resolve, reopen = does(_resolve), does(_reopen)
hide, show = does(_hide), does(_show)
