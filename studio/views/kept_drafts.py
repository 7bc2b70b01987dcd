"""Keeping what is typed, while it is typed."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from studio import permissions
from studio.core.errors import DraftChanged
from studio.services import drafts
from studio.views import drafting, hx
from studio.views.access import allowed
from studio.views.drafts import COMPOSE, SLOT_LOOKS
from studio.views.gallery import studio_page

# What belongs to one sending of the form, and not to what it says.
NOT_KEPT = {
    "csrfmiddlewaretoken", "key", "shown_price", "ask", "dock", "look", "over", "edit", "from",
    "close", "redraw", drafting.REV,
}  # fmt: skip


def _is_kept(name: str) -> bool:
    """The names in a shelf's boxes are no part of the order either."""
    return name not in NOT_KEPT and not name.startswith("preset_")


@require_http_methods(["GET", "POST"])
@allowed(permissions.can_order, "write prompts")
def kept_draft(request: hx.MemberRequest) -> HttpResponse:
    """POST keeps the form's fields; the new revision is in the header `Draft-Rev`.

    409 with both ways on where another window kept something else, 204 if all is well. GET is the
    kept draft in the dock that `?dock` names.
    """
    if request.method == "GET":
        dock = request.GET.get("dock", COMPOSE)
        draft = drafting.fresh(request, dock=dock if dock in SLOT_LOOKS else COMPOSE)
        return studio_page(request, draft)
    return _keep(request, request.POST)


def _keep(request: hx.MemberRequest, data: QueryDict) -> HttpResponse:
    fields = {name: data.getlist(name) for name in data if _is_kept(name)}
    sent = data.get(drafting.REV, "")
    rev = int(sent) if sent.isdecimal() and len(sent) < 10 else 0
    try:
        stored = drafts.keep(request.member, request.project, fields, rev=rev, over="over" in data)
    except DraftChanged:
        other = drafts.of(request.member, request.project)
        context = {"other": other, "dock": data.get("dock", COMPOSE)}
        return render(request, "compose/_draft_changed.html", context, status=409)
    return HttpResponse(status=204, headers={"Draft-Rev": str(stored.rev)})
