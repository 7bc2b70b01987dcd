"""The views of the wall as buttons with counts: those that are always there, and saved searches.

Counts are asked for when the wall stands already, and again when clips change.
"""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from studio import permissions
from studio.core.errors import InvalidView, NameTaken, TooLate
from studio.core.search import NOTHING, Query, read
from studio.forms.saved_views import NewViewForm, RenameViewForm
from studio.models import SavedView
from studio.reports.counts import counts, words
from studio.reports.sorting import NEWEST
from studio.services import saved_views
from studio.views import cards, hx
from studio.views.access import saved_view_read, signed_in
from studio.views.asked import Asked, address_of, asked_by, asked_from
from studio.views.shell import shell
from studio.views.toasts import toast

BUILT_IN = (
    ("Everything", NOTHING),
    ("Needs review", read("status:review")),
    ("Approved", read("status:approved")),
    ("Failed this week", read("status:failed on:week")),
    ("In progress", read("status:progress")),
)
SALT = "studio.saved_views"
UNDONE_WITHIN_SECONDS = 3600


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A button. `count` in words, "" while nobody has counted; `row` of a saved one."""

    name: str
    query: Query
    sort: str = NEWEST
    is_current: bool = False
    count: str = ""
    row: SavedView | None = None

    @property
    def address(self) -> str:
        return address_of(self.query, self.sort)


def built_in(asked: Asked) -> list[Shown]:
    """What the wall shows at once."""
    return [
        Shown(name=name, query=query, is_current=_is(asked, query, NEWEST))
        for name, query in BUILT_IN
    ]


def _is(asked: Asked, query: Query, sort: str) -> bool:
    return not asked.problems and (asked.query, asked.sort) == (query, sort)


def context(asked: Asked, shown: list[Shown], request: hx.MemberRequest) -> dict[str, Any]:
    """What `gallery/_views.html` needs."""
    current = next((one for one in shown if one.is_current), None)
    row = current.row if current else None
    may_change = row is not None and permissions.can_change_view(request.member, row)
    return {
        "asked": asked,
        "views": shown,
        "can_save": not (asked.is_plain or asked.problems or current),
        "can_share": permissions.can_share_view(request.member),
        "new_form": NewViewForm(),
        "changed": row if may_change else None,
        "rename_form": RenameViewForm(initial={"name": row.name}) if may_change and row else None,
    }


def _counted(request: hx.MemberRequest, asked: Asked) -> list[Shown]:
    seen = SavedView.objects.seen_by(request.member, request.project)
    rows = list(seen.order_by("is_private", "name", "pk"))
    saved = [
        Shown(
            name=row.name, query=query, sort=row.sort, row=row,
            is_current=_is(asked, query, row.sort),
        )
        for row in rows
        for query in [read(row.query)]
    ]  # fmt: skip
    shown = built_in(asked) + saved
    found = counts(request.member, request.project, [one.query for one in shown])
    return [
        replace(one, count=words(number) if one.query else "")
        for one, number in zip(shown, found, strict=True)
    ]


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def views(request: hx.MemberRequest) -> HttpResponse:
    """All of them with counts, for the wall that `q` and `sort` ask for; POST saves that search."""
    if request.method == "GET":
        return _show(request, asked_by(request.GET))
    asked, form = asked_by(request.POST), NewViewForm(request.POST)
    form.is_valid()
    is_private = not form.cleaned_data["for_team"]

    def act(name: str, **_: Any) -> None:
        saved_views.add(
            request.member, request.project, name=name, query=asked.text, sort=asked.sort,
            is_private=is_private,
        )  # fmt: skip

    if not form.done(act):
        return _show(request, asked, part="save-view", new_form=form, status=422)
    name = saved_views.named(form.cleaned_data["name"])
    return _done(request, asked, f"“{name}” is saved{'' if is_private else ' for the team'}.")


@require_POST
@signed_in
def rename(request: hx.MemberRequest, pk: int) -> HttpResponse:
    row, asked = saved_view_read(request, pk), asked_by(request.POST)
    was, form = row.name, RenameViewForm(request.POST)
    if not form.done(lambda name: saved_views.rename(request.member, row, name=name)):
        return _show(request, asked, part="change-view", rename_form=form, changed=row, status=422)
    return _done(request, asked, f"“{was}” is “{row.name}” now.")


@require_POST
@signed_in
def remove(request: hx.MemberRequest, pk: int) -> HttpResponse:
    row, asked = saved_view_read(request, pk), asked_by(request.POST)
    kept = saved_views.remove(request.member, row)
    token = signing.dumps([request.member.pk, row.project_id, kept], salt=SALT)
    undo = f"{reverse('view-undo')}?{urlencode({'kept': token})}"
    return _done(request, asked, f"“{row.name}” is removed.", undo_url=undo)


@require_POST
@signed_in
def bring_back(request: hx.MemberRequest) -> HttpResponse:
    """Undo a removal: `kept` is what the toast was given."""
    kept = _kept(request)
    try:
        row = saved_views.bring_back(request.member, request.project, kept)
    except (InvalidView, NameTaken) as error:
        raise TooLate(error.message) from error
    asked = asked_from(request)
    return _done(
        request, Asked(row.query, row.sort) if asked.is_plain else asked, f"“{row.name}” is back."
    )


def _kept(request: hx.MemberRequest) -> dict[str, Any]:
    """Of this member and this project, or there is none."""
    try:
        member, project, kept = signing.loads(
            request.GET.get("kept", ""), salt=SALT, max_age=UNDONE_WITHIN_SECONDS
        )
    except signing.SignatureExpired as error:
        raise TooLate("Too late: it was removed an hour ago or more.") from error
    except signing.BadSignature as error:
        raise Http404 from error
    if (member, project) != (request.member.pk, request.project.pk):
        raise Http404
    found: dict[str, Any] = kept
    return found


def _show(
    request: hx.MemberRequest, asked: Asked, *, part: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    """The buttons; a form that was refused takes just its own place."""
    shown = _counted(request, asked)
    parts = {**context(asked, shown, request), **more}
    if not request.htmx:
        whole = {**shell(request), "nav": "wall", **parts, "wrong": part}
        return hx.page(request, "gallery/views.html", whole, status=status)
    response = render(request, f"gallery/_views.html{'#' * bool(part)}{part}", parts, status=status)
    return reswap(retarget(response, f"#{part}"), "outerHTML") if part else response


def _done(
    request: hx.MemberRequest, asked: Asked, said: str, *, undo_url: str = ""
) -> HttpResponse:
    if not request.htmx:
        messages.success(request, said)
        return redirect(asked.address)
    parts = context(asked, _counted(request, asked), request)
    html = mark_safe(render_to_string("gallery/_views.html", parts, request))  # noqa: S308
    buttons = cards.partial("views", html, swap="outerHTML")
    return HttpResponse(buttons + toast(request, said, undo_url=undo_url))
