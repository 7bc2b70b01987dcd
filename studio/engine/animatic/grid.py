"""Bending a picture by a coarse grid of source points, which are cheap to compute per frame."""

from functools import cached_property

import cv2
import numpy as np

from studio.engine.animatic.planes import Pixels, Planes

CELL = 8


class Grid:
    """A net over a frame, one cell wider on every side; even cells serve the half size planes too."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.columns, self.rows = -(-width // CELL) + 2, -(-height // CELL) + 2

    @cached_property
    def places(self) -> Pixels:
        """The frame pixel at the middle of each cell, rows x columns x 2, float32."""
        across = (np.arange(self.columns) - 1) * CELL + (CELL - 1) / 2
        down = (np.arange(self.rows) - 1) * CELL + (CELL - 1) / 2
        return np.stack(np.meshgrid(across, down), axis=-1).astype(np.float32)

    def warp(self, source: Planes, places: Pixels) -> Planes:
        """The frame whose cells show the given source pixels."""
        full = self._spread(places, CELL, (self.width, self.height))
        half = self._spread((places - 0.5) / 2, CELL // 2, (self.width // 2, self.height // 2))
        return Planes(_bend(source.y, full), _bend(source.u, half), _bend(source.v, half))

    def _spread(self, places: Pixels, cell: int, size: tuple[int, int]) -> Pixels:
        whole = (self.columns * cell, self.rows * cell)
        wide = cv2.resize(places, whole, interpolation=cv2.INTER_LINEAR)
        return wide[cell : cell + size[1], cell : cell + size[0]]


def _bend(plane: Pixels, places: Pixels) -> Pixels:
    # NumPy would promote the places to float64 all too easily, which remap refuses.
    places = np.ascontiguousarray(places, dtype=np.float32)
    return cv2.remap(plane, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)  # type: ignore[call-overload,no-any-return]
