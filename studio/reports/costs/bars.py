"""What was spent per day, week or month, stacked by provider."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from studio.core import periods
from studio.core.periods import Days, Period, spelled
from studio.reports.costs.spending import OTHERS, Series, Spending, series
from studio.reports.costs.view import View


@dataclass(frozen=True, kw_only=True)
class Bar:
    """`days` are those of the period in it; `amounts` go with the series, in micro-credits."""

    days: Days
    label: str
    amounts: Sequence[int]

    @property
    def whole(self) -> int:
        return sum(self.amounts)


@dataclass(frozen=True, kw_only=True)
class Bars:
    """`bars` are those that have begun, of `slots` that the period has."""

    per: str
    series: Sequence[Series]
    bars: Sequence[Bar]
    slots: Sequence[Days]

    @property
    def highest(self) -> Bar:
        return max(self.bars, key=lambda bar: bar.whole)

    @property
    def sums(self) -> Sequence[int]:
        """Of each series."""
        return [sum(amounts) for amounts in zip(*(bar.amounts for bar in self.bars), strict=True)]

    @property
    def whole(self) -> int:
        return sum(bar.whole for bar in self.bars)

    @property
    def given_back(self) -> bool:
        """Whether a provider gave back more than it cost, which no bar can show."""
        return any(amount < 0 for bar in self.bars for amount in bar.amounts)


def bars(view: View, spending: Spending) -> Bars:
    slots = _slots(view)
    shown = series(spending.within(view.past))
    placed = _placed(spending, slots, [one.key for one in shown])
    begun = [place for place, slot in enumerate(slots) if slot.first <= view.past.last]
    made = [
        Bar(
            days=slots[place], label=LABELS[view.bars](slots[place]),
            amounts=[placed[place, one.key] for one in shown],
        )
        for place in begun
    ]  # fmt: skip
    return Bars(per=view.bars, series=shown, bars=made, slots=slots)


def _slots(view: View) -> list[Days]:
    """The days, weeks or months of the period; what of the first or last is outside is cut off."""
    found, day = [], view.days.first
    while day <= view.days.last:
        whole = periods.around(KINDS[view.bars], day)
        found.append(Days(day, min(whole.last, view.days.last)))
        day = found[-1].last + periods.DAY
    return found


def _placed(
    spending: Spending, slots: Sequence[Days], named: Sequence[str]
) -> Mapping[tuple[int, str], int]:
    """The sum of each slot and series."""
    place_of = {day: place for place, slot in enumerate(slots) for day in slot}
    placed: dict[tuple[int, str], int] = defaultdict(int)
    for slug, daily in spending.by_provider.items():
        key = slug if slug in named else OTHERS
        for day, amount in daily.items():
            if day in place_of:
                placed[place_of[day], key] += amount
    return placed


def _day(days: Days) -> str:
    return f"{days.first.day} {days.first:%B}"


def _month(days: Days) -> str:
    whole = periods.around(Period.MONTH, days.first)
    return f"{days.first:%B %Y}" if whole == days else days.words


KINDS = {"day": Period.DATES, "week": Period.WEEK, "month": Period.MONTH}
LABELS: Mapping[str, Callable[[Days], str]] = {
    "day": _day, "week": lambda days: days.words, "month": _month,
}  # fmt: skip


def ends(day: date) -> str:
    """“31 March”, as the axis and the forecast say it."""
    return spelled(day).rpartition(" ")[0]
