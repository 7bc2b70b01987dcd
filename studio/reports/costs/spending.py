"""What each provider cost on each day: one question, for bars, pace, forecast and unusual days."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from studio.core import anomalies, forecast, periods
from studio.core.periods import Days, Period
from studio.models import Team
from studio.providers.registry import all_providers
from studio.reports.costs.sums import summed, totals
from studio.reports.costs.view import View

OTHERS = ""  # the key of all that has no color of its own
OF_OTHERS = "s6"
MOST_NAMED = 5
PATTERN = timedelta(days=max(forecast.PATTERN_DAYS, anomalies.PATTERN_DAYS))
# How many earlier periods a forecast is tried on.
TRIED = {
    Period.WEEK: 12, Period.MONTH: 6, Period.QUARTER: 4, Period.YEAR: 1, Period.DATES: 3,
}  # fmt: skip

Daily = Mapping[date, int]


@dataclass(frozen=True, kw_only=True)
class Series:
    """A provider with a color of its own, or all OTHERS; `style` is its class in the style sheet."""

    key: str
    label: str
    style: str


@dataclass(frozen=True)
class Spending:
    """Micro-credits by provider and day; days on which nothing moved are missing."""

    by_provider: Mapping[str, Daily]

    def whole(self) -> Daily:
        daily: dict[date, int] = defaultdict(int)
        for days in self.by_provider.values():
            for day, amount in days.items():
                daily[day] += amount
        return daily

    def within(self, days: Days) -> Mapping[str, int]:
        """What each provider cost on these days, those that cost nothing left out."""
        found = {
            slug: sum(amount for day, amount in daily.items() if day in days)
            for slug, daily in self.by_provider.items()
        }
        return {slug: amount for slug, amount in found.items() if amount}


def spending(team: Team, view: View) -> Spending:
    """Of the view's days, and of those before that tell what is usual. One query."""
    found: dict[str, dict[date, int]] = defaultdict(dict)
    rows = totals(team, view, Days(first_needed(view), view.past.last))
    for (provider, day), sums in summed(rows, "provider", "day", names=["spent"]):
        found[provider][day] = sums.spent
    return Spending(found)


def first_needed(view: View) -> date:
    first = earlier(view)[-1].first if view.is_running else view.days.first
    return first - PATTERN


def earlier(view: View) -> Sequence[Days]:
    """The periods before, the last one first."""
    found, days = [], view.days
    for _ in range(TRIED[view.period]):
        days = periods.before(view.period, days)
        found.append(days)
    return found


def series(costs: Mapping[str, int]) -> list[Series]:
    """The five that cost most, in the studio's order, then all others as one."""
    remote = _remote()
    named = sorted(remote, key=lambda slug: -costs.get(slug, 0))[:MOST_NAMED]
    shown = [
        Series(key=slug, label=all_providers()[slug].label, style=series_of(slug))
        for slug in remote
        if slug in named and costs.get(slug)
    ]
    keys = {one.key for one in shown}
    if any(amount for slug, amount in costs.items() if slug not in keys):
        shown.append(Series(key=OTHERS, label="Others", style=OF_OTHERS))
    return shown


def series_of(provider: str) -> str:
    """The color of a provider, whatever is looked at; engines of this machine are others."""
    remote = _remote()
    return f"s{1 + remote.index(provider) % MOST_NAMED}" if provider in remote else OF_OTHERS


def _remote() -> list[str]:
    return [slug for slug, provider in all_providers().items() if not provider.renders_here]
