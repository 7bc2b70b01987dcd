"""One depth of a scene: a strip of plate, clear above its outline and solid below."""

import math
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from studio.engine.animatic.planes import Pixels, Planes
from studio.engine.animatic.scene.noise import Field


@dataclass(frozen=True)
class Layer:
    """A strip that begins at plate row `top` (even) and hangs at `depth`.

    Within its first `band` rows it is partly clear: there the planes are already dimmed by their
    opacity, and `clear` (uint8, full and half size) says how much shows of what lies behind. Below
    the band it is solid. What lies behind below its last row must be covered by a nearer layer.
    """

    planes: Planes
    clear: Planes | None
    top: int
    depth: float

    @classmethod
    def cut(cls, planes: Planes, opacity: Field, *, top: int, depth: float) -> Self:
        """A layer whose first rows have the given opacity, 0..1; the rest is solid."""
        band = opacity.shape[0]
        clear = 255 - np.rint(opacity * 255).astype(np.uint8)
        half = cv2.resize(clear, (clear.shape[1] // 2, band // 2), interpolation=cv2.INTER_AREA)
        gaps = Planes(clear, half, half)
        for plane, gap in zip(planes, gaps, strict=True):
            part = plane[: gap.shape[0]]
            part[:] = cv2.multiply(part, 255 - gap, scale=1 / 255)
        return cls(planes, gaps, top, depth)

    def lay(self, stage: Planes, spare: tuple[Planes, Planes], right: float, down: float) -> None:
        """Draw over the stage, whose top left pixel shows the plate pixel at (-right, -down).

        The spare planes are as large as the stage and lose what they held: fresh ones for every
        layer would cost more than the drawing.
        """
        gaps = self.clear or (None, None, None)
        parts = zip((1, 2, 2), stage, *spare, self.planes, gaps, strict=True)
        for step, target, over, behind, source, gap in parts:
            place = right / step, (self.top + down) / step
            first, band, last = _rows(target, source, gap, place[1])
            if gap is not None and band > first:
                rows = slice(first, band)
                _shift(gap, place, behind[rows], first)
                cv2.multiply(target[rows], behind[rows], behind[rows], scale=1 / 255)
                _shift(source, place, over[rows], first)
                cv2.add(behind[rows], over[rows], target[rows])
            if last > band:
                _shift(source, place, target[band:last], band)


def _rows(target: Pixels, source: Pixels, gap: Pixels | None, top: float) -> tuple[int, int, int]:
    """Where the source begins in the target, is solid for sure, and ends."""
    height = target.shape[0]
    first = min(max(0, math.floor(top)), height)
    last = min(max(first, math.ceil(top) + source.shape[0]), height)
    band = 0 if gap is None else math.ceil(top) + gap.shape[0] - 1
    return first, min(max(first, band), last), last


def _shift(source: Pixels, place: tuple[float, float], part: Pixels, first: int) -> None:
    """Fill a part of the target, from row `first`, with the source moved to a place between pixels.

    The outermost pixels go on for ever. A warp would do the same at four times the cost.
    """
    height, width = part.shape
    middle = (width - 1) / 2 - place[0], (height - 1) / 2 + first - place[1]
    cv2.getRectSubPix(source, (width, height), middle, part)
