"""Price versions and rates of a team, with the time each was, is or will be valid."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from studio import ledger
from studio.core.errors import NoRate
from studio.core.prices import said
from studio.models import PriceVersion, Rate, Team
from studio.providers.registry import all_providers

MOST = 100


@dataclass(frozen=True, kw_only=True)
class PriceLine:
    """A version; `until` is when the next of its kind followed, None while it is valid.

    `ours` is its amount in micro-credits at the rate of today, None while there is no rate.
    """

    price: PriceVersion
    provider: str
    until: datetime | None
    ours: int | None

    @property
    def is_planned(self) -> bool:
        return self.price.valid_from > timezone.now()

    @property
    def only_for(self) -> str:
        return said(self.price.conditions)


def price_lines(team: Team) -> list[PriceLine]:
    """The newest versions first, the studio's own among them."""
    prices = PriceVersion.objects.filter(Q(team=team) | Q(team=None))
    newest = prices.select_related("created_by__user").order_by("-valid_from", "-pk")[:MOST]
    followed: dict[tuple[object, ...], datetime] = {}
    unit_prices = {unit: _unit_price(team, unit) for unit in {price.unit for price in newest}}
    lines: list[PriceLine] = []
    for price in newest:
        kind = (price.team_id, price.provider, price.model, str(price.conditions))
        known = all_providers().get(price.provider)
        label = known.label if known else price.provider
        ours = _in_credits(team, price, unit_prices[price.unit])
        lines.append(PriceLine(price=price, provider=label, until=followed.get(kind), ours=ours))
        followed[kind] = price.valid_from
    return lines


def _unit_price(team: Team, unit: str) -> int | None:
    try:
        return ledger.price_of_unit(team, unit)
    except NoRate:
        return None


def _in_credits(team: Team, price: PriceVersion, unit_price: int | None) -> int | None:
    if unit_price is None:
        return None
    return ledger.to_credits(team, price.amount, unit_price=unit_price)


def rate_lines(team: Team) -> list[Rate]:
    """The newest rates first, the studio's own among them."""
    rates = Rate.objects.filter(Q(team=team) | Q(team=None)).select_related("created_by__user")
    return list(rates.order_by("-valid_from", "-pk")[:MOST])
