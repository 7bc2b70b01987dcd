"""Durations in steps of five percent, so that a median can be told from few numbers."""

import math
from collections.abc import Mapping

STEP = math.log(1.05)


def bucket(seconds: float) -> int:
    """Which step a duration is in; everything up to a second is in the first."""
    return round(math.log(max(seconds, 1)) / STEP)


def seconds(number: int) -> float:
    """The middle of a step, at most 2.5 percent from every duration in it."""
    return math.exp(number * STEP)


def median(counted: Mapping[int, int]) -> float | None:
    """The middle duration of so many in each step, in seconds; None of none."""
    half = sum(counted.values()) / 2
    for number in sorted(counted):
        half -= counted[number]
        if half <= 0 and counted[number]:
            return seconds(number)
    return None
