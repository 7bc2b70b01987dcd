"""Price versions of a team, with the time each was, is or will be valid."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet
from django.utils import timezone

from studio import ledger
from studio.core.errors import NoRate
from studio.core.prices import said
from studio.models import PriceVersion, Team
from studio.providers.registry import all_providers

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class PriceLine:
    """A version; `until` is its own end or the beginning of the next of its kind, None for neither.

    `ours` is its amount in micro-credits at the rate of today, None while there is no rate.
    `is_hidden` says that the team's own price comes before it.
    """

    price: PriceVersion
    until: datetime | None
    now: datetime
    ours: int | None
    is_hidden: bool = False

    @property
    def is_planned(self) -> bool:
        return self.price.valid_from > self.now and not self.is_replaced

    @property
    def is_replaced(self) -> bool:
        """Another one took its place before it was ever valid."""
        return self.until is not None and self.until <= self.price.valid_from

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until <= self.now

    @property
    def only_for(self) -> str:
        return said(self.price.conditions)

    @property
    def page(self) -> str:
        """Where its source can be read, "" if that is no address."""
        return self.price.source if self.price.source.startswith("https://") else ""

    @property
    def site(self) -> str:
        return urlsplit(self.page).hostname or self.page


@dataclass(frozen=True, kw_only=True)
class PriceGroup:
    """What is and will be valid for a model of a provider ("": for all), and how many there `past`."""

    provider: str
    slug: str
    model: str
    lines: list[PriceLine]
    past: int = 0

    @property
    def is_priced(self) -> bool:
        return any(not line.is_planned for line in self.lines)


def price_groups(team: Team) -> list[PriceGroup]:
    """Each model that there is or that has a price; the providers in their order."""
    lines = _lines(team, PriceVersion.objects.all())
    past = Counter((one.price.provider, one.price.model) for one in lines if one.is_over)
    shown = {key: list(some) for key, some in groupby(
        sorted((one for one in lines if not one.is_over), key=_model), key=_model
    )}  # fmt: skip
    return [
        PriceGroup(provider=_label(slug), slug=slug, model=model, past=past[slug, model],
                   lines=sorted(shown.get((slug, model), []), key=_in_list))
        for slug, model in _models(set(shown) | set(past))
    ]  # fmt: skip


def _models(priced: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that the providers have, then those that only have prices."""
    known = [
        (slug, able.model) for slug, one in all_providers().items() for able in one.capabilities
    ]
    everywhere = {slug for slug, model in priced if not model}
    needed = [key for key in known if key in priced or key[0] not in everywhere]
    order = list(all_providers())
    rest = sorted(priced - set(needed))
    return sorted(needed + rest, key=lambda key: order.index(key[0]) if key[0] in order else 99)


def _model(line: PriceLine) -> tuple[str, str]:
    return line.price.provider, line.price.model


def _in_list(line: PriceLine) -> tuple[object, ...]:
    """The valid ones before the planned, the team's own before the studio's."""
    return line.is_planned, line.price.team_id is None, line.only_for, line.price.valid_from


def _label(slug: str) -> str:
    known = all_providers().get(slug)
    return known.label if known else slug


@dataclass(frozen=True, kw_only=True)
class History:
    """All versions for one model, the last to begin first; `before` is the key of the next page."""

    provider: str
    slug: str
    model: str
    lines: list[PriceLine]
    before: int | None


def history(team: Team, slug: str, model: str, *, before: int | None = None) -> History | None:
    """None where there is no version, or `before` is none of them."""
    of_model = PriceVersion.objects.filter(provider=slug, model=model)
    lines = _lines(team, of_model)[::-1]
    keys = [line.price.pk for line in lines]
    if not lines or (before is not None and before not in keys):
        return None
    start = 0 if before is None else keys.index(before) + 1
    page = lines[start : start + PAGE]
    more = len(lines) > start + PAGE
    return History(
        provider=_label(slug), slug=slug, model=model, lines=page,
        before=page[-1].price.pk if more else None,
    )  # fmt: skip


def _lines(team: Team, prices: QuerySet[PriceVersion]) -> list[PriceLine]:
    """The team's and the studio's, the first to begin first."""
    rows = PriceVersion.objects.filter(Q(team=team) | Q(team=None), pk__in=prices)
    found = list(rows.select_related("created_by__user").order_by("valid_from", "pk"))
    now, ends = timezone.now(), _ends(found)
    own = [price for price in ledger.in_force(found, now) if price.team_id]
    unit_prices = {unit: _unit_price(team, unit) for unit in {price.unit for price in found}}
    return [
        PriceLine(
            price=price, until=ends[price.pk], now=now, is_hidden=_is_hidden(price, own),
            ours=_in_credits(team, price, unit_prices[price.unit]),
        )
        for price in found
    ]  # fmt: skip


def _ends(prices: Sequence[PriceVersion]) -> dict[int, datetime | None]:
    """When each is over: at its own end or when the next of its kind begins, whatever is first."""
    ends: dict[int, datetime | None] = {}
    followed: dict[tuple[object, ...], datetime] = {}
    for price in reversed(prices):
        known = (price.valid_until, followed.get(price.kind))
        ends[price.pk] = min(filter(None, known), default=None)
        followed[price.kind] = price.valid_from
    return ends


def _is_hidden(price: PriceVersion, own: Iterable[PriceVersion]) -> bool:
    """Whether one of the team's own that are valid now is for all that this one is for."""
    return price.team_id is None and any(
        one.provider == price.provider and one.model in {"", price.model}
        and one.conditions.items() <= price.conditions.items()
        for one in own
    )  # fmt: skip


def _unit_price(team: Team, unit: str) -> int | None:
    try:
        return ledger.price_of_unit(team, unit)
    except NoRate:
        return None


def _in_credits(team: Team, price: PriceVersion, unit_price: int | None) -> int | None:
    if unit_price is None:
        return None
    return ledger.to_credits(team, price.amount, unit_price=unit_price)
