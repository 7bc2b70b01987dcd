"""One's own open tasks: what notes ask one to do, on a page, with a count in the account menu."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from studio.services import notes
from studio.views import cards, hx, note_cards
from studio.views.access import mention_read, signed_in
from studio.views.links import came_from
from studio.views.note_cards import Shown
from studio.views.shell import shell
from studio.views.toasts import toast

MOST = 200


@require_GET
@never_cache
@signed_in
def tasks(request: hx.MemberRequest) -> HttpResponse:
    return render(request, "review/tasks.html", {**shell(request), "nav": "", **_open(request)})


def _open(request: hx.MemberRequest) -> dict[str, object]:
    rows = list(
        notes.tasks_of(request.member).prefetch_related("note__mentions__member__user")[:MOST]
    )
    shown = [(row, Shown(note=row.note, take=row.note.take)) for row in rows]
    return {"tasks": shown, "zone": request.member.team.time_zone}


@require_GET
@never_cache
@signed_in
def count(request: hx.MemberRequest) -> HttpResponse:
    """How many are open, for the menu that was just opened; nothing where none is."""
    number = notes.tasks_of(request.member).count()
    return HttpResponse(f"{number} open" if number else "")


@require_POST
@signed_in
def finish(request: hx.MemberRequest, pk: int) -> HttpResponse:
    return _mark(request, pk, done=True)


@require_POST
@signed_in
def reopen(request: hx.MemberRequest, pk: int) -> HttpResponse:
    return _mark(request, pk, done=False)


def _mark(request: hx.MemberRequest, pk: int, *, done: bool) -> HttpResponse:
    """The page says by `?view=tasks` that it is the list of tasks, else it shows the clip."""
    task = mention_read(request, pk)
    act, said, undo = (
        (notes.finish_task, "The task is done.", "task-reopen") if done
        else (notes.reopen_task, "The task is open again.", "task-finish")
    )  # fmt: skip
    act(request.member, task)
    if not request.htmx:
        messages.success(request, said)
        return redirect(came_from(request))
    asked = "?view=tasks" if request.GET.get("view") == "tasks" else ""
    changed = _list(request) if asked else note_cards.parts(task.note.clip)
    told = toast(request, said, undo_url=reverse(undo, args=[pk]) + asked)
    return HttpResponse(mark_safe(changed + told))  # noqa: S308  (templates' own)


def _list(request: hx.MemberRequest) -> str:
    html = render(request, "review/_tasks.html", _open(request)).content.decode()
    return cards.partial("tasks", mark_safe(html))  # noqa: S308  (a template's own)
