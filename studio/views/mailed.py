"""The reports that a member is mailed: what they are about, when the next one comes, one more."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from studio import ledger, permissions
from studio.core.periods import Period
from studio.forms.schedules import ScheduleForm
from studio.models import Member, ReportSchedule
from studio.reports.costs.asked import read
from studio.reports.costs.names import FIELDS, Names
from studio.reports.costs.view import View
from studio.services import schedules
from studio.views import hx
from studio.views.access import allowed
from studio.views.shell import shell

SEE = "see the costs"


@dataclass(frozen=True, kw_only=True)
class Shown:
    row: ReportSchedule
    about: str
    address: str


@require_http_methods(["GET", "POST"])
@allowed(permissions.can_see_costs, SEE)
def mailed(request: hx.MemberRequest) -> HttpResponse:
    """GET shows a form for the view that the address asks for; POST keeps it."""
    if request.method == "GET":
        view = _view(request.member, request.GET)
        form = ScheduleForm(initial={"name": _about(request.member, view), "query": view.query})
        return _page(request, form, view)
    form = ScheduleForm(request.POST)
    if form.done(lambda **values: schedules.add(request.member, **values)):
        messages.success(request, f"“{form.cleaned_data['name'].strip()}” will be mailed to you.")
        return redirect("costs-mailed")
    view = _view(request.member, QueryDict(request.POST.get("query", "")))
    return _page(request, form, view, status=422)


@require_POST
@allowed(permissions.can_see_costs, SEE)
def remove(request: hx.MemberRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ReportSchedule, pk=pk, member=request.member)
    schedules.remove(request.member, row)
    messages.success(request, f"“{row.name}” is not mailed any more.")
    return redirect("costs-mailed")


def _view(member: Member, parameters: Mapping[str, str]) -> View:
    """As it is on the day on which it is mailed; only chosen dates stay what they are."""
    asked = {key: str(value) for key, value in parameters.items()}
    view = read(asked, Names(member), ledger.today_of(member.team))
    return view if view.period == Period.DATES else replace(view, anchored=False)


def _page(
    request: hx.MemberRequest, form: ScheduleForm, view: View, *, status: int = 200
) -> HttpResponse:
    rows = request.member.report_schedules.order_by("pk")
    context: dict[str, Any] = {
        **shell(request), "nav": "costs", "form": form, "view": view,
        "about": _about(request.member, view), "team": request.member.team,
        "is_fixed": view.period == Period.DATES, "mailed": [_shown(row) for row in rows],
    }  # fmt: skip
    return hx.page(request, "costs/mailed.html", context, status=status)


def _shown(row: ReportSchedule) -> Shown:
    view = _view(row.member, QueryDict(row.query))
    return Shown(row=row, about=_about(row.member, view), address=view.address)


def _about(member: Member, view: View) -> str:
    """“Month by person, Provider: Runware”."""
    names, days = Names(member), view.days.words
    period = days if view.period == Period.DATES else view.period.title()
    chips = [
        f", {FIELDS[name].word}: {FIELDS[name].called(names, key)}"
        for name, key in view.wanted.items()
    ]
    return f"{period} by {view.field.word.lower()}{''.join(chips)}"
