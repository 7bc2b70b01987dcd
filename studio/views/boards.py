"""Boards beside the wall: the panel, a board's own sheet, and what is put on and taken off."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio import permissions
from studio.forms.boards import BoardForm
from studio.models import Board
from studio.reports import side
from studio.services import boards, placements
from studio.services.placements import Arranged
from studio.views import hx
from studio.views.access import allowed, board_read, signed_in
from studio.views.chosen import clips_of, counted, done
from studio.views.sheets import sheet
from studio.views.shell import shell

SIDE = "side"


@require_GET
@never_cache
@signed_in
def index(request: hx.MemberRequest) -> HttpResponse:
    """The panel beside the wall; by itself a page."""
    beside = side.side(request.member, request.project)
    context = {"side": beside, "may_arrange": permissions.can_arrange(request.member)}
    if hx.target_of(request) == SIDE:
        response = render(request, "gallery/_side_rows.html", context)
    else:
        whole = {**shell(request), "nav": "wall", **context}
        response = render(request, "gallery/boards.html", whole)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_http_methods(["GET", "POST"])
@allowed(permissions.can_arrange, "make boards")
def new(request: hx.MemberRequest) -> HttpResponse:
    """POST makes the board, and puts the `clips` on it that came along; with `ask` it asks first."""
    if request.method == "GET" or "ask" in request.POST:
        return _new(request, BoardForm())
    form, made = BoardForm(request.POST), list[Board]()
    if not form.done(lambda **_: made.append(_made(request, form))):
        return _new(request, form, status=422)
    (board,) = made
    if not request.POST.get("clips"):
        return done(request, f"The board “{board.name}” is there.")
    arranged = placements.arrange(request.member, clips_of(request), onto=board)
    return _arranged(request, arranged, onto=board)


def _made(request: hx.MemberRequest, form: BoardForm) -> Board:
    values = form.cleaned_data
    project = None if form.is_collection else request.project
    return boards.create(
        request.member,
        project,
        name=values["name"],
        is_auto=values["is_auto"] and not form.is_collection,
    )


def _new(request: hx.MemberRequest, form: BoardForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "keys": ",".join(request.POST.getlist("clips"))}
    return sheet(request, "gallery/_board_new.html", context, status=status)


@require_http_methods(["GET", "POST"])
@allowed(permissions.can_arrange, "change boards")
def board(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """POST changes its name, and whether new clips land on it."""
    row = board_read(request, pk)
    form = BoardForm(request.POST if request.method == "POST" else None, row=row)
    if request.method == "GET":
        return _board(request, row, form)
    permissions.require(permissions.can_change_board(request.member, row), "change this board")
    if not form.done(lambda **values: _change(request, row, values)):
        return _board(request, board_read(request, pk), form, status=422)
    return done(request, f"The board is “{row.name}” now.")


def _change(request: hx.MemberRequest, row: Board, values: Mapping[str, Any]) -> None:
    is_auto = values.get("is_auto", False)
    boards.change(request.member, row, name=values["name"], is_auto=is_auto)


def _board(
    request: hx.MemberRequest, row: Board, form: BoardForm, *, status: int = 200
) -> HttpResponse:
    may = permissions.can_change_board(request.member, row)
    return sheet(
        request, "gallery/_board.html", {"board": row, "form": form, "may_change": may},
        status=status,
    )  # fmt: skip


@require_POST
@allowed(permissions.can_arrange, "remove boards")
def remove(request: hx.MemberRequest, pk: int) -> HttpResponse:
    row = board_read(request, pk)
    kept = boards.remove(request.member, row)
    said = f"The board “{row.name}” is removed. Its clips stay."
    return done(request, said, undo=("removed", kept))


@require_POST
@allowed(permissions.can_arrange, "put clips on boards")
def choose(request: hx.MemberRequest) -> HttpResponse:
    """The boards to put the `clips` on; `off` is the one that is looked at."""
    clips = clips_of(request)
    context = {
        "keys": ",".join(str(clip.pk) for clip in clips),
        "said": f"“{clips[0]}”" if len(clips) == 1 else counted(clips),
        "rows": side.boards_beside(request.project),
        "off": _named_board(request, "off"),
    }
    return sheet(request, "gallery/_choose.html", context)


@require_POST
@allowed(permissions.can_arrange, "put clips on boards")
def arrange(request: hx.MemberRequest) -> HttpResponse:
    """Put the `clips` `onto` one board, take them `off` another, or both."""
    clips, onto, off = (
        clips_of(request),
        _named_board(request, "onto"),
        _named_board(request, "off"),
    )
    arranged = placements.arrange(request.member, clips, onto=onto, off=off)
    return _arranged(request, arranged, onto=onto, off=off)


def _named_board(request: hx.MemberRequest, name: str) -> Board | None:
    asked = request.POST.get(name, "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise Http404
    return board_read(request, int(asked))


def _arranged(
    request: hx.MemberRequest,
    arranged: Arranged,
    *,
    onto: Board | None = None,
    off: Board | None = None,
) -> HttpResponse:
    changed = arranged.count
    if not changed:
        return done(request, f"Already on “{onto.name}”." if onto else "Nothing to change.")
    verb = "is" if changed == 1 else "are"
    if onto and off:
        said = f"{counted(changed)} moved to “{onto.name}”."
    elif onto:
        said = f"{counted(changed)} {verb} on “{onto.name}” now."
    else:
        said = f"{counted(changed)} {verb} off “{off.name if off else ''}”."
    undo = {"put": dict(arranged.put), "taken": dict(arranged.taken)}
    return done(request, said, undo=("arranged", undo))
