"""Providers: what they can do, their lanes, and what they cost in this team."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from studio import permissions
from studio.forms.money import PriceForm
from studio.models import Member
from studio.reports.prices import price_lines
from studio.reports.providers import lanes, matrix
from studio.services import prices
from studio.views.access import allowed, signed_in
from studio.views.hx import MemberRequest
from studio.views.settings import Page

PAGE = Page(
    route="settings-providers",
    template="settings/providers.html",
    parts=frozenset({"prices", "price-preview"}),
)


def _context(member: Member, **more: Any) -> Mapping[str, Any]:
    team = member.team
    context = {"team": team, "matrix": matrix(), "lanes": lanes(team), "lines": price_lines(team)}
    if permissions.can_price(member):
        context["price_form"] = PriceForm()
    return {**context, **more}


@require_GET
@signed_in
def providers(request: MemberRequest) -> HttpResponse:
    return PAGE.show(request, _context(request.member))


@require_POST
@allowed(permissions.can_price, "set prices")
def set_price(request: MemberRequest) -> HttpResponse:
    form = PriceForm(request.POST)
    if form.done(lambda **values: prices.set_price(request.member, **values)):
        notice = "The price is valid from now on."
        return PAGE.changed(request, notice, lambda: _context(request.member))
    return PAGE.show(request, _context(request.member, price_form=form), status=422)


@require_POST
@allowed(permissions.can_price, "set prices")
def preview(request: MemberRequest) -> HttpResponse:
    """What a take would cost with the price in the form; nothing is changed."""
    form = PriceForm(request.POST)
    if not form.is_valid():
        return PAGE.show(request, _context(request.member, price_form=form), status=422)
    would = prices.preview(request.member.team, **form.cleaned_data)
    return PAGE.show(request, _context(request.member, price_form=form, preview=would))
