"""Prices as the providers' own lists have them, taken over at the start; without them no job."""

import logging
from datetime import UTC, date, datetime, time

from django.utils import timezone

from studio.core.errors import PricesOverlap
from studio.core.money import PICO
from studio.dialects.base import ListPrice
from studio.models import Job, PriceVersion, Rate
from studio.providers.registry import all_providers
from studio.services import price_versions

logger = logging.getLogger(__name__)

# What one of a provider's own credits costs in pico-USD until an admin says it, and why.
FIRST_RATES = {
    "TRINETRA": (
        PICO // 100,
        "Assumed until an admin sets it: one of their credits as one of ours",
    ),
}


def take_over() -> None:
    """Write what is not there yet; a price that was taken over is never changed, only followed."""
    for provider in all_providers().values():
        for price in provider.prices:
            _take_over(provider.slug, price)
            _have_a_rate(price.unit)


def _take_over(provider: str, price: ListPrice) -> None:
    version = _version(provider, price)
    rows = PriceVersion.objects.filter(team=None, provider=provider, model=price.model)
    kind = [one for one in rows if one.kind == version.kind]
    # Who looked last knows best, be it the author of our list or whoever runs this server.
    if any(one.checked_on >= version.checked_on for one in kind):
        return
    try:
        price_versions.place(version)
    except PricesOverlap as error:
        logger.warning("The list price of %s is not taken over: %s", version, error.message)


def _version(provider: str, price: ListPrice) -> PriceVersion:
    """It begins on the day of the list, unless something was ordered: that keeps its price."""
    checked_on = date.fromisoformat(price.checked_on)
    was_used = Job.objects.filter(provider=provider).exists()
    return PriceVersion(
        provider=provider, model=price.model, per=price.per, amount=price.amount, unit=price.unit,
        conditions=dict(sorted(price.conditions.items())), source=price.source,
        checked_on=checked_on,
        valid_from=timezone.now() if was_used else datetime.combine(checked_on, time(), UTC),
    )  # fmt: skip


def _have_a_rate(unit: str) -> None:
    if unit in FIRST_RATES and not Rate.objects.filter(unit=unit, team=None).exists():
        price, source = FIRST_RATES[unit]
        start = datetime(2026, 1, 1, tzinfo=UTC)
        Rate.objects.create(unit=unit, price=price, valid_from=start, source=source)
