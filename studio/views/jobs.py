"""What people do with a job, from the wall, the queue and the clip page alike."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from studio import permissions
from studio.models import Job
from studio.services import jobs, requests
from studio.views import cards, hx
from studio.views.access import View, allowed, job_read
from studio.views.links import came_from
from studio.views.toasts import toast

Act = Callable[[hx.MemberRequest, Job], str]


def does(act: Act) -> View:
    """A view that does `act` and answers with the changed card and the sentence that `act` gave.

    The page says by `?view=` which of `cards.VIEWS` it shows the job in; a plain form goes back to
    where it came from.
    """

    @require_POST
    @allowed(permissions.can_order, "change jobs")
    def view(request: hx.MemberRequest, pk: int) -> HttpResponse:
        job = job_read(request, pk)
        said = act(request, job)
        if not request.htmx:
            messages.success(request, said)
            return redirect(came_from(request))
        return _answer(request, job, said)

    return view


def _answer(request: hx.MemberRequest, job: Job, said: str) -> HttpResponse:
    asked = request.GET.get("view", "")
    draw = cards.VIEWS.get(asked, cards.VIEWS["wall"])
    changed = draw([job.clip_id]).get(job.clip_id, "")
    shown = toast(request, said, job=job, undo=said == CANCELLED)
    return HttpResponse(mark_safe(changed + shown))  # noqa: S308  (templates' own)


CANCELLED = "Cancelled. Nothing was charged."


def _cancel(request: hx.MemberRequest, job: Job) -> str:
    jobs.cancel(request.member, job)
    return CANCELLED


def _retry(request: hx.MemberRequest, job: Job) -> str:
    jobs.try_again(request.member, job)
    return "It is in line again."


def _remind(request: hx.MemberRequest, job: Job) -> str:
    requests.remind_of(request.member, job)
    return "They are told once more."


def _duplicate(request: hx.MemberRequest, job: Job) -> str:
    jobs.duplicate(request.member, job)
    return "Ordered once more."


def _move(request: hx.MemberRequest, job: Job) -> str:
    """`?to=` front, up, down or last; or `before`, the pk of the job to stand before."""
    where = request.GET.get("to") or request.POST.get("to", "")
    before = request.POST.get("before", "")
    if before.isdecimal():
        jobs.reorder(request.member, job, before=job_read(request, int(before)))
    else:
        jobs.move_in_line(request.member, job, where)
    return "Moved."


cancel = does(_cancel)
retry = does(_retry)
remind = does(_remind)
duplicate = does(_duplicate)
move = does(_move)
