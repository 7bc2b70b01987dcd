"""What a client presses: approve, ask for changes, approve the rest, finish."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from studio.core.errors import InvalidChoice, InvalidNote
from studio.core.review import Verdict
from studio.services import answers
from studio.services.answers import VERDICTS
from studio.views import hx
from studio.views.guest_access import GuestRequest, at_link, guests_only
from studio.views.guest_pages import clip_page, room_of, wall_page
from studio.views.review_pages import shown_one

TAKEN_BACK = "none"


@at_link
@require_POST
@guests_only
def decide(request: GuestRequest, pk: int) -> HttpResponse:
    """`verdict` is approve, changes or none; `text` says what is to change."""
    one = shown_one(room_of(request), pk)
    text = request.POST.get("text", "")
    try:
        answers.answer(request.guest, one.take, _verdict(request), text=text)
    except InvalidNote as error:
        return clip_page(request, pk, status=422, asked=text, asked_problem=error.message)
    return _answered(request, pk)


def _verdict(request: GuestRequest) -> Verdict | None:
    said = request.POST.get("verdict", "")
    if said == TAKEN_BACK:
        return None
    if said not in VERDICTS:
        words = ", ".join([*VERDICTS, TAKEN_BACK])
        raise InvalidChoice(f"Verdict must be one of {words}, not “{said[:40]}”.")
    return Verdict(said)


def _answered(request: GuestRequest, pk: int) -> HttpResponse:
    """The page with the pressed button, as it is now."""
    on_clip = "clip" in request.POST
    if hx.target_of(request):
        return clip_page(request, pk) if on_clip else wall_page(request)
    if on_clip:
        return redirect("guest-clip", request.token, pk)
    return redirect(f"{room_of(request).address()}#shot-{pk}")


@at_link
@require_POST
@guests_only
def rest(request: GuestRequest) -> HttpResponse:
    """Approve the takes that the page has shown without an answer."""
    seen = {int(pk) for pk in request.POST.getlist("take") if pk.isdecimal() and len(pk) < 19}
    answers.approve_the_rest(request.guest, seen)
    return wall_page(request) if hx.target_of(request) else redirect("guest", request.token)


@at_link
@require_POST
@guests_only
def finish(request: GuestRequest) -> HttpResponse:
    answers.finish(request.guest)
    request.guest.refresh_from_db(fields=["finished_at"])
    return wall_page(request) if hx.target_of(request) else redirect("guest", request.token)
