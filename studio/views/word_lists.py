"""Word lists of the team: everybody sees them, whoever may order changes them.

A page of the settings, and the same part in the panel over the director.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio import permissions
from studio.core.lines import as_text
from studio.forms.word_lists import WordListForm
from studio.models import Template, WordList
from studio.services import word_lists
from studio.views import hx
from studio.views.access import allowed, signed_in, word_list_read
from studio.views.panels import PANEL
from studio.views.settings import Page

PAGE = Page(route="word-lists", template="settings/words.html", parts=frozenset())
PARTS = {"word-lists": "word_lists/_lists.html", PANEL: "word_lists/_panel.html"}
HINTED = 3  # words that stand beside a list's name while one is chosen


@dataclass(frozen=True, kw_only=True)
class Row:
    word_list: WordList
    form: WordListForm
    templates: list[Template]


def _show(
    request: hx.MemberRequest, *, wrong: WordListForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """All lists; `wrong` is the form that was refused, in its place and open."""
    context = {**_context(request, wrong), **more}
    target = hx.target_of(request)
    if target in PARTS:
        return render(request, PARTS[target], context, status=status)
    return PAGE.show(request, context, status=status)


def _context(request: hx.MemberRequest, wrong: WordListForm | None) -> Mapping[str, Any]:
    member = request.member
    uses = word_lists.uses(member)
    slug = wrong.slug if wrong else ""
    rows = []
    for one in word_lists.of_team(member.team):
        form = WordListForm(row=one)
        shown = wrong if wrong and form.slug == slug else form
        rows.append(Row(word_list=one, form=shown, templates=uses.get(one.name, [])))
    new = wrong if wrong and slug == WordListForm().slug else WordListForm()
    may = permissions.can_order(member)
    return {"rows": rows, "may_change": may, "new_form": new, "wrong": slug}


@require_http_methods(["GET", "POST"])
@signed_in
def index(request: hx.MemberRequest) -> HttpResponse:
    """POST keeps a new list."""
    if request.method == "GET":
        return _show(request)
    permissions.require(permissions.can_order(request.member), "change word lists")
    form = WordListForm(request.POST)
    if not form.done(partial(word_lists.save, request.member)):
        return _show(request, wrong=form, status=422)
    return _changed(request, f"The list “{word_lists.named(form.cleaned_data['name'])}” is saved.")


@require_GET
@never_cache
@signed_in
def names(request: hx.MemberRequest) -> HttpResponse:
    """What is offered after a brace."""
    rows = word_lists.of_team(request.member.team)
    found = [{"label": one.name, "hint": _hint(one.words)} for one in rows]
    return JsonResponse({"lists": found})


def _hint(words: list[str]) -> str:
    more = ["…"] if len(words) > HINTED else []
    return ", ".join([*words[:HINTED], *more])


@require_POST
@allowed(permissions.can_order, "change word lists")
def change(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """Its name and its words."""
    row = word_list_read(request, pk)
    was, form = row.name, WordListForm(request.POST, row=row)
    if not form.done(partial(word_lists.save, request.member, changed=row)):
        return _show(request, wrong=form, status=422)
    left = word_lists.uses(request.member).get(was, []) if was != row.name else []
    return _changed(request, _said_changed(was, row.name, left))


def _said_changed(was: str, now: str, templates: list[Template]) -> str:
    if was == now:
        return f"The list “{now}” is saved."
    told = f"“{was}” is “{now}” now."
    if not templates:
        return told
    names = ", ".join(f"“{template}”" for template in templates)
    verb = "template still says" if len(templates) == 1 else "templates still say"
    return f"{told} {len(templates)} {verb} {{{{{was}}}}}: {names}."


@require_POST
@allowed(permissions.can_order, "change word lists")
def remove(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """The answer holds all that it takes to undo it."""
    row = word_list_read(request, pk)
    word_lists.remove(request.member, row)
    return _show(
        request, notice=f"The list “{row.name}” is removed.", removed=row,
        removed_words=as_text(row.words),
    )  # fmt: skip


def _changed(request: hx.MemberRequest, notice: str) -> HttpResponse:
    if request.htmx:
        return _show(request, notice=notice)
    messages.success(request, notice)
    return redirect("word-lists")
