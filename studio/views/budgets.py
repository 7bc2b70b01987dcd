"""The budget: what is granted, free, held and spent, and every entry that explains it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from studio import ledger, permissions
from studio.forms.money import GrantForm
from studio.models import Member
from studio.reports.ledger import ledger_page
from studio.services import budgets
from studio.views.access import allowed
from studio.views.hx import MemberRequest
from studio.views.settings import Page

PAGE = Page(route="settings-budget", template="settings/budget.html", parts=frozenset({"budget"}))


def _context(member: Member, *, before: int | None = None, **more: Any) -> Mapping[str, Any]:
    team = member.team
    context = {
        "team": team,
        "budget": ledger.team_budget(team),
        "page": ledger_page(team, before=before),
        "later": before is not None,
    }
    if permissions.can_grant(member):
        context["grant_form"] = GrantForm()
    return {**context, **more}


@require_GET
@allowed(permissions.can_see_costs, "see the budget")
def budget(request: MemberRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    key = int(before) if before.isdecimal() and len(before) < 19 else None
    context = dict(_context(request.member, before=key))
    if "grant_form" in context and (asked := request.GET.get("amount", "")):
        context["grant_form"] = GrantForm.for_amount(asked)
    return PAGE.show(request, context)


@require_POST
@allowed(permissions.can_grant, "grant credits")
def grant(request: MemberRequest) -> HttpResponse:
    form = GrantForm(request.POST)
    if form.done(lambda amount, reason: budgets.grant(request.member, amount, cause=reason)):
        notice = "The budget is changed. Jobs that waited for it go on."
        return PAGE.changed(request, notice, lambda: _context(request.member))
    return PAGE.show(request, _context(request.member, grant_form=form), status=422)
