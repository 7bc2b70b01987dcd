"""Prices and rates: a new version from now or a later day on, older ones stay for the ledger."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from studio import ledger, permissions
from studio.core.errors import NoPrice
from studio.core.orders import Order
from studio.core.prices import Price
from studio.models import Member, Per, PriceVersion, Rate, Team
from studio.providers.registry import provider_of

PREVIEW_SECONDS = 5


def set_price(member: Member, price: Price) -> PriceVersion:
    """The team's own price from then on. Jobs keep the price that they were ordered for."""
    permissions.require(permissions.can_price(member), "set prices")
    return _add_price(price, team=member.team, created_by=member, source=f"Set by {member}"[:200])


def set_studio_price(price: Price, *, source: str) -> PriceVersion:
    """The studio's price, for teams without one of their own; for whoever runs the server."""
    return _add_price(price, team=None, created_by=None, source=source)


def _add_price(price: Price, **by: Any) -> PriceVersion:
    now = timezone.now()
    return PriceVersion.objects.create(
        provider=price.able.provider, model=price.able.model, per=price.per, amount=price.amount,
        unit=price.unit, conditions=dict(price.conditions), valid_from=price.valid_from or now,
        checked_on=now.date(), **by,
    )  # fmt: skip


def set_rate(member: Member, *, unit: str, price: int) -> Rate:
    """From now on one of a provider's own credits costs `price` pico-USD in this team."""
    permissions.require(permissions.can_price(member), "set rates")
    return Rate.objects.create(
        team=member.team, unit=unit, price=price, valid_from=timezone.now(), created_by=member,
        source=f"Set by {member}"[:200],
    )  # fmt: skip


def set_studio_rate(*, unit: str, price: int, source: str) -> Rate:
    """The same for teams without a rate of their own."""
    now = timezone.now()
    return Rate.objects.create(unit=unit, price=price, valid_from=now, source=source)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What one take of five seconds costs, in micro-credits: today (None: no price) and then."""

    label: str
    now: int | None
    then: int
    seconds: int = PREVIEW_SECONDS


def preview(team: Team, price: Price) -> Preview:
    """Raises NoRate where the unit has none."""
    native = price.amount * (PREVIEW_SECONDS if price.per == Per.SECOND else 1)
    unit_price = ledger.price_of_unit(team, price.unit)
    then = ledger.to_credits(team, native, unit_price=unit_price)
    return Preview(
        label=provider_of(price.able.provider).label, now=_cost_now(team, price), then=then
    )


def _cost_now(team: Team, price: Price) -> int | None:
    able = price.able
    settings = {**able.defaults(), "duration": PREVIEW_SECONDS, "count": 1, **price.conditions}
    order = Order(provider=able.provider, model=able.model, prompt="", settings=settings)
    try:
        return ledger.quote(team, order).amount
    except NoPrice:
        return None
