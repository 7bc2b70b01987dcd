"""Curves for a simulation: how joints turn and where things move, by fractions of the time.

{"joints": [{"name": "elbow", "angles": [[0, 0.4], [1, 0.42]]}],
 "paths": [{"name": "gripper", "points": [[0, 0, 0, 0], [1, 0.2, 0, 0.1]]}]}

A waypoint is [fraction of the timeline, value…]: an angle in radians, or a place x, y, z in metres.
Joints are as in the document of TransendAI (Motion Planning, 2025-03-18), which names path splines
but shows none: their shape is ours.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from studio.core.words import plain, short

ALLOWED = "joints with angles and paths with points, each a list of [fraction, value]"
# Kind of curve → the name of its waypoints, and how many numbers one has.
CURVES = {"joints": ("angles", 2), "paths": ("points", 4)}
MOST_CURVES = 200
MOST_WAYPOINTS = 10_000
LARGEST = sys.float_info.max  # of a whole number too large for a float even isfinite fails


@dataclass(frozen=True)
class Wrong:
    """A sentence about the first thing that is wrong with a curve; None is a whole motion's."""

    sentence: str
    curve: str | None = None


def wrongs(value: Any) -> list[Wrong]:
    """What is wrong, curve by curve, each sentence naming its curve and waypoint; [] if whole."""
    if not isinstance(value, Mapping) or not value or not set(value) <= set(CURVES):
        return [Wrong(f"give {ALLOWED}.")]
    return [wrong for kind, curves in value.items() for wrong in _wrong_kind(kind, curves)]


def problem(value: Any) -> str | None:
    """The first sentence about what is wrong; None if whole."""
    return next((wrong.sentence for wrong in wrongs(value)), None)


def _wrong_kind(kind: str, curves: Any) -> list[Wrong]:
    if not isinstance(curves, list | tuple) or not 1 <= len(curves) <= MOST_CURVES:
        return [Wrong(f"{kind} must be a list of 1 to {MOST_CURVES} curves.")]
    named = _wrong_names(kind, curves)
    return [named] if named else list(_wrong_curves(kind, curves))


def curves_of(value: Any) -> dict[str, Sequence[Sequence[float]]]:
    """The waypoints of each joint by its name; {} for what is no motion at all."""
    if value is None or problem(value):
        return {}
    return {curve["name"]: curve["angles"] for curve in value.get("joints", ())}


def joints_of(value: Any) -> tuple[str, ...]:
    """The names of the joints that a motion turns."""
    return tuple(curves_of(value))


def named_in(sentence: str, value: Any) -> tuple[str, ...]:
    """Those of a motion's joints that a sentence names as whole words, whoever says it."""
    return tuple(
        name
        for name in joints_of(value)
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sentence, re.IGNORECASE)
    )


def fastest(waypoints: Sequence[Sequence[float]], seconds: float) -> tuple[float, float]:
    """The fastest turn in radians a second, and the second at which it begins."""
    turns = [
        (abs(float(after[1]) - before[1]) / ((after[0] - before[0]) * seconds), before[0] * seconds)
        for before, after in pairwise(waypoints)
    ]
    return max(turns, key=lambda turn: turn[0], default=(0.0, 0.0))


def read_angles(text: str) -> list[list[float]]:
    """Read `0:0.2, 0.5:0.35`; raises ValueError with one sentence about the first wrong part."""
    parts = filter(None, (part.strip() for part in re.split(r"[,;\n]", text)))
    return [_waypoint(part) for part in parts]


def _waypoint(part: str) -> list[float]:
    try:
        fraction, angle = map(float, part.split(":"))
    except ValueError:
        raise ValueError(f"“{short(part)}” is not FRACTION:ANGLE, like 0.5:0.35.") from None
    return [fraction, angle]


def write_angles(waypoints: Iterable[Sequence[float]]) -> str:
    """The inverse of `read_angles`."""
    return ", ".join(f"{plain(fraction)}:{plain(angle)}" for fraction, angle in waypoints)


def _wrong_names(kind: str, curves: Any) -> Wrong | None:
    names = [curve.get("name") if isinstance(curve, Mapping) else None for curve in curves]
    if not all(isinstance(name, str) and 0 < len(name.strip()) <= 100 for name in names):
        return Wrong(f"each of the {kind} needs a name of 1 to 100 characters.")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is None:
        return None
    return Wrong(f"“{short(twice)}” is there twice; give each of the {kind} once.", twice)


def _wrong_curves(kind: str, curves: Any) -> Iterator[Wrong]:
    points, size = CURVES[kind]
    for curve in curves:
        name = f"“{short(curve['name'])}”"
        if set(curve) != {"name", points}:
            what = f"{name} must have a name and {points}, and nothing else."
            yield Wrong(what, curve["name"])
        elif wrong := _wrong_waypoints(curve[points], size):
            yield Wrong(f"{name} {wrong}", curve["name"])


def _wrong_waypoints(waypoints: Any, size: int) -> str | None:
    if not isinstance(waypoints, list | tuple) or not 1 <= len(waypoints) <= MOST_WAYPOINTS:
        return f"must have 1 to {MOST_WAYPOINTS:,} waypoints."
    last = -1.0
    for number, waypoint in enumerate(waypoints, start=1):
        if not _are_numbers(waypoint, size):
            return f"waypoint {number} must be {size} numbers, not “{short(waypoint)}”."
        if not 0 <= waypoint[0] <= 1 or waypoint[0] <= last:
            return (
                f"waypoint {number} must be later than the one before, with a fraction from 0 to 1."
            )
        last = waypoint[0]
    return None


def _are_numbers(waypoint: Any, size: int) -> bool:
    return (
        isinstance(waypoint, list | tuple)
        and len(waypoint) == size
        and all(
            isinstance(number, int | float)
            and not isinstance(number, bool)
            and -LARGEST <= number <= LARGEST
            for number in waypoint
        )
    )
