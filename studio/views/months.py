"""Months of the ledger: what is closed, and the button that closes the next one for good."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from studio import permissions
from studio.forms.months import MonthForm
from studio.reports import months as reports
from studio.services import months as services
from studio.views import hx
from studio.views.access import allowed
from studio.views.shell import shell


@require_GET
@allowed(permissions.can_see_costs, "see closed months")
def months(request: hx.MemberRequest) -> HttpResponse:
    return _page(request)


@require_POST
@allowed(permissions.can_close_months, "close months")
def close(request: hx.MemberRequest) -> HttpResponse:
    form = MonthForm(request.POST)
    if not form.done(lambda month: services.close(request.member, month)):
        return _page(request, problems=form.sentences(), status=422)
    notice = f"{form.cleaned_data['month']:%B %Y} is closed."
    if request.htmx:
        return _page(request, notice=notice)
    messages.success(request, notice)
    return redirect("costs-months")


def _page(request: hx.MemberRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    team = request.member.team
    context: Mapping[str, Any] = {
        **shell(request), "nav": "costs", "team": team, "closed": reports.closed(team),
        "next": reports.upcoming(team), "may_close": permissions.can_close_months(request.member),
        **more,
    }  # fmt: skip
    return hx.page(request, "costs/months.html", context, parts={"months"}, status=status)
