"""What a view can be changed to: other periods, other bars, and what it is narrowed to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.core import periods
from studio.core.periods import Days, Period
from studio.reports.costs.names import FIELDS, Names
from studio.reports.costs.view import View, bars_that_fit


@dataclass(frozen=True, kw_only=True)
class Choice:
    label: str
    address: str
    is_chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Choices:
    """`chips` are what the view is narrowed to, with the address without each.

    `later` is "" where that has not begun; `kept` is what the form with two dates sends along.
    """

    periods: Sequence[Choice]
    bars: Sequence[Choice]
    chips: Sequence[Choice]
    sooner: Choice
    later: Choice | None
    kept: Mapping[str, str]


def choices(view: View, names: Names) -> Choices:
    sooner, later = periods.before(view.period, view.days), periods.after(view.period, view.days)
    kept = {key: value for key, value in view.parameters().items() if value}
    return Choices(
        periods=[_period(view, period) for period in WORDS],
        bars=[
            Choice(
                label=f"{bars.title()}", address=view.but(bars=bars), is_chosen=bars == view.bars
            )
            for bars in bars_that_fit(view.days)
        ],
        chips=[_chip(view, names, name, key) for name, key in view.wanted.items()],
        sooner=_at(view, sooner),
        later=_at(view, later) if later.first <= view.today else None,
        kept={key: value for key, value in kept.items() if key not in FORM},
    )


FORM = {"period", "from", "until", "bars"}

WORDS: Mapping[str, str] = {"week": "Week", "month": "%B", "quarter": "Quarter", "year": "%Y"}


def _period(view: View, period: str) -> Choice:
    shown = view.days.last if view.today not in view.days else view.today
    return Choice(
        label=f"{shown:{WORDS[period]}}" if "%" in WORDS[period] else WORDS[period],
        address=view.over(Period(period)), is_chosen=view.period == period,
    )  # fmt: skip


def _at(view: View, days: Days) -> Choice:
    return Choice(label=_called(view.period, days), address=view.at(days).address)


def _called(period: Period, days: Days) -> str:
    """“February 2026”, “2026”, else the days."""
    names: Mapping[str, str] = {Period.MONTH: "%B %Y", Period.YEAR: "%Y"}
    return f"{days.first:{names[period]}}" if period in names else days.words


def _chip(view: View, names: Names, name: str, key: str) -> Choice:
    rest = {other: value for other, value in view.wanted.items() if other != name}
    field = FIELDS[name]
    return Choice(label=f"{field.word}: {field.called(names, key)}", address=view.but(wanted=rest))
