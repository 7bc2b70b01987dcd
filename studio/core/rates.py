"""Frame rates as they really are, and timecodes that count their frames."""

from decimal import Decimal
from fractions import Fraction

# What is written with three places: film and video at 1000/1001 of a whole rate.
_BROADCAST = {
    round(Fraction(whole * 1000, 1001), places): Fraction(whole * 1000, 1001)
    for whole in (24, 30, 48, 60, 120)
    for places in (2, 3)
}


def exact(fps: Decimal) -> Fraction:
    """29.97 is 30000/1001, or an hour would drift by three frames."""
    return _BROADCAST.get(Fraction(fps), Fraction(fps))


def nominal(rate: Fraction) -> int:
    """How many frames a timecode counts before the next second."""
    return max(1, round(rate))


def timecode(frame: int, rate: Fraction) -> str:
    """`HH:MM:SS:FF`, frames counted from 0, without dropping numbers."""
    seconds, frames = divmod(frame, nominal(rate))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}:{frames:02}"


def written(rate: Fraction) -> str:
    """As people say it: “24”, “29.97”."""
    return f"{float(rate):.3f}".rstrip("0").rstrip(".")
