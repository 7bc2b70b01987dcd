"""Days from one to another, the periods that reports are about, and how a page says them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)  # that anybody can ask for


class Period(StrEnum):
    WEEK = "week"  # from Monday
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DATES = "dates"  # chosen ones


@dataclass(frozen=True)
class Days:
    """From the first to the last one, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        return (self.first + DAY * place for place in range(len(self)))

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def until(self, day: date) -> "Days":
        """The part that is over by that day, at least the first one."""
        return Days(self.first, max(self.first, min(self.last, day)))

    @property
    def words(self) -> str:
        """“19 March 2026”, “1 to 19 March 2026”, “28 February to 2 March 2026”."""
        first, last = self.first, self.last
        if first == last:
            return spelled(last)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day} to {spelled(last)}"
        year = "" if first.year == last.year else f" {first.year}"
        return f"{first.day} {first:%B}{year} to {spelled(last)}"


def spelled(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def around(period: Period, day: date) -> Days:
    """The period that this day is in; of chosen dates, the day alone."""
    return _AROUND[period](day)


def before(period: Period, days: Days) -> Days:
    """The one before; of chosen dates, as many days."""
    if period == Period.DATES:
        return Days(days.first - DAY * len(days), days.first - DAY)
    return around(period, days.first - DAY)


def after(period: Period, days: Days) -> Days:
    if period == Period.DATES:
        return Days(days.last + DAY, days.last + DAY * len(days))
    return around(period, days.last + DAY)


def same_part(days: Days, part: Days, other: Days) -> Days:
    """As many days of the other period as `part` is of this one; all of it, if that is all."""
    if part.last >= days.last:
        return other
    return other.until(other.first + DAY * (len(part) - 1))


def _week(day: date) -> Days:
    monday = day - DAY * day.weekday()
    return Days(monday, monday + DAY * 6)


def _months(day: date, count: int) -> Days:
    """The one of `count` months that begins with the year, or so many months after that."""
    first = day.replace(month=1 + (day.month - 1) // count * count, day=1)
    after_it = first.month + count
    following = date(first.year + (after_it - 1) // 12, (after_it - 1) % 12 + 1, 1)
    return Days(first, following - DAY)


_AROUND: Mapping[Period, Callable[[date], Days]] = {
    Period.WEEK: _week,
    Period.MONTH: lambda day: _months(day, 1),
    Period.QUARTER: lambda day: _months(day, 3),
    Period.YEAR: lambda day: _months(day, 12),
    Period.DATES: lambda day: Days(day, day),
}
