"""What was ordered before in the project: search it, take it, compare two of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from studio import permissions
from studio.core.errors import InvalidChoice
from studio.models import Prompt
from studio.services import prompts
from studio.views import hx
from studio.views.access import allowed
from studio.views.panels import panel

LONGEST_SEARCH = 200


@require_GET
@never_cache
@allowed(permissions.can_order, "see prompts")
def history(request: hx.MemberRequest) -> HttpResponse:
    """The prompts of the project, newest first; `?q=` words in them, `?before=` for older ones."""
    context = _page(request)
    if hx.target_of(request) == "older-prompts":
        return render(
            request, "prompts/_rows.html", {**context, "zone": request.member.team.time_zone}
        )
    return panel(request, "prompts/_history.html", context)


def _page(request: hx.MemberRequest, **more: Any) -> dict[str, Any]:
    asked = request.GET.get("q", "")[:LONGEST_SEARCH].replace("\0", "")
    rows = Prompt.objects.filter(project=request.project).matching(asked)
    rows = rows.newest_first(before=_seen(request.GET.get("before", "")))
    found = list(rows.select_related("author__user")[: prompts.PAGE + 1])
    shown = found[: prompts.PAGE]
    return {
        "rows": shown, "q": asked,
        "older": _address(shown) if len(found) > len(shown) else "", **more,
    }  # fmt: skip


def _address(shown: Sequence[Prompt]) -> str:
    return f"{shown[-1].used_at.isoformat()}_{shown[-1].pk}"


def _seen(text: str) -> tuple[datetime, int] | None:
    """The place in the list that `_address` says, None for none."""
    moment, _, pk = text.rpartition("_")
    try:
        found = parse_datetime(moment.replace(" ", "+"))
    except ValueError:
        return None
    if not found or not found.tzinfo or not pk.isdecimal() or len(pk) > 18:
        return None
    return found, int(pk)


@require_GET
@never_cache
@allowed(permissions.can_order, "see prompts")
def recent(request: hx.MemberRequest) -> HttpResponse:
    """One's own last prompts, for arrow-up in an empty box."""
    return JsonResponse({"prompts": prompts.recent(request.member, request.project)})


@require_POST
@allowed(permissions.can_order, "compare prompts")
def compare(request: hx.MemberRequest) -> HttpResponse:
    """Word by word, the two that are ticked (`pick`), or one and what is in the box (`prompt`)."""
    picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal() and len(pk) < 18]
    try:
        pieces = prompts.compared(request.project, picked, request.POST.get("prompt", ""))
    except InvalidChoice as error:
        context = _page(request, problem=error.message, picked=picked)
        return panel(request, "prompts/_history.html", context, status=error.http_status)
    context = {"pieces": pieces, "with_present": len(set(picked)) == 1}
    return panel(request, "prompts/_compared.html", context)
