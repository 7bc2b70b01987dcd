"""What a period will have cost at its end: the run rate, spread over days as weekdays usually are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from statistics import median

from studio.core.periods import DAY, Days

PATTERN_DAYS = 56  # eight weeks
LEAST_DAYS = 14  # before that there is no pattern
PRIOR_DAYS = 7  # how much the weeks before count beside the days of the period

Daily = Mapping[date, int]


def forecast(daily: Daily, days: Days, today: date, *, so_far: int = 0) -> int:
    """The sum of these days once they are over, told in the morning of `today`.

    `daily` is what each day cost; of it only days before today count, those that are missing cost
    nothing, and the first one in it is when anything began. `so_far` is what today cost already.
    """
    known = _known(daily, today)
    weights = _weights(daily, known)
    gone = [day for day in days if day < today]
    spent = sum(daily.get(day, 0) for day in gone)
    usual = _per_weight(daily, known, weights)
    gone_weight = sum(weights[day.weekday()] for day in gone)
    rate = (spent + PRIOR_DAYS * usual) / (gone_weight + PRIOR_DAYS)
    rest = sum(weights[day.weekday()] for day in days if day > today) * rate
    now = max(so_far, weights[today.weekday()] * rate) if today in days else 0
    return round(spent + now + rest)


def error(daily: Daily, earlier: Sequence[tuple[Days, date]]) -> float | None:
    """The median error of forecasts made on those days of earlier periods, as a part of the truth.

    None where no earlier period has enough before it to make a forecast from.
    """
    begun = min(daily, default=date.max)
    parts = [
        abs(forecast(daily, days, on) - truth) / truth
        for days, on in earlier
        if (on - begun).days >= LEAST_DAYS and (truth := _sum(daily, days)) > 0
    ]
    return median(parts) if parts else None


def _known(daily: Daily, today: date) -> list[date]:
    """The days before today that the pattern is read from."""
    begun = min(daily, default=today)
    first = max(begun, today - DAY * PATTERN_DAYS)
    return list(Days(first, today - DAY)) if first < today else []


def _weights(daily: Daily, known: Sequence[date]) -> list[float]:
    """What each weekday, Monday first, costs beside an average day."""
    whole = _sum(daily, known)
    if len(known) < LEAST_DAYS or whole <= 0:
        return [1.0] * 7
    mean = whole / len(known)
    return [max(0.0, _weight(daily, known, number, mean)) for number in range(7)]


def _weight(daily: Daily, known: Sequence[date], number: int, mean: float) -> float:
    """As if there had been one average day more: eight of them are not many."""
    same = [day for day in known if day.weekday() == number]
    return (_sum(daily, same) / mean + 1) / (len(same) + 1)


def _per_weight(daily: Daily, known: Sequence[date], weights: Sequence[float]) -> float:
    weight = sum(weights[day.weekday()] for day in known)
    return _sum(daily, known) / weight if weight else 0.0


def _sum(daily: Daily, days: Iterable[date]) -> int:
    return sum(daily.get(day, 0) for day in days)
