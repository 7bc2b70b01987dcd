"""What a take would cost with a price or a rate that nobody has set yet."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from studio import ledger
from studio.core.errors import NoPrice, NoRate
from studio.core.orders import Order
from studio.core.prices import Price, said
from studio.models import Per, PriceVersion, Team
from studio.providers.registry import all_providers, provider_of
from studio.services.prices import version_of

PREVIEW_SECONDS = 5
MOST_LINES = 8


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What one take of five seconds costs, in micro-credits: today (None: no price) and then.

    `begins` is None for now; from `ends` on (None: it has no end) the take costs `after`.
    """

    label: str
    now: int | None
    then: int
    begins: datetime | None = None
    ends: datetime | None = None
    after: int | None = None
    seconds: int = PREVIEW_SECONDS


def preview(team: Team, price: Price) -> Preview:
    """Raises NoRate where the unit has none."""
    version = version_of(price, team=team)
    version.valid_from = price.valid_from or timezone.now()
    order = _order(price)
    then = ledger.quote_then(team, order, version.valid_from, added=version)
    return Preview(
        label=provider_of(price.able.provider).label, now=_cost_now(team, order), then=then.amount,
        begins=price.valid_from, ends=price.valid_until, after=_cost_after(team, order, version),
    )  # fmt: skip


def _order(price: Price) -> Order:
    able = price.able
    settings = {**able.defaults(), "duration": PREVIEW_SECONDS, "count": 1, **price.conditions}
    return Order(provider=able.provider, model=able.model, prompt="", settings=settings)


def _cost_now(team: Team, order: Order) -> int | None:
    try:
        return ledger.quote(team, order).amount
    except NoPrice:
        return None


def _cost_after(team: Team, order: Order, version: PriceVersion) -> int | None:
    if version.valid_until is None:
        return None
    try:
        return ledger.quote_then(team, order, version.valid_until, added=version).amount
    except NoPrice:
        return None


@dataclass(frozen=True, kw_only=True)
class RatePreview:
    """What one of the unit costs then, and what that makes of takes whose price is in it.

    `one` is in micro-credits; there may be `more` prices than there are lines.
    """

    unit: str
    one: int
    begins: datetime | None
    lines: list[Preview]
    more: int


def preview_rate(
    team: Team, *, unit: str, price: int, valid_from: datetime | None = None
) -> RatePreview:  # fmt: skip
    """Of the prices that are in force when the rate begins."""
    found = _prices_in(team, unit, valid_from or timezone.now())
    lines = [_line(team, one, price) for one in found[:MOST_LINES]]
    one = ledger.to_credits(team, 1_000_000, unit_price=price)
    return RatePreview(
        unit=unit, one=one, begins=valid_from, lines=lines, more=len(found) - len(lines)
    )


def _prices_in(team: Team, unit: str, moment: datetime) -> list[PriceVersion]:
    """The team's own and those of the studio's that it does not replace by its own."""
    rows = PriceVersion.objects.filter(Q(team=team) | Q(team=None))
    valid = ledger.in_force(rows, moment)
    own = {price.kind[1:] for price in valid if price.team_id}
    shown = [price for price in valid if price.team_id or price.kind[1:] not in own]
    return sorted(
        (price for price in shown if price.unit == unit), key=lambda price: price.kind[1:]
    )


def _line(team: Team, price: PriceVersion, unit_price: int) -> Preview:
    native = price.amount * (PREVIEW_SECONDS if price.per == Per.SECOND else 1)
    try:
        known = ledger.price_of_unit(team, price.unit)
    except NoRate:
        now = None
    else:
        now = ledger.to_credits(team, native, unit_price=known)
    provider = all_providers().get(price.provider)
    name = provider.label if provider else price.provider
    label = " ".join(filter(None, (name, price.model, said(price.conditions))))
    return Preview(
        label=label, now=now, then=ledger.to_credits(team, native, unit_price=unit_price)
    )
