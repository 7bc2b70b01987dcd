"""Rules about money: what an order costs, and the four ways a budget changes.

Each function that moves money runs in the caller's transaction, together with the move of the job
that causes it, and writes the entry that explains the change. What holds at every commit:
available + held + spent = granted, and a terminal job holds nothing.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from studio.core.errors import BudgetExceeded, NoPrice, NoRate, StudioError
from studio.core.money import CREDIT, UNIT_PRICES, in_credits, words
from studio.core.orders import Order
from studio.models import Budget, EntryKind, Job, LedgerEntry, Member, Per, PriceVersion, Rate, Team
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

    Raises NoPrice: without a price there is no job.
    """
    return _fitting(_valid_prices(team, {order.provider}), order)


def _valid_prices(team: Team, providers: Collection[str]) -> list[PriceVersion]:
    return list(
        PriceVersion.objects.filter(
            Q(team=team) | Q(team=None), provider__in=providers, valid_from__lte=timezone.now()
        )
    )


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
        price.valid_from,
        price.pk,
    )


def quote(team: Team, order: Order) -> Quote:
    """What this order costs now. Raises NoPrice, NoRate."""
    (found,) = firm_quotes(team, [order])
    return found


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
    return Quote(
        price=price, amount=to_credits(team, native, unit_price=unit_price), unit_price=unit_price,
        seconds=order.seconds, count=order.count, native=native,
    )  # fmt: skip


def charged_in(order: Order) -> str:
    """What the provider counts its charge for this order in; "" where it does not tell it."""
    provider = registry.all_providers().get(order.provider)
    able = provider.capability(order.model) if provider else None
    return provider.unit if provider and able and able.tells_cost else ""


def price_of_unit(team: Team, unit: str) -> int:
    """Pico-USD for one of the provider's units today, 0 for our own credits. Raises NoRate."""
    if unit == CREDIT:
        return 0
    if unit in UNIT_PRICES:
        return UNIT_PRICES[unit]
    valid = Rate.objects.filter(Q(team=team) | Q(team=None), unit=unit)
    rates = list(valid.filter(valid_from__lte=timezone.now()))
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


def grant(team: Team, amount: int, *, actor: Member | None, cause: str) -> None:
    """Give the team more to spend, or with a negative amount less; never less than is free."""
    with transaction.atomic():
        Budget.objects.get_or_create(team=team)
        if not _change(team, granted=amount, available=amount):
            raise StudioError(
                f"Only {words(team_budget(team).available)} credits are free to take back."
            )
        LedgerEntry.objects.create(
            kind=EntryKind.GRANT, team=team, actor=actor, cause=cause, native=abs(amount),
            credit_price=team.credit_price, granted=amount, available=amount,
        )  # fmt: skip


def hold(job: Job, *, actor: Member | None = None) -> None:
    """Set the quote aside. Raises BudgetExceeded, and nothing has changed."""
    parts = {"available": -job.quoted, "held": job.quoted}
    quoted = _as_quoted(job)
    with transaction.atomic():
        if not _change(job.team, **parts):
            raise BudgetExceeded(over_budget(job.team, job.quoted))
        entry = Entry(EntryKind.HOLD, quoted.native, parts, quoted.unit, quoted.unit_price)
        _write(job, [entry], actor=actor, cause="ordered")


def require_room(team: Team, amount: int) -> None:
    """Raise BudgetExceeded if a hold of `amount` would not fit now; only `hold` makes sure of it."""
    if amount > team_budget(team).available:
        raise BudgetExceeded(over_budget(team, amount))


def over_budget(team: Team, amount: int) -> str:
    left = words(team_budget(team).available)
    return f"This needs {words(amount)} credits, {left} are left in the budget."


def settle(
    job: Job, *, charge: int | None, unit: str = "", cause: str, actor: Member | None = None
) -> None:
    """End the hold: spend what the provider charged of it and release the rest.

    `charge` is in micro-units as the provider counts it, None: as quoted, 0: nothing; `unit` is
    what it counts, "" if that is the unit of the price. A charge above the hold is taken from what
    is available; where that is not enough this raises BudgetExceeded, nothing has changed, and the
    job keeps its hold for a person to decide. So it does where nobody said what a unit costs:
    NoRate.
    """
    bill = _as_quoted(job) if charge is None else _billed(job, charge, unit or job.price.unit)
    with transaction.atomic():
        _require_open_hold(job)
        entries = _spending(job, bill)
        rest = job.quoted - min(bill.amount, job.quoted)
        if rest or not entries:  # a free hold ends as a release of nothing
            entries.append(_release(job, bill, rest))
        if not _change(job.team, **_sum(entries)):
            raise BudgetExceeded(
                f"The charge of {words(bill.amount)} credits is more than the budget has; "
                "an admin can add credits, then press Try again."
            )
        _write(job, entries, actor=actor, cause=cause)
        Job.objects.filter(pk=job.pk).update(charged=bill.amount)
    job.charged = bill.amount


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What a job costs: `amount` in micro-credits, and `native` micro-units of `unit`."""

    amount: int
    native: int
    unit: str
    unit_price: int


def _as_quoted(job: Job) -> Bill:
    return Bill(
        amount=job.quoted, native=native_quote(job), unit=job.price.unit, unit_price=job.unit_price
    )


def _billed(job: Job, charge: int, unit: str) -> Bill:
    """In the unit of the price at the rate of the quote, so that a charge as quoted is the hold."""
    same = unit == job.price.unit
    unit_price = job.unit_price if same or not charge else price_of_unit(job.team, unit)
    amount = to_credits(job.team, charge, unit_price=unit_price)
    return Bill(amount=amount, native=charge, unit=unit, unit_price=unit_price)


def _release(job: Job, bill: Bill, rest: int) -> "Entry":
    """What goes back of the hold, counted as the quote was."""
    native = native_quote(job)
    if bill.unit == job.price.unit:
        left = max(native - bill.native, 0)
    else:
        left = native * rest // job.quoted if job.quoted else native
    quoted = _as_quoted(job)
    return Entry(
        EntryKind.RELEASE, left, {"available": rest, "held": -rest}, quoted.unit, quoted.unit_price
    )


@dataclass(frozen=True)
class Entry:
    """One ledger entry to be: what it adds to each part of the budget, in micro-credits."""

    kind: EntryKind
    native: int
    parts: Mapping[str, int]
    unit: str
    unit_price: int


def _require_open_hold(job: Job) -> None:
    """Money is only ever taken from the job's own hold, and only once."""
    kinds = set(LedgerEntry.objects.filter(job=job).values_list("kind", flat=True))
    assert EntryKind.HOLD in kinds, f"{job} holds nothing"
    assert not kinds & {EntryKind.CHARGE, EntryKind.RELEASE}, f"{job} was settled before"


def _spending(job: Job, bill: Bill) -> list[Entry]:
    if not (bill.amount or bill.native):
        return []
    from_hold = min(bill.amount, job.quoted)
    parts = {"available": from_hold - bill.amount, "held": -from_hold, "spent": bill.amount}
    return [Entry(EntryKind.CHARGE, bill.native, parts, bill.unit, bill.unit_price)]


def _sum(entries: list[Entry]) -> dict[str, int]:
    names = {name for entry in entries for name in entry.parts}
    return {name: sum(entry.parts.get(name, 0) for entry in entries) for name in names}


def team_budget(team: Team) -> Budget:
    """The team's budget as it is now; an empty one before the first grant."""
    return Budget.objects.filter(team=team).first() or Budget(team=team)


def _change(team: Team, **parts: int) -> bool:
    """Change the budget in one conditional UPDATE; False, and no change, if a part went below 0."""
    if not any(parts.values()):
        return True
    enough = {f"{part}__gte": -amount for part, amount in parts.items() if amount < 0}
    changes = {part: F(part) + amount for part, amount in parts.items()}
    return bool(Budget.objects.filter(team=team, **enough).update(**changes))


def _write(job: Job, entries: list[Entry], *, actor: Member | None, cause: str) -> None:
    for entry in entries:
        LedgerEntry.objects.create(
            kind=entry.kind, native=entry.native, unit=entry.unit, job=job, actor=actor,
            team=job.team, credit_price=job.team.credit_price, unit_price=entry.unit_price,
            cause=cause, **entry.parts,
        )  # fmt: skip
