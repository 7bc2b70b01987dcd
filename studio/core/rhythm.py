"""When something that comes again and again comes next, by the clocks of a place."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

AT = time(7)  # before people begin to work
DAY = timedelta(days=1)


class Rhythm(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"  # on Mondays
    MONTHLY = "monthly"  # on the first


LABELS: Mapping[Rhythm, str] = {
    Rhythm.DAILY: "Every morning",
    Rhythm.WEEKLY: "Every Monday morning",
    Rhythm.MONTHLY: "On the first of the month",
}

_IS_DUE_ON: Mapping[Rhythm, Callable[[date], bool]] = {
    Rhythm.DAILY: lambda _day: True,
    Rhythm.WEEKLY: lambda day: day.weekday() == 0,
    Rhythm.MONTHLY: lambda day: day.day == 1,
}


def next_time(rhythm: str, after: datetime, zone: ZoneInfo) -> datetime:
    """The first seven in the morning after that moment on a day that the rhythm has, in UTC."""
    is_due_on, day = _IS_DUE_ON[Rhythm(rhythm)], after.astimezone(zone).date()
    while not is_due_on(day) or _morning(day, zone) <= after:
        day += DAY
    return _morning(day, zone)


def _morning(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, AT, zone).astimezone(UTC)
