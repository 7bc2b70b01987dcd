"""One depth of a scene: a strip of plate, clear above its outline and solid below."""

import math
from dataclasses import dataclass
from typing import NamedTuple, Self

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

    def lay(self, stage: Planes, right: float, down: float) -> None:
        """Draw over the stage, whose top left pixel shows the plate pixel at (-right, -down)."""
        for step, target, source, clear in zip(
            (1, 2, 2), stage, self.planes, self.clear or (None, None, None), strict=True
        ):
            _lay(target, source, clear, (right / step, (self.top + down) / step))


class Overlap(NamedTuple):
    """Where a shifted plane meets its target: target rows and columns, and the source's fractions."""

    rows: slice
    columns: slice
    row: int
    column: int
    below: float
    beside: float

    @classmethod
    def of(cls, source: Pixels, target: Pixels, place: tuple[float, float]) -> Self:
        column, row = (math.floor(-part) for part in place)
        rows = slice(max(0, -row), min(target.shape[0], source.shape[0] - 1 - row))
        columns = slice(max(0, -column), min(target.shape[1], source.shape[1] - 1 - column))
        return cls(rows, columns, row, column, -place[1] - row, -place[0] - column)


def _lay(target: Pixels, source: Pixels, clear: Pixels | None, place: tuple[float, float]) -> None:
    met = Overlap.of(source, target, place)
    if met.rows.stop <= met.rows.start:
        return
    fresh = _shifted(source, met, met.rows)
    part = target[met.rows, met.columns]
    band = 0
    if clear is not None:
        edge = slice(met.rows.start, min(met.rows.stop, clear.shape[0] - 1 - met.row))
        if (band := edge.stop - edge.start) > 0:
            behind = cv2.multiply(part[:band], _shifted(clear, met, edge), scale=1 / 255)
            part[:band] = cv2.add(behind, fresh[:band])
    band = max(band, 0)
    part[band:] = fresh[band:]


def _shifted(source: Pixels, met: Overlap, rows: slice) -> Pixels:
    """The source under some target rows, moved by a fraction of a pixel: two blends of neighbors.

    A warp would do the same at four times the cost.
    """
    top, bottom = rows.start + met.row, rows.stop + met.row
    left, right = met.columns.start + met.column, met.columns.stop + met.column
    tall = source[top : bottom + 1]
    wide = cv2.addWeighted(
        tall[:, left:right], 1 - met.beside, tall[:, left + 1 : right + 1], met.beside, 0
    )
    return cv2.addWeighted(wide[:-1], 1 - met.below, wide[1:], met.below, 0)
