"""Remix: parts of a take put into the draft that is open, and files that come back."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from studio import permissions
from studio.core.errors import InvalidUpload
from studio.forms import taken
from studio.services import remix as services
from studio.storage.receive import FILM_FIELD, FILM_MAX_BYTES, Received
from studio.views import drafting
from studio.views.access import allowed, job_read
from studio.views.drafts import DIRECTOR
from studio.views.gallery import studio_page
from studio.views.hx import MemberRequest
from studio.views.shell import shell
from studio.views.uploads import model_in

NEEDED = "Film is needed: choose an MP4 or MOV file that was exported here."
TOO_LARGE = f"Film may have at most {FILM_MAX_BYTES // 1_000_000} MB."


@require_POST
@allowed(permissions.can_order, "order takes")
def remix(request: MemberRequest, pk: int) -> HttpResponse:
    """The form that was sent, with those parts of a job that `use` names; the rest as typed."""
    job = job_read(request, pk)
    use = services.way_named(request.POST.get("use", ""))
    names = services.WAYS[use].fields
    if not names:
        return studio_page(request, drafting.remixed(request, job, use))
    data = request.POST.copy()
    told = taken.take_over(data, model_in(data), drafting.as_typed(job.meant), names)
    request.POST = data  # type: ignore[assignment]  # files are read from there, too
    draft = drafting.sent(request).unjudged()
    draft.told, draft.dock, draft.redrawn = told, DIRECTOR, False
    return studio_page(request, draft.with_slots_of_its_size())


@require_http_methods(["GET", "POST"])
@allowed(permissions.can_order, "order takes")
def remix_file(request: MemberRequest) -> HttpResponse:
    """The director with the order that an exported file carries; the file itself is not kept."""
    if request.method == "GET":
        return _form(request)
    try:
        slate = services.slate_in(_received(request).path)
    except InvalidUpload as error:
        if request.htmx:
            raise
        return _form(request, problem=error.message)
    found = services.restored(slate, request.member.team)
    return studio_page(request, drafting.of_file(request, found))


def _received(request: MemberRequest) -> Received:
    """The file of the form. Raises InvalidUpload, StorageFull."""
    file = request.FILES.get(FILM_FIELD)
    if not isinstance(file, Received) or not file.size:
        raise InvalidUpload(NEEDED)
    if (file.size or 0) > FILM_MAX_BYTES:
        raise InvalidUpload(TOO_LARGE)
    if file.problem:
        raise file.problem
    return file


def _form(request: MemberRequest, *, problem: str = "") -> HttpResponse:
    context = {**shell(request), "nav": "wall", "problem": problem}
    return render(request, "remix/file.html", context, status=422 if problem else 200)
