"""The physics log of a simulation as a plot that runs with the film, and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.core.errors import StorageFailed, StorageFull
from studio.core.series import Point, Series, grouped, thinned, ticks
from studio.models import Stream
from studio.storage.media import local_path
from studio.storage.streams import log as logs
from studio.views import hx
from studio.views.access import signed_in, stream_read
from studio.views.clip_streams import LOG

WIDTH, TOP, BOTTOM = 1000, 8.0, 110.0  # of the drawn plot; its width is stretched
COLUMNS = 1000
MOST_LINES = 6  # as many as there are colors
ROWS = 20  # of the table
SLACK = 1.05  # a log that goes on a little longer than its film is as long


@dataclass(frozen=True, kw_only=True)
class Tick:
    """`at` is its place: per cent along the time, or pixels from above."""

    at: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """`points` are [time, value]; `color` is the style's name for it."""

    series: Series
    color: str
    path: str
    points: Sequence[Point]

    @property
    def lowest(self) -> str:
        return f"{self.series.lowest[1]:.4g} at {self.series.lowest[0]:.2f} s"

    @property
    def highest(self) -> str:
        return f"{self.series.highest[1]:.4g} at {self.series.highest[0]:.2f} s"


@dataclass(frozen=True, kw_only=True)
class Plot:
    """`span` is how many seconds it is wide; `left_out` how many of the group there was no room for."""

    name: str
    span: float
    lines: Sequence[Line]
    left_out: int
    values: Sequence[Tick]
    times: Sequence[Tick]
    rows: Sequence[tuple[str, Sequence[str]]]

    @property
    def data(self) -> dict[str, Any]:
        """What the page reads values from."""
        rounded = [
            [[round(time, 4), float(f"{value:.6g}")] for time, value in line.points]
            for line in self.lines
        ]
        return {"span": self.span, "lines": rounded}


@require_GET
@signed_in
def log(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """`?series=` is a group, or one series as “group: label”; else the first group is drawn."""
    stream = stream_read(request, pk)
    if stream.name != LOG:
        raise Http404("This stream is no log.")
    context: dict[str, Any] = {"stream": stream, "take": stream.take}
    try:
        choices = _choices(_series(stream))
        asked = request.GET.get("series", "")
        name = asked if asked in choices else next(iter(choices))
        context |= {"choices": choices, "plot": _plot(name, choices[name], stream)}
    except logs.NoSeries as error:
        context["problem"] = f"This log {error}. It can be downloaded as it is."
    except (StorageFailed, StorageFull, OSError):
        context["problem"] = "The file of this log is not there at the moment."
    template = "clip/_log.html" if request.htmx else "clip/log.html"
    return render(request, template, context)


def _series(stream: Stream) -> Sequence[Series]:
    path = local_path(stream.file.path)
    return logs.read(path, seconds=float(stream.take.seconds))


def _choices(found: Sequence[Series]) -> dict[str, list[Series]]:
    """The groups, and after them each series of a group of several."""
    groups = grouped(found)
    single = {
        f"{name}: {series.label}": [series]
        for name, members in groups.items()
        for series in members
        if len(members) > 1
    }
    return {**groups, **single}


def _plot(name: str, group: Sequence[Series], stream: Stream) -> Plot:
    drawn = group[:MOST_LINES]
    span = _span(group, float(stream.take.seconds))
    low, high = (pick(series) for pick, series in ((_low, drawn), (_high, drawn)))
    marks = ticks(low, high)
    scale = _Scale(span=span, low=marks[0], high=marks[-1])
    return Plot(
        name=name, span=span, left_out=len(group) - len(drawn),
        lines=[_line(series, f"s{number}", scale) for number, series in enumerate(drawn, 1)],
        values=[Tick(at=round(scale.y(value), 1), words=f"{value:.6g}") for value in marks],
        times=_times(span), rows=_rows(drawn, span),
    )  # fmt: skip


def _low(group: Sequence[Series]) -> float:
    return min(series.lowest[1] for series in group)


def _high(group: Sequence[Series]) -> float:
    return max(series.highest[1] for series in group)


def _span(group: Sequence[Series], seconds: float) -> float:
    """As long as the film, so that both run in step; a log that is much longer is all there."""
    last = max(series.times[-1] for series in group)
    return max(last, 0.001) if last > seconds * SLACK or not seconds else seconds


@dataclass(frozen=True, kw_only=True)
class _Scale:
    span: float
    low: float
    high: float

    def x(self, time: float) -> float:
        return WIDTH * time / self.span

    def y(self, value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - self.low) / (self.high - self.low)


def _line(series: Series, color: str, scale: _Scale) -> Line:
    points = thinned(series, span=scale.span, columns=COLUMNS)
    path = " L".join(f"{scale.x(time):.1f} {scale.y(value):.1f}" for time, value in points)
    return Line(series=series, color=color, path=f"M{path}", points=points)


def _times(span: float) -> list[Tick]:
    marks = [time for time in ticks(0, span) if time <= span * (1 + 1e-9)]
    return [Tick(at=round(100 * time / span, 2), words=f"{time:g} s") for time in marks]


def _rows(group: Sequence[Series], span: float) -> list[tuple[str, list[str]]]:
    moments = [span * index / ROWS for index in range(ROWS + 1)]
    return [(f"{time:.2f}", [f"{one.at(time):.4g}" for one in group]) for time in moments]
