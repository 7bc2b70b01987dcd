"""A view of the report: what its address asks for, and the address of what is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from studio.core import periods
from studio.core.periods import Days, Period
from studio.reports.costs.names import FIELDS, Field

NONE = "none"  # no second level
# How a level is split where nothing is said.
SPLIT = {"provider": "model"}
USUAL_SPLIT = "provider"

BARS = ("day", "week", "month")
MOST_BARS = 130
DAYS_OF_BAR = {"day": 1, "week": 7, "month": 28}


@dataclass(frozen=True, kw_only=True)
class View:
    """What a report is about; `wanted` are keys of FIELDS with the one that rows must have.

    `then` is "" without a second level. `told` says what could not be understood, a sentence each;
    `anchored` whether the address says which days, and does not move on with them.
    """

    period: Period
    days: Days
    today: date
    by: str = "person"
    then: str = USUAL_SPLIT
    bars: str = "day"
    wanted: Mapping[str, str]
    anchored: bool = False
    told: tuple[str, ...] = ()

    @property
    def field(self) -> Field:
        return FIELDS[self.by]

    @property
    def split(self) -> Field | None:
        return FIELDS[self.then] if self.then else None

    @property
    def is_narrow(self) -> bool:
        """Whether it is about less than what is told of each provider."""
        return bool(set(self.wanted) - {"provider"})

    @property
    def past(self) -> Days:
        """The days until today; the first one where all are to come."""
        return self.days.until(self.today)

    @property
    def is_running(self) -> bool:
        """Whether the period has begun and is not over."""
        return self.days.first <= self.today < self.days.last

    @property
    def earlier(self) -> Days:
        """The same days of the period before."""
        return periods.same_part(self.days, self.past, periods.before(self.period, self.days))

    @property
    def query(self) -> str:
        """The address without the page, as short as it can be."""
        return urlencode({key: value for key, value in self.parameters().items() if value})

    @property
    def address(self) -> str:
        page, query = reverse("costs"), self.query
        return f"{page}?{query}" if query else page

    @property
    def fixed(self) -> str:
        """The address that shows the same days to whoever opens it later."""
        return replace(self, anchored=True).address

    def but(self, **changes: Any) -> str:
        """The address of this view with something else asked for."""
        return replace(self, **changes).address

    def told_by(self, name: str) -> str:
        """The address of this view by something else, split as before where that can be."""
        then = usual_split(name) if self.then == name else self.then
        return self.but(by=name, then=then)

    def at(self, days: Days) -> "View":
        """Other days of the same kind of period; now's are what an address means that names none."""
        return replace(self, days=days, anchored=self.today not in days)

    def over(self, period: Period) -> str:
        """The address of another period: the one that is now, or that this one ends in."""
        day = self.today if self.today in self.days else self.days.last
        days = periods.around(period, day)
        bars = usual_bars(days)
        return replace(self, period=period, days=days, bars=bars).at(days).address

    def parameters(self) -> dict[str, str]:
        """As its address says it, "" for what is usual."""
        usual = self.by == "person"
        ends = self.days.last.isoformat() if self.period == Period.DATES else ""
        return {
            "period": "" if self.period == Period.MONTH else self.period,
            "from": self.days.first.isoformat() if self.anchored or ends else "",
            "until": ends,
            "by": "" if usual else self.by,
            "then": "" if self.then == usual_split(self.by) else self.then or NONE,
            "bars": "" if self.bars == usual_bars(self.days) else self.bars,
            **self.wanted,
        }


def usual_split(by: str) -> str:
    return SPLIT.get(by, USUAL_SPLIT)


def usual_bars(days: Days) -> str:
    return "day" if len(days) <= 45 else "week" if len(days) <= 200 else "month"


def bars_that_fit(days: Days) -> list[str]:
    return [bars for bars in BARS if len(days) / DAYS_OF_BAR[bars] <= MOST_BARS]
