"""Budgets: what is used of each, set, changed, removed; and what people ask for."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio import ledger, permissions
from studio.forms.caps import ApproveForm, AskForm, CapForm, LimitForm
from studio.models import Cap, Member
from studio.reports.caps import Asked, caps_of, requests_of
from studio.services import caps
from studio.views.access import allowed, cap_read
from studio.views.hx import MemberRequest
from studio.views.settings import Page

PAGE = Page(route="budgets", template="costs/budgets_page.html", parts=frozenset({"budget-parts"}))
SET = "set budgets"


def context_of(
    member: Member, *, after: int | None = None, before: int | None = None, **more: Any
) -> Mapping[str, Any]:  # fmt: skip
    """Everything that the page shows; `more` stands in place of what it would."""
    today = ledger.today_of(member.team)
    asked = requests_of(member, before=before)
    context: dict[str, Any] = {
        "nav": "costs",
        "budgets": caps_of(member.team, today, member=member, after=after),
        "requests": asked,
        "ask_form": AskForm(of=member),
        "approvals": [(one, _approval(one)) for one in asked.open],
    }
    if permissions.can_limit(member):
        context["cap_form"] = CapForm(of=member, runs_studio=permissions.can_run_studio(member))
    return {**context, **more}


def _approval(asked: Asked) -> ApproveForm | None:
    return ApproveForm(row=asked.request) if asked.may_decide else None


@require_GET
@allowed(permissions.can_see_costs, "see the budgets")
def budgets(request: MemberRequest) -> HttpResponse:
    """`?after=` and `?before=` go on in the budgets and in what was decided."""
    keys = {name: _key(request, name) for name in ("after", "before")}
    return PAGE.show(request, context_of(request.member, **keys))


def _key(request: MemberRequest, name: str) -> int | None:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 19 else None


@require_POST
@allowed(permissions.can_limit, SET)
def add(request: MemberRequest) -> HttpResponse:
    member = request.member
    form = CapForm(request.POST, of=member, runs_studio=permissions.can_run_studio(member))
    if form.done(lambda **values: caps.add(member, **values)):
        return PAGE.changed(request, "The budget counts from now on.", lambda: context_of(member))
    return PAGE.show(request, context_of(member, cap_form=form), status=422)


@require_http_methods(["GET", "POST"])
@allowed(permissions.can_limit, SET)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """GET shows the page with the form of this one open."""
    member, cap = request.member, _mine(request, pk)
    if request.method == "GET":
        return PAGE.show(request, _editing(member, cap, LimitForm.of(cap)))
    form = LimitForm(request.POST)
    if form.done(lambda **values: caps.change(member, cap, **values)):
        return PAGE.changed(request, "The budget is changed.", lambda: context_of(member))
    return PAGE.show(request, _editing(member, cap, form), status=422)


def _mine(request: MemberRequest, pk: int) -> Cap:
    cap = cap_read(request, pk)
    permissions.require(permissions.can_change_cap(request.member, cap), SET)
    return cap


def _editing(member: Member, cap: Cap, form: LimitForm) -> Mapping[str, Any]:
    """On the page where it stands."""
    return context_of(member, after=cap.pk - 1, edited=cap.pk, edit_form=form)


@require_POST
@allowed(permissions.can_limit, SET)
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """The answer holds the button that undoes it."""
    cap = _mine(request, pk)
    caps.remove(request.member, cap)
    notice = f"The budget of {ledger.title_of(cap)} is removed."
    return PAGE.show(request, context_of(request.member, removed=cap, notice=notice))


@require_POST
@allowed(permissions.can_limit, SET)
def restore(request: MemberRequest, pk: int) -> HttpResponse:
    cap = caps.restore(request.member, _mine(request, pk))
    notice = f"The budget of {ledger.title_of(cap)} is back."
    return PAGE.changed(request, notice, lambda: context_of(request.member))
