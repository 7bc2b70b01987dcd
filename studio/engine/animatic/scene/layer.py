"""One depth of a scene: a strip of plate, clear above its outline and solid below."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from studio.engine.animatic.camera import Matrix
from studio.engine.animatic.planes import DOUBLE, HALVE, Pixels, Planes
from studio.engine.animatic.scene.noise import Field


@dataclass(frozen=True)
class Layer:
    """A strip that begins at plate row `top` (even) and hangs at `depth`.

    Within its first `band` rows it is partly clear: there the planes are already dimmed by their
    opacity, and `clear` (uint8, full and half size) says how much shows of what lies behind. Below
    the band it is solid. What lies behind below its last row must be covered by a nearer layer.
    """

    planes: Planes
    clear: tuple[Pixels, Pixels] | None
    band: int
    top: int
    depth: float

    @classmethod
    def cut(cls, planes: Planes, opacity: Field, *, top: int, depth: float) -> Self:
        """A layer whose first rows have the given opacity, 0..1; the rest is solid."""
        band = opacity.shape[0]
        clear = 255 - np.rint(opacity * 255).astype(np.uint8)
        half = cv2.resize(clear, (clear.shape[1] // 2, band // 2), interpolation=cv2.INTER_AREA)
        for plane, gap in zip(planes, (clear, half, half), strict=True):
            part = plane[: gap.shape[0]]
            part[:] = cv2.multiply(part, 255 - gap, scale=1 / 255)
        return cls(planes, (clear, half), band, top, depth)

    def draw(self, frame: Planes, move: Matrix, corner: Matrix) -> None:
        """Draw over the frame; `move` is the camera for this depth, `corner` takes plate to frame."""
        matrix = move @ corner
        width, height = frame.size
        first, solid, last = self._rows(matrix, height)
        if last <= first:
            return
        local = matrix @ _down(self.top)
        full = _down(-first) @ local
        half = HALVE @ full @ DOUBLE
        for plane, source, step, view in zip(
            frame, self.planes, (1, 2, 2), (full, half, half), strict=True
        ):
            rows = slice(first // step, last // step)
            size = (width // step, (last - first) // step)
            if self.clear and solid > first:
                behind = (size[0], (solid - first) // step)
                clear = _look(self.clear[step - 1], view, behind)
                kept = cv2.multiply(plane[rows][: behind[1]], clear, scale=1 / 255)
            fresh = _look(source, view, size)
            if self.clear and solid > first:
                cv2.add(fresh[: behind[1]], kept, dst=fresh[: behind[1]])
            plane[rows] = fresh

    def _rows(self, matrix: Matrix, height: int) -> tuple[int, int, int]:
        """The even frame rows where the strip begins, is solid for sure, and ends."""
        width, bottom = self.planes.size
        marks = np.array([0.0, self.band, bottom]) + self.top
        edges = [matrix @ np.array([[0, width], [mark, mark], [1, 1]]) for mark in marks]
        begin, band, end = ((e[1] / e[2]) for e in edges)
        limits = (begin.min() - 2, band.max() + 2, end.max())
        first, solid, last = (int(np.clip(row, 0, height)) // 2 * 2 for row in limits)
        return first, min(solid + 2, last), last


def _down(rows: float) -> Matrix:
    return np.array([[1.0, 0, 0], [0, 1, rows], [0, 0, 1]])


def _look(plane: Pixels, matrix: Matrix, size: tuple[int, int]) -> Pixels:
    return cv2.warpPerspective(
        plane, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
