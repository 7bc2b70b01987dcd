"""Price versions of a team, with the time each was or is valid."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from studio.models import PriceVersion, Team
from studio.providers.registry import all_providers

MOST = 100


@dataclass(frozen=True, kw_only=True)
class PriceLine:
    """A version; `until` is when the next of its kind followed, None while it is valid."""

    price: PriceVersion
    provider: str
    until: datetime | None


def price_lines(team: Team) -> list[PriceLine]:
    """The newest versions first, the studio's own among them."""
    prices = PriceVersion.objects.filter(Q(team=team) | Q(team=None))
    newest = prices.select_related("created_by__user").order_by("-valid_from", "-pk")[:MOST]
    followed: dict[tuple[object, ...], datetime] = {}
    lines = []
    for price in newest:
        kind = (price.team_id, price.provider, price.model, str(price.conditions))
        known = all_providers().get(price.provider)
        label = known.label if known else price.provider
        lines.append(PriceLine(price=price, provider=label, until=followed.get(kind)))
        followed[kind] = price.valid_from
    return lines
