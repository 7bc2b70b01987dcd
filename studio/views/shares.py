"""Links for clients, as the team sees them: the one table, making one, and what it allows."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio import permissions
from studio.models import Member, Share
from studio.reports.shares import FILTERS, Line, line_of, share_page, visits_of
from studio.services import shares
from studio.views import cards, hx
from studio.views.access import allowed, share_read
from studio.views.links import absolute
from studio.views.settings import Page
from studio.views.share_forms import Asked, asked_for, asked_of
from studio.views.toasts import toast

TABLE = Page(route="shares", template="share/links.html", parts=frozenset())
FORM = Page(route="shares", template="share/link.html", parts=frozenset())
ACTION = "share clips with clients"

may_share = allowed(permissions.can_share, ACTION)


@require_GET
@never_cache
@may_share
def index(request: hx.MemberRequest) -> HttpResponse:
    """`?show=` open, ended or mine; `?before=` the last link of the page above."""
    show = request.GET.get("show", "")
    chosen = show if show in FILTERS else "all"
    page = share_page(request.member, chosen=chosen, before=_key(request.GET))
    context = {
        "rows": [_row(request, line) for line in page.lines],
        "before": page.before,
        "later": "before" in request.GET,
        "chosen": chosen,
        "filters": [(name, label) for name, (label, _) in FILTERS.items()],
    }
    return TABLE.show(request, context)


def _key(data: QueryDict) -> int | None:
    before = data.get("before", "")
    return int(before) if before.isdecimal() and len(before) < 19 else None


def _row(request: hx.MemberRequest, line: Line) -> dict[str, Any]:
    """The address only for who may change the link: it is as good as the link itself."""
    may = permissions.can_change_share(request.member, line.share)
    return {
        "line": line,
        "share": line.share,
        "team": request.member.team,
        "may_change": may,
        "may_undo": may and shares.can_restore(request.member, line.share),
        "address": _address(request, line.share) if may and not line.share.revoked_at else "",
    }


def _address(request: hx.MemberRequest, share: Share) -> str:
    token = shares.token_of(share)
    return absolute(request, "guest", token) if token else ""


@require_http_methods(["GET", "POST"])
@never_cache
@may_share
def new(request: hx.MemberRequest) -> HttpResponse:
    """A link to `?clips=1,2`, or to what is on `?board=`."""
    asked = asked_for(request)
    if request.method == "POST" and (share := asked.done(partial(_create, request.member))):
        messages.success(
            request, f"The link “{share}” is ready. Look at it, then send its address."
        )
        return redirect("share", share.pk)
    return _form(request, asked)


def _create(member: Member, asked: Asked, values: Mapping[str, Any]) -> Share:
    password = asked.form.new_password or ""
    return shares.create(member, asked.project, board=asked.board, password=password, **values)


def _form(request: hx.MemberRequest, asked: Asked, **more: Any) -> HttpResponse:
    context = {"asked": asked, "form": asked.form, "rows": asked.rows, "board": asked.board, **more}
    return FORM.show(request, context, status=422 if asked.is_refused else 200)


@require_http_methods(["GET", "POST"])
@never_cache
@may_share
def share(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """Its address, its terms, and who came by it."""
    row = share_read(request, pk)
    permissions.require(permissions.can_change_share(request.member, row), "change this link")
    asked = asked_of(request, row)
    if request.method == "POST" and asked.done(partial(_change, request.member)):
        messages.success(request, "The link is saved. It counts from now on, for everybody.")
        return redirect("share", pk)
    visits = visits_of(row, before=_key(request.GET))
    line = _row(request, line_of(row))
    return _form(request, asked, **line, visits=visits, later="before" in request.GET)


def _change(member: Member, asked: Asked, values: Mapping[str, Any]) -> Share:
    assert asked.share, "it is changed"
    shares.change(member, asked.share, password=asked.form.new_password, **values)
    return asked.share


@require_POST
@may_share
def revoke(request: hx.MemberRequest, pk: int) -> HttpResponse:
    row = share_read(request, pk)
    shares.revoke(request.member, row)
    undo = reverse("share-restore", args=[pk])
    return _changed(request, row, f"“{row}” opens for nobody any more.", undo_url=undo)


@require_POST
@may_share
def restore(request: hx.MemberRequest, pk: int) -> HttpResponse:
    row = share_read(request, pk)
    shares.restore(request.member, row)
    return _changed(request, row, f"“{row}” is open again.")


def _changed(request: hx.MemberRequest, row: Share, said: str, **undo: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, said)
        return redirect("shares")
    return HttpResponse(_drawn(request, row) + toast(request, said, **undo))


def _drawn(request: hx.MemberRequest, row: Share) -> SafeString:
    line = _row(request, line_of(row))
    html = render_to_string("share/_row.html", line, request)
    return cards.partial(f"share-{row.pk}", html)
