"""Where a period is heading: its limit, the pace until today, and what it will have cost."""

from collections.abc import Mapping
from dataclasses import dataclass

from studio.core import forecast, periods
from studio.core.periods import Days, Period
from studio.models import Cap, Every, Team
from studio.reports.costs.spending import Spending, earlier
from studio.reports.costs.view import View

# The column of a limit for each thing that it can be about.
OF_CAP = {"project": "project", "person": "member", "provider": "provider"}
NOT_SET: Mapping[str, str | None] = {"project": None, "member": None, "provider": ""}
PERIODS = {Every.DAY: Period.DATES, Every.WEEK: Period.WEEK, Every.MONTH: Period.MONTH}


@dataclass(frozen=True, kw_only=True)
class Pace:
    """In micro-credits: `rate` a day until now, `spent` by the end as it is foretold.

    `error` is by how many percent a forecast at this point of earlier periods was wrong, the middle
    one of them; None before there are any. `limit` is a day's part of the budget, and `allowed` the budget of all
    these days; None without one.
    """

    rate: int
    spent: int | None = None
    error: int | None = None
    limit: int | None = None
    allowed: int | None = None

    @property
    def over(self) -> int | None:
        """How much more than the budget is foretold, below 0 for less."""
        if self.spent is None or self.allowed is None:
            return None
        return self.spent - self.allowed


def pace(team: Team, view: View, spending: Spending) -> Pace:
    """One query, for the limit."""
    daily = spending.whole()
    so_far = sum(amount for day, amount in daily.items() if day in view.past)
    rate = round(so_far / len(view.past))
    cap = _cap(team, view)
    limit, allowed = (_limit(cap, view.days), _allowed(cap, view.days)) if cap else (None, None)
    if not view.is_running:
        return Pace(rate=rate, limit=limit, allowed=allowed)
    told = forecast.forecast(daily, view.days, view.today, so_far=daily.get(view.today, 0))
    return Pace(rate=rate, spent=told, error=_error(view, spending), limit=limit, allowed=allowed)


def _error(view: View, spending: Spending) -> int | None:
    gone = (view.today - view.days.first).days
    tried = [(days, min(days.last, days.first + periods.DAY * gone)) for days in earlier(view)]
    found = forecast.error(spending.whole(), tried)
    return None if found is None else round(100 * found)


def _cap(team: Team, view: View) -> Cap | None:
    """The limit of just what the view is about; the one per month comes before others."""
    if set(view.wanted) - set(OF_CAP):
        return None
    about = {**NOT_SET, **{OF_CAP[name]: key for name, key in view.wanted.items()}}
    found = Cap.objects.standing().filter(team=team, every__in=PERIODS, **about)
    order = [Every.MONTH, Every.WEEK, Every.DAY]
    return min(found, key=lambda cap: order.index(Every(cap.every)), default=None)


def _limit(cap: Cap, days: Days) -> int:
    return round(cap.amount / len(periods.around(PERIODS[Every(cap.every)], days.first)))


def _allowed(cap: Cap, days: Days) -> int:
    """What it allows in these days: a whole month's limit for a month, a part for a part."""
    kind = PERIODS[Every(cap.every)]
    whole, day = 0.0, days.first
    while day <= days.last:
        around = periods.around(kind, day)
        last = min(around.last, days.last)
        whole += cap.amount * len(Days(day, last)) / len(around)
        day = last + periods.DAY
    return round(whole)
