"""Prices as the providers' own lists have them, taken over at the start; without them no job."""

from datetime import UTC, date, datetime, time

from studio.core.money import PICO
from studio.dialects.base import ListPrice
from studio.models import PriceVersion, Rate
from studio.providers.registry import all_providers

# What one of a provider's own credits costs in pico-USD until an admin says it, and why.
FIRST_RATES = {
    "TRINETRA": (
        PICO // 100,
        "Assumed until an admin sets it: one of their credits as one of ours",
    ),
}


def take_over() -> None:
    """Write what is not there yet; a price that was taken over is never changed, only followed."""
    known = {_key(row.provider, row) for row in PriceVersion.objects.filter(team=None)}
    for provider in all_providers().values():
        for price in provider.prices:
            if _key(provider.slug, price) not in known:
                _write(provider.slug, price)
            _have_a_rate(price.unit)


def _key(provider: str, price: ListPrice | PriceVersion) -> tuple[object, ...]:
    conditions = frozenset(price.conditions.items())
    checked_on = str(price.checked_on)
    return provider, price.model, price.per, price.amount, price.unit, conditions, checked_on


def _write(provider: str, price: ListPrice) -> None:
    checked_on = date.fromisoformat(price.checked_on)
    PriceVersion.objects.create(
        provider=provider, model=price.model, per=price.per, amount=price.amount, unit=price.unit,
        conditions=dict(price.conditions), source=price.source, checked_on=checked_on,
        valid_from=datetime.combine(checked_on, time(), UTC),
    )  # fmt: skip


def _have_a_rate(unit: str) -> None:
    if unit in FIRST_RATES and not Rate.objects.filter(unit=unit, team=None).exists():
        price, source = FIRST_RATES[unit]
        start = datetime(2026, 1, 1, tzinfo=UTC)
        Rate.objects.create(unit=unit, price=price, valid_from=start, source=source)
