"""Days that cost far more than such days usually do, told by a robust z-score."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import fmean, median

from studio.core.periods import Days

PATTERN_DAYS = 56
LEAST_DAYS = 10  # that cost anything, before one of them can be unusual
LEAST_SCORE = 3.5
# A day up to about three times the usual one is nobody's alarm, however even the days before were.
LEAST_SPREAD = 0.3
WEEKEND = {6, 0}  # of a day's ordinal by 7: Saturday and Sunday
FROM_MEDIAN_DEVIATION, FROM_MEAN_DEVIATION = 1.4826, 1.2533  # to a standard deviation

Logs = Mapping[int, float]  # the logarithm of what a day cost, by the day's ordinal


@dataclass(frozen=True, kw_only=True)
class Unusual:
    """`amount` where about `usual` was to be expected; `score` counts in standard deviations."""

    day: date
    amount: int
    usual: int
    score: float


def unusual(daily: Mapping[date, int], days: Days) -> list[Unusual]:
    """Which of these days stand out of the eight weeks before each, in their order.

    Days that cost nothing are left out of both: a provider that is used now and then has many.
    Amounts are compared as multiples (by their logarithms), weekends with weekends.
    """
    logs = {day.toordinal(): math.log(amount) for day, amount in daily.items() if amount > 0}
    found = [(day, _judged(logs, day.toordinal())) for day in days if day.toordinal() in logs]
    return [
        Unusual(day=day, amount=daily[day], usual=round(math.exp(usual)), score=score)
        for day, (usual, score) in found
        if score >= LEAST_SCORE
    ]


def _judged(logs: Logs, day: int) -> tuple[float, float]:
    """The logarithm of what was usual, and the score; 0 where it is too low to be looked at closely."""
    past = {one: logs[one] for one in range(day - PATTERN_DAYS, day) if one in logs}
    if len(past) < LEAST_DAYS:
        return 0, 0
    usual = _level(past, is_weekend=_is_weekend(day))
    apart = logs[day] - usual
    if apart < LEAST_SCORE * LEAST_SPREAD or _by_chance(logs[day], usual, unit=min(past.values())):
        return usual, 0
    return usual, apart / _spread(past)


def _by_chance(amount: float, usual: float, *, unit: float) -> bool:
    """Whether a few jobs more, as chance brings them, explain it: four where one or two are usual.
    All three are logarithms.

    The cheapest day stands for one job, or for few. Numbers that chance makes differ by about one
    half in their square roots.
    """
    apart = math.exp((amount - unit) / 2) - math.exp((usual - unit) / 2)
    return apart < LEAST_SCORE / 2


def _is_weekend(day: int) -> bool:
    return day % 7 in WEEKEND


def _level(past: Logs, *, is_weekend: bool) -> float:
    """The middle of work days or of weekends; of all days where there are too few of that kind."""
    alike = [value for day, value in past.items() if _is_weekend(day) == is_weekend]
    return median(alike if len(alike) >= LEAST_DAYS // 2 else past.values())


def _spread(past: Logs) -> float:
    """A standard deviation that a few wild days can hardly stretch, of days that are not all alike."""
    levels = {kind: _level(past, is_weekend=kind) for kind in (False, True)}
    sizes = [abs(value - levels[_is_weekend(day)]) for day, value in past.items()]
    middle = max(FROM_MEDIAN_DEVIATION * median(sizes), FROM_MEAN_DEVIATION * fmean(sizes))
    return max(middle, LEAST_SPREAD)
