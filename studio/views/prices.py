"""Prices and rates: what is valid now, what was and what will be, and how to set another one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from studio import permissions
from studio.core.errors import InvalidPrice, NoPrice, PricesOverlap
from studio.forms.prices import PriceForm, RateForm
from studio.models import Member
from studio.reports.prices import history, price_groups
from studio.reports.rates import rate_page
from studio.services import price_previews, prices, rates
from studio.views.access import allowed, signed_in
from studio.views.hx import MemberRequest
from studio.views.settings import Page

PAGE = Page(
    route="settings-prices",
    template="settings/prices.html",
    parts=frozenset({"prices", "rates", "price-preview", "rate-preview"}),
)
HISTORY = Page(
    route="settings-prices", template="settings/price_history.html", parts=frozenset({"history"})
)
SET_PRICES = (permissions.can_price, "set prices")


def _context(member: Member, *, before: int | None = None, **more: Any) -> Mapping[str, Any]:
    team = member.team
    context = {
        "team": team,
        "groups": price_groups(team),
        "rates": rate_page(team, before=before),
        "later": before is not None,
    }
    if permissions.can_price(member):
        zone = ZoneInfo(team.time_zone)
        context |= {"price_form": PriceForm(zone=zone), "rate_form": RateForm(zone=zone)}
    return {**context, **more}


def _key(request: MemberRequest) -> int | None:
    before = request.GET.get("before", "")
    return int(before) if before.isdecimal() and len(before) < 19 else None


@require_GET
@signed_in
def index(request: MemberRequest) -> HttpResponse:
    return PAGE.show(request, _context(request.member, before=_key(request)))


@require_GET
@signed_in
def past(request: MemberRequest) -> HttpResponse:
    """All versions for one model of a provider: `?provider=` and `?model=`, empty for all models."""
    slug, model = request.GET.get("provider", ""), request.GET.get("model", "")
    found = history(request.member.team, slug, model, before=_key(request))
    if found is None:
        raise Http404
    context = {"team": request.member.team, "history": found, "later": "before" in request.GET}
    return HISTORY.show(request, context)


@require_POST
@allowed(*SET_PRICES)
def set_price(request: MemberRequest) -> HttpResponse:
    """Where another version is in the way, the form comes back with a button that replaces it."""
    form, in_the_way = PriceForm(request.POST, zone=_zone(request)), None
    if form.is_valid():
        try:
            prices.set_price(request.member, form.price)
        except InvalidPrice as error:
            form.add_error(error.field, error.message)
            in_the_way = error.other if isinstance(error, PricesOverlap) else None
        else:
            return _told(request, f"The price is valid from {_begins(form.price.valid_from)} on.")
    context = _context(request.member, price_form=form, in_the_way=in_the_way)
    return PAGE.show(request, context, status=422)


def _begins(moment: datetime | None) -> str:
    return "its day" if moment else "now"


def _zone(request: MemberRequest) -> ZoneInfo:
    return ZoneInfo(request.member.team.time_zone)


@require_POST
@allowed(*SET_PRICES)
def set_rate(request: MemberRequest) -> HttpResponse:
    form = RateForm(request.POST, zone=_zone(request))
    if form.is_valid():
        try:
            rates.set_rate(request.member, **form.rate)
        except InvalidPrice as error:
            form.add_error(error.field, error.message)
        else:
            begins = _begins(form.rate["valid_from"])
            return _told(request, f"The rate is valid from {begins} on.")
    return PAGE.show(request, _context(request.member, rate_form=form), status=422)


@require_POST
@allowed(*SET_PRICES)
def preview(request: MemberRequest) -> HttpResponse:
    """What a take would cost with the price in the form; nothing is changed."""
    form, would = PriceForm(request.POST, zone=_zone(request)), None
    if form.is_valid():
        try:
            would = price_previews.preview(request.member.team, form.price)
        except NoPrice as error:
            form.add_error("unit", error.message)
    context = _context(request.member, price_form=form, preview=would)
    return PAGE.show(request, context, status=200 if would else 422)


@require_POST
@allowed(*SET_PRICES)
def preview_rate(request: MemberRequest) -> HttpResponse:
    """What takes would cost with the rate in the form; nothing is changed."""
    form = RateForm(request.POST, zone=_zone(request))
    would = None
    if form.is_valid():
        would = price_previews.preview_rate(request.member.team, **form.rate)
    context = _context(request.member, rate_form=form, rate_preview=would)
    return PAGE.show(request, context, status=200 if would else 422)


def _told(request: MemberRequest, notice: str) -> HttpResponse:
    return PAGE.changed(request, notice, lambda: _context(request.member))
