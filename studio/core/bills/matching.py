"""A line beside the ledger: which of our charges it is about, and how the two differ."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from studio.core.bills.lines import Line
from studio.core.money import CREDIT, MICRO, PICO, in_credits

WINDOW = timedelta(minutes=5)  # between a line's time and the time in which we know a job was made


class Kind(StrEnum):
    """What is found; "" is that both agree."""

    NONE = ""
    MISSING = "missing"
    EXTRA = "extra"
    AMOUNT = "amount"
    CURRENCY = "currency"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ours:
    """What our ledger says of a job: `native` micro-units of `unit` charged and corrected, and
    `returned` of them refunded. `unit_price` is pico-USD for one unit, 0 where it is our credit.
    """

    native: int = 0
    returned: int = 0
    unit: str = CREDIT
    unit_price: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Rates:
    """What units cost now: `credit_price` in micro-USD for our credit, `prices` in pico-USD."""

    credit_price: int
    prices: Mapping[str, int] = field(default_factory=dict)

    def credits(self, native: int, unit_price: int) -> int:
        """Micro-credits; `unit_price` 0 says that they are credits already."""
        if not unit_price:
            return native
        return in_credits(native, credit_price=self.credit_price, unit_price=unit_price)

    def worth(self, line: Line) -> int:
        """Micro-credits for a whole line; 0 where nobody said what its unit costs."""
        price = self.prices.get(line.unit)
        return 0 if price is None else self.credits(line.native, price)

    def units(self, credits: int, unit_price: int) -> int:
        """The opposite of `credits`, rounded to a micro-unit."""
        if not unit_price:
            return credits
        worth = MICRO * unit_price
        return (2 * credits * self.credit_price * PICO + worth) // (2 * worth)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """`expected` micro-units of `expected_unit` are ours, None where we know nothing of the job;
    `worth` is how many micro-credits more the bill takes than our ledger says, below 0: fewer.
    """

    kind: Kind
    expected: int | None = None
    expected_unit: str = ""
    worth: int = 0


def extra(line: Line, rates: Rates) -> Found:
    """A line of no job. One of nothing is no difference."""
    kind = Kind.EXTRA if line.native else Kind.NONE
    return Found(kind=kind, worth=rates.worth(line))


def duplicate(line: Line, rates: Rates) -> Found:
    """A further line of a job: nothing more was expected."""
    kind = Kind.DUPLICATE if line.native else Kind.NONE
    return Found(kind=kind, expected=0, expected_unit=line.unit, worth=rates.worth(line))


def compare(line: Line, ours: Ours, rates: Rates, *, credited: bool) -> Found:
    """The first line of a job beside its charge.

    A line below zero is laid beside our refunds. Where the bill has none (`credited` False), what
    we refunded is not expected to be billed.
    """
    expected = ours.native - (0 if credited else ours.returned)
    if line.is_credit:
        expected = -ours.returned
    if line.unit == ours.unit or not (line.native or expected):
        return _same_unit(line, expected, ours, rates)
    if line.unit not in rates.prices:
        return Found(kind=Kind.CURRENCY, expected=expected, expected_unit=ours.unit)
    return _converted(line, expected, ours, rates)


def _same_unit(line: Line, expected: int, ours: Ours, rates: Rates) -> Found:
    more = line.native - expected
    return Found(
        kind=Kind.AMOUNT if more else Kind.NONE, expected=expected, expected_unit=line.unit,
        worth=rates.credits(more, ours.unit_price),
    )  # fmt: skip


def _converted(line: Line, expected: int, ours: Ours, rates: Rates) -> Found:
    """A dollar is so many of a provider's credits, and our own credits are no currency of theirs:
    what is worth the same agrees.
    """
    price = rates.prices[line.unit]
    wanted = rates.credits(expected, ours.unit_price)
    worth = rates.credits(line.native, price) - wanted
    if not worth:
        return Found(kind=Kind.NONE, expected=line.native, expected_unit=line.unit)
    if expected and ours.unit != CREDIT:
        return Found(
            kind=Kind.CURRENCY, expected=expected, expected_unit=ours.unit, worth=worth
        )  # fmt: skip
    there = rates.units(wanted, price)
    return Found(kind=Kind.AMOUNT, expected=there, expected_unit=line.unit, worth=worth)


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A line, or a charge of ours, in time: `key` is its row's, `alike` the amount that must be equal."""

    alike: int
    begin: datetime
    end: datetime
    key: int
    is_line: bool


def pairs(events: Iterable[Event]) -> Iterator[tuple[int, int]]:
    """(line, charge) for each that can only be about one another.

    The events come in order of `alike` and `begin`. Those that touch are one group; a group is a
    pair if it is one line and one charge, and whatever else there is stays unmatched: to guess
    would hide a difference.
    """
    group: list[Event] = []
    for event in events:
        if group and not _touches(group, event):
            yield from _pair(group)
            group = []
        group = _grown(group, event)
    yield from _pair(group)


def _touches(group: list[Event], event: Event) -> bool:
    return event.alike == group[0].alike and event.begin <= max(one.end for one in group)


def _grown(group: list[Event], event: Event) -> list[Event]:
    """More than three tell nothing more, but that they end later: so memory stays small."""
    if len(group) < 3:
        return [*group, event]
    return [*group[:2], max(group[2], event, key=lambda one: one.end)]


def _pair(group: list[Event]) -> Iterator[tuple[int, int]]:
    if sorted(event.is_line for event in group) == [False, True]:
        charge, line = sorted(group, key=lambda event: event.is_line)
        yield line.key, charge.key
