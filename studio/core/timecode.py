"""Frames as clocks of film count them, and back: `HH:MM:SS:FF`, frames from 0.

Frames are counted at the nearest whole rate and none is dropped: at 29.97 a second has thirty of
them. So each frame has one name, and each name one frame.
"""

import re
from decimal import Decimal
from math import floor

TYPED = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,4}):(\d{1,3})")
LONGEST_NUMBER = 9


def rate(fps: float | Decimal) -> int:
    """Frames that a second of timecode has."""
    return max(1, floor(float(fps) + 0.5))


def timecode(frame: int, fps: float | Decimal) -> str:
    """“00:00:02:04”"""
    seconds, rest = divmod(frame, rate(fps))
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}:{rest:02d}"


def short(frame: int, fps: float | Decimal) -> str:
    """“02:04” in the first minute, after that the whole timecode."""
    whole = timecode(frame, fps)
    return whole.removeprefix("00:00:")


def frame_in(text: str, fps: float | Decimal) -> int | None:
    """The frame that somebody typed as a number or a timecode; None for what is neither."""
    text = text.strip()
    if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER:
        return int(text)
    found = TYPED.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds, frames = (int(part or 0) for part in found.groups())
    each = rate(fps)
    return ((hours * 60 + minutes) * 60 + seconds) * each + frames if frames < each else None
