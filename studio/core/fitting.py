"""How a picture is brought to a ratio: cropped by a box, or whole on a wider sheet."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import gcd
from typing import Any, Self

from studio.core.errors import InvalidPicture

Size = tuple[int, int]
Box = tuple[int, int, int, int]

# What may be chosen → what it is called.
MODES = {"crop": "Crop", "pad": "Pad"}
BARS = {"black": "Black", "blur": "Blurred", "edge": "Edge color"}
LEAST_ZOOM, MOST_ZOOM = 100, 400
SHORTEST_SIDE = 64
MOST_TIMES_LONGER = 4
# Two shapes within this share of each other are the same to the eye: 1284 × 720 is 16:9.
SAME = 0.01
COMMON = ("16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5", "21:9")


@dataclass(frozen=True, kw_only=True)
class Fit:
    """`ratio` is "16:9"; `x` and `y` say where within its free play the box (or, of "pad", the
    picture) lies, 0 to 100 with 50 in the middle; `zoom` is 100 to 400 percent of the largest box.
    """

    ratio: str
    mode: str = "crop"
    x: float = 50
    y: float = 50
    zoom: float = 100
    bars: str = "black"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**stored)

    def box(self, size: Size) -> Box:
        """What is kept of a picture: left, top, right and bottom in whole pixels."""
        width, height = size
        wide = min(float(width), height * parts(self.ratio)) * 100 / self.zoom
        kept = max(1, round(wide)), max(1, round(wide / parts(self.ratio)))
        kept = min(width, kept[0]), min(height, kept[1])
        left, top = self._place((width - kept[0], height - kept[1]))
        return left, top, left + kept[0], top + kept[1]

    def sheet(self, size: Size) -> Size:
        """The smallest sheet of the ratio that holds the whole picture."""
        width, height = size
        wanted = parts(self.ratio)
        return max(width, round(height * wanted)), max(height, round(width / wanted))

    def place(self, size: Size) -> Size:
        """Where on that sheet the picture's corner lies."""
        wide, high = self.sheet(size)
        return self._place((wide - size[0], high - size[1]))

    def _place(self, free: Size) -> Size:
        return round(free[0] * self.x / 100), round(free[1] * self.y / 100)

    def changes(self, size: Size) -> bool:
        """Whether the result is another picture than the whole one."""
        if self.mode == "pad":
            return self.sheet(size) != size
        return self.box(size) != (0, 0, *size)

    @property
    def words(self) -> str:
        """“cropped to 16:9”"""
        return f"{'cropped' if self.mode == 'crop' else 'padded'} to {self.ratio}"

    def require_room(self, size: Size) -> None:
        """Raises InvalidPicture where so little would be left that nothing could start from it."""
        left, top, right, bottom = self.box(size)
        short = min(right - left, bottom - top)
        if self.mode == "crop" and short < SHORTEST_SIDE:
            most = int(self.zoom * short / SHORTEST_SIDE)
            raise InvalidPicture(
                f"Zoom may be at most {most} % here; with {self.zoom:g} % "
                f"the shorter side would have {short} pixels, fewer than {SHORTEST_SIDE}."
                if most >= LEAST_ZOOM
                else f"This picture is too small to be cropped to {self.ratio}; "
                f"at least {SHORTEST_SIDE} pixels must be left on each side. Pad it instead."
            )


def parts(ratio: str) -> float:
    """Width by height. Raises InvalidPicture for what is no ratio of 1:4 to 4:1."""
    wide, _, high = ratio.partition(":")
    sound = all(text.isdecimal() and len(text) < 6 and int(text) for text in (wide, high))
    found = int(wide) / int(high) if sound else 0
    if not 1 / MOST_TIMES_LONGER <= found <= MOST_TIMES_LONGER:
        raise InvalidPicture(f"Ratio must be one like 16:9, from 1:4 to 4:1, not “{ratio[:20]}”.")
    return found


def ratio_of(size: Size) -> str:
    """The ratio of a picture: a common one where it looks the same, else by its very pixels."""
    width, height = size
    for common in COMMON:
        if abs(width / height / parts(common) - 1) < SAME:
            return common
    shared = gcd(width, height)
    return f"{width // shared}:{height // shared}"


def shape(size: Size) -> str:
    """The same for a sentence: “3:2”, “1,280 × 853”."""
    found = ratio_of(size)
    return found if found in COMMON else f"{size[0]:,} × {size[1]:,}"
