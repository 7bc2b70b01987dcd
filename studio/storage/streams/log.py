"""A simulation's physics log as series over time.

Nobody documents the form of the log, so every sensible one is read: a list of steps, each an object
with a time and with numbers as deep as they may be; columns of numbers; or curves of [time, value].
Lists of objects with names (joints) become series by these names; others (contacts) are counted,
and of their numbers the largest one is kept.
"""

import json
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any

from studio.core.series import Series

MAX_BYTES = 16 * 1024 * 1024  # as much as is checked when a take is saved
MOST_SERIES = 200
MOST_DEPTH = 6
LONGEST_NAME = 60
LARGEST = 1e300
TIMES = {"t": 1.0, "time": 1.0, "time_s": 1.0, "seconds": 1.0, "timestamp": 1.0, "sim_time": 1.0,
         "t_ms": 1e-3, "time_ms": 1e-3}  # fmt: skip
COUNTERS = {"step", "frame", "index", "i", "id"}
RATES = ("frame_rate", "rate", "fps", "hz", "rate_hz")
STEPS = ("dt", "timestep", "time_step")

Path_ = tuple[str, ...]
Leaf = tuple[Path_, float]


class NoSeries(Exception):
    """Says why there is nothing to draw, as the end of a sentence: “This log {error}.”"""


@lru_cache(maxsize=2)
def read(path: Path, *, seconds: float) -> tuple[Series, ...]:
    """All series of the log of a take that lasts so long. Raises NoSeries, OSError.

    A stored file never changes, and another group of series is often asked for soon.
    """
    if path.stat().st_size > MAX_BYTES:
        raise NoSeries(f"has more than {MAX_BYTES >> 20} MB, too much to draw")
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise NoSeries("is no JSON") from error
    found = _of_document(document, seconds)
    if not found:
        raise NoSeries("has no numbers over time")
    return tuple(found)


def _of_document(document: Any, seconds: float) -> list[Series]:
    records = _records(document)
    if records:
        return _of_records(records, _step(document, len(records), seconds))
    return _of_columns(document, seconds)


# ── Steps ──


def _records(document: Any, depth: int = 0) -> Sequence[Any]:
    """The longest list of objects without names that is not far inside."""
    if _is_records(document):
        return document  # type: ignore[no-any-return]
    if not isinstance(document, Mapping) or depth > 1:
        return []
    found = [_records(value, depth + 1) for value in document.values()]
    return max(found, key=len, default=[])


def _is_records(value: Any) -> bool:
    if not isinstance(value, list) or len(value) < 2:
        return False
    return all(isinstance(item, Mapping) and "name" not in item for item in value)


def _step(document: Any, count: int, seconds: float) -> float:
    """Seconds from one step to the next, where the steps have no times."""
    known = document if isinstance(document, Mapping) else {}
    for name in STEPS:
        if (value := _number(known.get(name))) and value > 0:
            return value
    for name in RATES:
        if (value := _number(known.get(name))) and value > 0:
            return 1 / value
    return seconds / max(count - 1, 1)


def _of_records(records: Sequence[Any], step: float) -> list[Series]:
    found: dict[Path_, Series] = {}
    clock = next((name for name in TIMES if _number(records[0].get(name)) is not None), None)
    begin = _begin(records[0].get(clock)) if clock else 0.0
    for index, record in enumerate(records):
        time = _number(record.get(clock)) if clock else index * step
        if time is None:
            continue
        moment = (time - begin) * (TIMES[clock] if clock else 1)
        for path, value in _leaves(record, ()):
            if path not in found and len(found) < MOST_SERIES:
                found[path] = Series(path=path)
            if path in found:
                found[path].times.append(moment)
                found[path].values.append(value)
    return [_in_order(series) for series in found.values()]


def _begin(time: Any) -> float:
    """Clocks that count from 1970 begin when the log does."""
    first = _number(time) or 0.0
    return first if first > 1e6 else 0.0


def _in_order(series: Series) -> Series:
    times = series.times
    if all(times[index] <= times[index + 1] for index in range(len(times) - 1)):
        return series
    pairs = sorted(zip(times, series.values, strict=True))
    return Series(
        path=series.path,
        times=array("d", [time for time, _ in pairs]),
        values=array("d", [value for _, value in pairs]),
    )


def _leaves(value: Any, path: Path_) -> Iterator[Leaf]:
    """Every number inside, with its way there; times and counters are none."""
    if len(path) > MOST_DEPTH:
        return
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if not (name in TIMES or name in COUNTERS):
                yield from _leaves(inner, (*path, str(name)[:LONGEST_NAME]))
    elif isinstance(value, list):
        yield from _leaves_of_list(value, path)
    elif path and (number := _number(value)) is not None:
        yield path, number


def _leaves_of_list(items: Sequence[Any], path: Path_) -> Iterator[Leaf]:
    if items and all(isinstance(item, Mapping) and "name" in item for item in items):
        for item in items:
            inner = {name: value for name, value in item.items() if name != "name"}
            yield from _leaves(inner, (*path, str(item["name"])[:LONGEST_NAME]))
    elif all(isinstance(item, Mapping | str) for item in items):
        yield from _counted(items, path)
    else:
        for index, item in enumerate(items, 1):
            yield from _leaves(item, (*path, str(index)))


def _counted(items: Sequence[Any], path: Path_) -> Iterator[Leaf]:
    """How many there are and the largest of each of their numbers."""
    yield (*path, "count"), float(len(items))
    largest: dict[Path_, float] = {}
    for item in items:
        for inner, value in _leaves(item, path) if isinstance(item, Mapping) else ():
            largest[inner] = max(value, largest.get(inner, value))
    for inner, value in largest.items():
        yield (*inner[:-1], f"largest {inner[-1]}"), value


# ── Columns and curves ──


def _of_columns(document: Any, seconds: float) -> list[Series]:
    found = list(_columns(document, ()))[:MOST_SERIES]
    columns = [(path, values) for path, values in found if not _is_curve(values)]
    curves = [_curve(path, values) for path, values in found if _is_curve(values)]
    length = Counter(len(values) for _, values in columns).most_common(1)
    count = length[0][0] if length else 0
    same = {path: values for path, values in columns if len(values) == count}
    clock = next((path for path in same if path[-1] in TIMES), None)
    step = _step(document, count, seconds)
    times = [index * step for index in range(count)]
    if clock:
        begin = _begin(same[clock][0])
        times = [(_number(value) or 0.0) - begin for value in same[clock]]
        times = [time * TIMES[clock[-1]] for time in times]
    drawn = [
        _made(path, times, values)
        for path, values in same.items()
        if path[-1] not in TIMES and path[-1] not in COUNTERS
    ]
    return [series for series in [*drawn, *curves] if len(series.times) > 1]


def _columns(value: Any, path: Path_) -> Iterator[tuple[Path_, Sequence[Any]]]:
    """Every list of numbers, or of pairs of them, with its way there."""
    if len(path) > MOST_DEPTH:
        return
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _columns(inner, (*path, str(name)[:LONGEST_NAME]))
    elif isinstance(value, list) and value and path:
        if all(_number(item) is not None for item in value) or _is_curve(value):
            yield path, value
        elif all(isinstance(item, Mapping) and "name" in item for item in value):
            for item in value:
                yield from _columns(item, (*path, str(item["name"])[:LONGEST_NAME]))


def _is_curve(values: Sequence[Any]) -> bool:
    pair = 2
    return all(
        isinstance(item, list) and len(item) == pair and None not in map(_number, item)
        for item in values
    )


def _curve(path: Path_, pairs: Sequence[Any]) -> Series:
    return _made(path, [_number(time) or 0.0 for time, _ in pairs], [value for _, value in pairs])


def _made(path: Path_, times: Sequence[float], values: Sequence[Any]) -> Series:
    made = Series(path=path)
    for time, value in zip(times, values, strict=True):
        number = _number(value)
        if number is not None:
            made.times.append(time)
            made.values.append(number)
    return _in_order(made)


def _number(value: Any) -> float | None:
    """A finite number that can be drawn; yes and no are 1 and 0."""
    if not isinstance(value, int | float) or not -LARGEST < value < LARGEST:
        return None
    number = float(value)
    return number if isfinite(number) else None
