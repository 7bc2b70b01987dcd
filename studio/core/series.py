"""Numbers over time: put into groups for a menu, and thinned for a plot without losing a peak."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import floor, log10

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Series:
    """One quantity: `path` is where a log has it, from the outside in; times only ever grow."""

    path: tuple[str, ...]
    times: "array[float]" = field(default_factory=lambda: array("d"))
    values: "array[float]" = field(default_factory=lambda: array("d"))

    @property
    def group(self) -> str:
        """What is drawn together: the same quantity of every joint."""
        outer = self.path if len(self.path) == 1 else (self.path[0],)
        inner = (self.path[-1],) if len(self.path) > 2 else ()
        return _words((*outer, *inner))

    @property
    def label(self) -> str:
        """What it is called within its group."""
        part = self.path[1:-1] if len(self.path) > 2 else self.path[-1:]
        return _words(part)

    @property
    def lowest(self) -> Point:
        value = min(self.values)
        return self.times[self.values.index(value)], value

    @property
    def highest(self) -> Point:
        value = max(self.values)
        return self.times[self.values.index(value)], value

    def at(self, time: float) -> float:
        """The last value that was known then; before the first one, the first."""
        low, high = 0, len(self.times)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.times[middle] <= time else (low, middle)
        return self.values[max(low - 1, 0)]


def _words(parts: Sequence[str]) -> str:
    words = " ".join(parts).replace("_", " ")
    return words[:1].upper() + words[1:]


def grouped(found: Sequence[Series]) -> dict[str, list[Series]]:
    groups: dict[str, list[Series]] = {}
    for series in found:
        groups.setdefault(series.group, []).append(series)
    return groups


def thinned(series: Series, *, span: float, columns: int) -> list[Point]:
    """At most four points in each of so many columns of a plot that is `span` seconds wide.

    Those are the first and the last in it, the lowest and the highest: drawn as a line it looks
    like all of them.
    """
    points = list(zip(series.times, series.values, strict=True))
    if len(points) <= columns or span <= 0:
        return points
    return [point for column in _columns(points, span / columns) for point in _kept(column)]


def _columns(points: Sequence[Point], width: float) -> Iterator[Sequence[Point]]:
    start, column = 0, floor(points[0][0] / width)
    for index, (time, _) in enumerate(points):
        if (found := floor(time / width)) != column:
            yield points[start:index]
            start, column = index, found
    yield points[start:]


def _kept(column: Sequence[Point]) -> list[Point]:
    indexes = range(len(column))
    low = min(indexes, key=lambda index: column[index][1])
    high = max(indexes, key=lambda index: column[index][1])
    return [column[index] for index in sorted({0, low, high, len(column) - 1})]


def ticks(low: float, high: float, *, about: int = 4) -> list[float]:
    """Round numbers from just below `low` to just above `high`, about so many steps apart."""
    if high <= low:
        low, high = low - 0.5, low + 0.5
    rough = (high - low) / about
    power = 10.0 ** floor(log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough * (1 - 1e-9))
    first, last = floor(low / step + 1e-9), -floor(-high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]
