"""What an order costs: the price that is valid now, at the rate of the day."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Q
from django.utils import timezone

from studio.core.errors import NoPrice, NoRate
from studio.core.money import CREDIT, MOST, UNIT_PRICES, in_credits
from studio.core.orders import Order
from studio.models import Job, Per, PriceVersion, Rate, Team
from studio.providers import registry


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What an order would cost: `amount` micro-credits, by which price version.

    `native` is the same in micro-units of the price's unit.
    """

    price: PriceVersion
    amount: int
    seconds: int
    count: int
    unit_price: int = 0
    native: int = 0

    @property
    def is_free(self) -> bool:
        return self.amount == 0


def price_for(team: Team, order: Order) -> PriceVersion:
    """The version valid now: the team's own before the studio's, the narrowest, the newest.

    Of its kind it is the last that began; where that one is over, there is none of this kind.

    Raises NoPrice: without a price there is no job.
    """
    return _fitting(_valid_prices(team, {order.provider}), order)


def _valid_prices(team: Team, providers: Collection[str]) -> list[PriceVersion]:
    mine = PriceVersion.objects.filter(Q(team=team) | Q(team=None), provider__in=providers)
    now = timezone.now()
    return in_force(mine.filter(valid_from__lte=now), now)


def in_force(prices: Iterable[PriceVersion], moment: datetime) -> list[PriceVersion]:
    """Of each kind the version that began last, unless it is over."""
    begun = [price for price in prices if price.valid_from <= moment]
    newest = {price.kind: price for price in sorted(begun, key=_order)}
    return [price for price in newest.values() if not price.is_over(moment)]


def _order(price: PriceVersion) -> tuple[Any, ...]:
    """Which one counts of those that begin at the same moment: the last, and one not stored yet."""
    return price.valid_from, price.pk is None, price.pk


def _fitting(prices: Iterable[PriceVersion], order: Order) -> PriceVersion:
    fitting = [price for price in prices if _is_of(price, order)]
    if not fitting:
        raise NoPrice(
            f"There is no price for {order.provider} {order.model}; an admin can set one."
        )
    return max(fitting, key=_precedence)


def _is_of(price: PriceVersion, order: Order) -> bool:
    here = price.provider == order.provider and price.model in {"", order.model}
    return here and _fits(price.conditions, order.settings)


def _fits(conditions: Mapping[str, Any], settings: Mapping[str, Any]) -> bool:
    return all(settings.get(name) == value for name, value in conditions.items())


def _precedence(price: PriceVersion) -> tuple[Any, ...]:
    return (
        price.team_id is not None,
        bool(price.model),
        len(price.conditions),
        *_order(price),
    )


def quote(team: Team, order: Order) -> Quote:
    """What this order costs now. Raises NoPrice, NoRate."""
    (found,) = firm_quotes(team, [order])
    return found


def quote_then(team: Team, order: Order, moment: datetime, *, added: PriceVersion) -> Quote:
    """What this order would cost then, with a price that is not stored yet. Raises NoPrice, NoRate."""
    mine = PriceVersion.objects.filter(Q(team=team) | Q(team=None), provider=order.provider)
    prices = in_force([*mine, added], moment)
    return _quote(team, order, prices, lambda unit: price_of_unit(team, unit, moment))


def firm_quotes(team: Team, orders: Sequence[Order]) -> list[Quote]:
    """What each of these orders costs now. Raises NoPrice, NoRate for the first without a price."""
    found = []
    for one in quotes(team, orders):
        if isinstance(one, NoPrice):
            raise one
        found.append(one)
    return found


def quotes(team: Team, orders: Sequence[Order]) -> list[Quote | NoPrice]:
    """What each of these orders costs now, or why nobody can say; the price list is read once,
    and orders that it can not tell apart are counted once.
    """
    prices = _valid_prices(team, {order.provider for order in orders})
    told = sorted({name for price in prices for name in price.conditions})
    unit_price = cache(lambda unit: price_of_unit(team, unit))
    known: dict[tuple[Any, ...], Quote | NoPrice] = {}
    for key, order in (keyed := [(_price_key(order, told), order) for order in orders]):
        if key not in known:
            known[key] = _quote_or_why(team, order, prices, unit_price)
    return [known[key] for key, _ in keyed]


def _price_key(order: Order, told: Iterable[str]) -> tuple[Any, ...]:
    """Equal for orders that cost the same; `told` are the settings that a price depends on."""
    settings = tuple(repr(order.settings.get(name)) for name in told)
    return order.provider, order.model, order.count, order.seconds, settings


def _quote_or_why(
    team: Team, order: Order, prices: Iterable[PriceVersion], unit_price_of: Callable[[str], int]
) -> Quote | NoPrice:
    try:
        return _quote(team, order, prices, unit_price_of)
    except NoPrice as error:
        return error


def _quote(
    team: Team, order: Order, prices: Iterable[PriceVersion], unit_price_of: Callable[[str], int]
) -> Quote:
    price = _fitting(prices, order)
    unit_price = unit_price_of(price.unit)
    unit_price_of(charged_in(order) or price.unit)  # or the charge could not be booked later
    native = _native_price(price, order)
    amount = to_credits(team, native, unit_price=unit_price)
    if amount > MOST:
        raise NoPrice(f"{order.provider} {order.model} costs more than can be counted.")
    return Quote(
        price=price, amount=amount, unit_price=unit_price,
        seconds=order.seconds, count=order.count, native=native,
    )  # fmt: skip


def charged_in(order: Order) -> str:
    """What the provider counts its charge for this order in; "" where it does not tell it."""
    provider = registry.all_providers().get(order.provider)
    able = provider.capability(order.model) if provider else None
    return provider.unit if provider and able and able.tells_cost else ""


def price_of_unit(team: Team, unit: str, moment: datetime | None = None) -> int:
    """Pico-USD for one of the provider's units now or then, 0 for our own credits. Raises NoRate."""
    if unit == CREDIT:
        return 0
    if unit in UNIT_PRICES:
        return UNIT_PRICES[unit]
    valid = Rate.objects.filter(Q(team=team) | Q(team=None), unit=unit)
    rates = list(valid.filter(valid_from__lte=moment or timezone.now()))
    if not rates:
        raise NoRate(
            f"Nobody said what one {unit} costs; an admin can set it in Settings, Prices, Rates.",
            unit=unit,
        )
    newest: Rate = max(rates, key=lambda rate: (rate.team_id is not None, rate.valid_from, rate.pk))
    return newest.price


def to_credits(team: Team, native: int, *, unit_price: int) -> int:
    """Micro-credits for an amount as the provider counts it; `unit_price` 0 means credits."""
    if not unit_price:
        return native
    return in_credits(native, credit_price=team.credit_price, unit_price=unit_price)


def _native_price(price: PriceVersion, order: Order) -> int:
    return price.amount * order.count * (order.seconds if price.per == Per.SECOND else 1)


def native_quote(job: Job) -> int:
    """The job's quote in micro-units as the provider counts it."""
    return _native_price(job.price, job.order)
