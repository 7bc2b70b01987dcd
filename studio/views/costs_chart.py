"""The chart of the report as shapes: x in percent and y in pixels, so that text never scales."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from studio.core.figures import about, cr
from studio.core.money import MICRO
from studio.core.periods import Days
from studio.reports.costs.bars import Bar, Bars, ends
from studio.reports.costs.pace import Pace
from studio.reports.costs.unusual import UnusualDay
from studio.reports.costs.view import View

TOP, BOTTOM = 8.0, 202.0  # of the plot, in pixels; labels of the axis stand below
FILLED = 0.68  # of a slot's width
GAP = 1.0  # pixels between the parts of a bar
THINNEST = 0.5
LINES = 4
STEPS = (1, 2, 2.5, 5, 10)
MOST_LABELS = 8
# How much one bar is of a day's pace or limit.
DAYS_IN = {"day": 1.0, "week": 7.0, "month": 365.25 / 12}
BELOW, ABOVE = 15.0, -7.0  # where a line's label stands


@dataclass(frozen=True, kw_only=True)
class Part:
    style: str
    x: str
    y: str
    width: str
    height: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Label:
    """`anchor` is start, middle or end."""

    x: str
    y: str
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, kw_only=True)
class Line:
    """From `x` to the right end, with its label there."""

    x: str
    y: str
    label: Label


@dataclass(frozen=True, kw_only=True)
class Chart:
    title: str
    words: str
    ticks: Sequence[Label]
    labels: Sequence[Label]
    parts: Sequence[Part]
    marks: Sequence[Label]
    limit: Line | None
    pace: Line | None


def chart(view: View, bars: Bars, pace: Pace, unusual: Sequence[UnusualDay]) -> Chart:
    per = DAYS_IN[bars.per]
    limit = None if pace.limit is None else pace.limit * per
    heading = pace.rate * per if pace.spent is not None else None
    scale = _scale([bars.highest.whole, limit or 0, heading or 0])
    return Chart(
        title=f"Credits spent per {bars.per}, {view.past.words}, stacked by provider",
        words=_words(view, bars, pace),
        ticks=[_tick(scale, place) for place in range(LINES + 1)],
        labels=list(_labels(view, bars)),
        parts=list(_parts(bars, scale)),
        marks=list(_marks(bars, unusual, scale)),
        limit=_limit(limit, bars, heading, scale),
        pace=_pace(view, bars, pace, heading, limit, scale),
    )  # fmt: skip


def _scale(amounts: Sequence[float]) -> float:
    """What the top of the plot stands for: a round number of credits above all of these."""
    step = max(*amounts, MICRO / 100) / LINES
    unit = MICRO / 100
    while unit * 10 < step:
        unit *= 10
    return next(unit * one for one in STEPS if unit * one >= step) * LINES


def _y(amount: float, scale: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * amount / scale


def _tick(scale: float, place: int) -> Label:
    amount = scale * place / LINES
    return Label(x="-10", y=f"{_y(amount, scale):.1f}", text=cr(round(amount)), anchor="end")


def _percent(slots: float, bars: Bars) -> str:
    return f"{100 * slots / len(bars.slots):.2f}%"


def _parts(bars: Bars, scale: float) -> Iterator[Part]:
    margin, width = (1 - FILLED) / 2, _percent(FILLED, bars)
    for place, bar in enumerate(bars.bars):
        x, below = _percent(place + margin, bars), 0
        for series, amount in zip(bars.series, bar.amounts, strict=True):
            if amount <= 0:
                continue
            upper, lower = _y(below + amount, scale), _y(below, scale)
            yield Part(
                style=series.style, x=x, y=f"{upper:.1f}", width=width,
                height=f"{max(lower - upper - GAP, THINNEST):.1f}",
                title=f"{bar.label}, {series.label}: {cr(amount)} cr",
            )  # fmt: skip
            below += amount


def _marks(bars: Bars, unusual: Sequence[UnusualDay], scale: float) -> Iterator[Label]:
    """A sign over each bar with an unusual day in it."""
    for place, bar in enumerate(bars.bars):
        days = [one for one in unusual if one.day in bar.days]
        if days:
            y = max(_y(max(bar.whole, 0), scale) - 6, TOP)
            text = ", ".join(f"{one.label} on {ends(one.day)}" for one in days)
            yield Label(x=_percent(place + 0.5, bars), y=f"{y:.1f}", text=f"Unusual: {text}")


def _labels(view: View, bars: Bars) -> Iterator[Label]:
    """A few slots by name, and the one of today."""
    count = len(bars.slots)
    step = ceil(count / MOST_LABELS)
    now = next((n for n, slot in enumerate(bars.slots) if view.today in slot), None)
    shown = {n for n in range(0, count, step) if now is None or abs(n - now) >= step / 2}
    shown |= set() if now is None else {now}
    before: date | None = None
    for place in sorted(shown):
        slot = bars.slots[place]
        text = NAMES[bars.per](slot, before)
        is_now = place == now and bars.per == "day"
        yield Label(
            x=_percent(place + 0.5, bars), y="219", text=f"{text}, today" if is_now else text
        )
        before = slot.first


def _day(slot: Days, before: date | None) -> str:
    same = before and (before.year, before.month) == (slot.first.year, slot.first.month)
    return str(slot.first.day) if same else ends(slot.first)


def _month(slot: Days, before: date | None) -> str:
    same = before and before.year == slot.first.year
    return f"{slot.first:%b}" if same else f"{slot.first:%b %Y}"


NAMES: Mapping[str, Callable[[Days, date | None], str]] = {
    "day": _day, "week": lambda slot, _: ends(slot.first), "month": _month,
}  # fmt: skip


def _limit(limit: float | None, bars: Bars, heading: float | None, scale: float) -> Line | None:
    if limit is None:
        return None
    text = f"budget {about(round(limit))} a {bars.per}"
    return _line("0", limit, text, scale, above=heading is not None and limit > heading)


def _pace(
    view: View, bars: Bars, pace: Pace, heading: float | None, limit: float | None, scale: float
) -> Line | None:
    if heading is None or pace.spent is None:
        return None
    text = f"pace {about(round(heading))} a {bars.per}, {foretold(pace)} by {ends(view.days.last)}"
    x = _percent(len(bars.bars), bars)
    return _line(x, heading, text, scale, above=limit is None or heading >= limit)


def foretold(pace: Pace) -> str:
    """“392 over”, “108 left”, or without a budget “about 6,300 in all”."""
    if pace.over is None:
        return f"about {about(pace.spent or 0)} in all"
    amount = about(abs(pace.over))
    return f"{amount} over" if pace.over > 0 else f"{amount} left"


def _line(x: str, amount: float, text: str, scale: float, *, above: bool) -> Line:
    y = _y(amount, scale)
    label = Label(x="100%", y=f"{y + (ABOVE if above else BELOW):.1f}", text=text, anchor="end")
    return Line(x=x, y=f"{y:.1f}", label=label)


def _words(view: View, bars: Bars, pace: Pace) -> str:
    """What the picture says, for who can not see it."""
    high: Bar = bars.highest
    said = (
        f"{cr(bars.whole)} credits in {len(view.past):,} days, "
        f"most in {high.label} with {cr(high.whole)}."
    )
    if pace.limit is None:
        return f"{said} That is {about(pace.rate)} a day."
    side = "above" if pace.rate > pace.limit else "not above"
    return f"{said} {about(pace.rate)} a day are {side} the budget of {about(pace.limit)} a day."
