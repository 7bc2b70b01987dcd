"""Presets of the team: keep what the form holds under a name, rename it, take it away.

The buttons stand inside the director's form, so each sends the whole form; the answer is the
shelf alone, and what was typed elsewhere stays as it is.
"""

from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from studio import permissions
from studio.core.errors import InvalidPreset, NameTaken
from studio.forms.presets import present
from studio.models.presets import PresetKind
from studio.services import presets
from studio.views.access import allowed, preset_read
from studio.views.hx import MemberRequest
from studio.views.shelves import shelf_of


@require_POST
@allowed(permissions.can_order, "save presets")
def add(request: MemberRequest, kind: str) -> HttpResponse:
    """Keep the form's present value; its name stands in `preset_KIND`."""
    if kind not in PresetKind.values:
        raise Http404
    name = request.POST.get(f"preset_{kind}", "")
    value = present(presets.SHAPES[kind].param, request.POST)
    act = partial(presets.add, request.member, kind=kind, name=name, value=value)
    return _answer(request, kind, act, said=f"“{name.strip()}” is saved for the team.")


@require_POST
@allowed(permissions.can_order, "rename presets")
def rename(request: MemberRequest, pk: int) -> HttpResponse:
    """The new name stands in `preset_PK`."""
    row = preset_read(request, pk)
    name = request.POST.get(f"preset_{pk}", "")
    act = partial(presets.rename, request.member, row, name=name)
    return _answer(request, row.kind, act, said=f"“{row.name}” is “{name.strip()}” now.")


@require_POST
@allowed(permissions.can_order, "remove presets")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    row = preset_read(request, pk)
    act = partial(presets.remove, request.member, row)
    return _answer(request, row.kind, act, said=f"“{row.name}” is removed.")


def _answer(
    request: MemberRequest, kind: str, act: Callable[[], object], *, said: str
) -> HttpResponse:
    """The shelf after the act, or with the reason why it was refused and what was typed (422)."""
    try:
        act()
    except (InvalidPreset, NameTaken) as error:
        shelf = shelf_of(request.member, kind, typed=request.POST.dict(), problem=error.message)
        return render(request, "presets/_answer.html", {"shelf": shelf}, status=422)
    if not request.htmx:
        return redirect("director")
    shelf = shelf_of(request.member, kind, said=said)
    return render(request, "presets/_answer.html", {"shelf": shelf, "changed": True})
