"""Numbers and days as the search box takes them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Self

_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,2})?"
_COMPARED = re.compile(rf"(>=|<=|>|<|=)?({_NUMBER})")
_RANGE = re.compile(rf"({_NUMBER})?\.\.({_NUMBER})?")
_DATE = re.compile(r"((?:19|20|21)[0-9]{2})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?")


@dataclass(frozen=True, kw_only=True)
class Span:
    """Numbers from `low` to `high`, both included unless said otherwise; None has no end."""

    low: Decimal | None = None
    high: Decimal | None = None
    above: bool = False
    below: bool = False

    @classmethod
    def read(cls, text: str) -> Self:
        """“30”, “>30”, “<=30”, “10..30”, “10..”. Raises ValueError."""
        if found := _COMPARED.fullmatch(text):
            sign, number = found[1] or "=", Decimal(found[2])
            return cls(
                low=None if "<" in sign else number, high=None if ">" in sign else number,
                above=sign == ">", below=sign == "<",
            )  # fmt: skip
        found = _RANGE.fullmatch(text)
        if not found or not (found[1] or found[2]):
            raise ValueError(text)
        low_end, high_end = (Decimal(end) if end else None for end in found.groups())
        if low_end is not None and high_end is not None and low_end > high_end:
            raise ValueError(text)
        return cls(low=low_end, high=high_end)

    def __str__(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{self.low}" if self.is_one else f"{self.low}..{self.high}"
        if self.low is not None:
            return f">{'' if self.above else '='}{self.low}"
        return f"<{'' if self.below else '='}{self.high}"

    @property
    def is_one(self) -> bool:
        """Just one number, and no range."""
        return self.low is not None and self.low == self.high

    @property
    def ends(self) -> list[Decimal]:
        return [end for end in (self.low, self.high) if end is not None]

    @property
    def words(self) -> str:
        """As a chip says it."""
        if self.low is not None and self.high is not None:
            return f"{self.low}" if self.is_one else f"{self.low} to {self.high}"
        if self.low is not None:
            return f"over {self.low}" if self.above else f"{self.low} or more"
        return f"under {self.high}" if self.below else f"{self.high} or less"

    def around(self) -> Self:
        """What is shown as that number, for one that is measured: 5 is also 4.96 and 5.04 seconds."""
        if not self.is_one or self.low is None:
            return self
        half = Decimal((0, (5,), int(self.low.as_tuple().exponent) - 1))
        return type(self)(low=self.low - half, high=self.low + half, below=True)


def days_of(text: str, today: date) -> tuple[date, date]:
    """The first day of “today”, “week”, “2026-11-30”, “2026-11” or “2026”, and the first one after.

    Raises ValueError.
    """
    if text in NAMED:
        return NAMED[text](today)
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None, "the pattern has one"
    first = date(year, month or 1, day or 1)
    if day:
        return first, first + timedelta(days=1)
    return first, _next_month(first) if month else date(year + 1, 1, 1)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _since(first: date, days: int) -> tuple[date, date]:
    return first, first + timedelta(days=days)


# Days by name, as of today. A week begins on Monday.
NAMED: Mapping[str, Callable[[date], tuple[date, date]]] = {
    "today": lambda today: _since(today, 1),
    "yesterday": lambda today: _since(today - timedelta(days=1), 1),
    "week": lambda today: _since(today - timedelta(days=today.weekday()), 7),
    "month": lambda today: (today.replace(day=1), _next_month(today)),
}
