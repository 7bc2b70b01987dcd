"""Prices and rates: a new version from now or a later day on, older ones stay for the ledger."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from studio import permissions
from studio.core.prices import Price
from studio.models import Member, PriceVersion
from studio.services import price_versions


def set_price(member: Member, price: Price) -> PriceVersion:
    """The team's own price from then on. Jobs keep the price that they were ordered for.

    Raises InvalidPrice where it begins before now, or overlaps another one.
    """
    permissions.require(permissions.can_price(member), "set prices")
    version = version_of(
        price, team=member.team, created_by=member, source=f"Set by {member}"[:200]
    )
    zone = ZoneInfo(member.team.time_zone)
    return price_versions.add(version, begins=price.valid_from, zone=zone)


def set_studio_price(price: Price, *, source: str) -> PriceVersion:
    """The studio's price, for teams without one of their own; for whoever runs the server.

    Raises InvalidPrice as `set_price` does.
    """
    version = version_of(price, team=None, created_by=None, source=source)
    return price_versions.add(version, begins=price.valid_from)


def version_of(price: Price, **by: Any) -> PriceVersion:
    """Not stored yet, and without its beginning."""
    return PriceVersion(
        provider=price.able.provider, model=price.able.model, per=price.per, amount=price.amount,
        unit=price.unit, conditions=dict(sorted(price.conditions.items())),
        valid_until=price.valid_until, replaces_id=price.replaces,
        checked_on=timezone.now().date(), **by,
    )  # fmt: skip
