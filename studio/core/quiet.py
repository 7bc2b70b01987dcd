"""When something may be said: after quiet hours, and in the next digest. Clocks are a place's own.

Where clocks are put on, a time that does not exist is read with the offset from before; where they
are put back, quiet hours begin at the first of the two times and end at the second. So a night is
never quiet for less than was asked, and has one beginning and one end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
HELD = timedelta(minutes=5)  # a mail says at once what happens within so long


class Digest(StrEnum):
    NOW = "now"
    HOURLY = "hourly"
    DAILY = "daily"


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """From `begins` until `ends` by the clocks of `zone`, over midnight where it ends first."""

    begins: time
    ends: time
    zone: ZoneInfo

    def end(self, moment: datetime) -> datetime | None:
        """When the quiet hours that the moment falls into are over; None outside them."""
        today = moment.astimezone(self.zone).date()
        for day in (today - DAY, today):
            begin, end = self._night(day)
            if begin <= moment < end:
                return end
        return None

    def _night(self, day: date) -> tuple[datetime, datetime]:
        last = day if self.begins < self.ends else day + DAY
        return _instant(day, self.begins, self.zone), _last_instant(last, self.ends, self.zone)


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock.replace(fold=0), zone).astimezone(UTC)


def _last_instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    second = datetime.combine(day, clock.replace(fold=1), zone).astimezone(UTC)
    return max(second, _instant(day, clock, zone))


def _soon(earliest: datetime, _zone: ZoneInfo, _hour: int) -> datetime:
    """At a full five minutes, so that what happens close together goes into one mail."""
    return _rounded_up(earliest, HELD)


def _next_hour(earliest: datetime, zone: ZoneInfo, _hour: int) -> datetime:
    """By the clocks of the place: some are half an hour beside the others."""
    offset = earliest.astimezone(zone).utcoffset() or timedelta()
    return _rounded_up(earliest + offset, timedelta(hours=1)) - offset


def _next_day(earliest: datetime, zone: ZoneInfo, hour: int) -> datetime:
    today = earliest.astimezone(zone).date()
    days = (_instant(day, time(hour), zone) for day in (today, today + DAY, today + 2 * DAY))
    return next(moment for moment in days if moment >= earliest)


def _rounded_up(moment: datetime, step: timedelta) -> datetime:
    begin = datetime(2000, 1, 1, tzinfo=UTC)
    return begin + -((begin - moment) // step) * step


AFTER: dict[Digest, Callable[[datetime, ZoneInfo, int], datetime]] = {
    Digest.NOW: _soon,
    Digest.HOURLY: _next_hour,
    Digest.DAILY: _next_day,
}


def next_digest(moment: datetime, digest: Digest, *, zone: ZoneInfo, hour: int = 8) -> datetime:
    """When what happened at that moment is told by mail, at least five minutes later.

    `hour` counts for a daily digest.
    """
    return AFTER[digest](moment.astimezone(UTC) + HELD, zone, hour)
