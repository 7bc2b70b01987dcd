"""The plate: a picture continued beyond its frame, so that no camera move shows a border."""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from studio.engine.animatic import planes
from studio.engine.animatic.camera import Camera, Matrix
from studio.engine.animatic.planes import Pixels, Planes

MARGIN = 0.14


@dataclass(frozen=True)
class Plate:
    """Planes with a margin around the frame; `shift` maps plate pixels to frame pixels."""

    planes: Planes
    shift: Matrix
    size: tuple[int, int]

    def seen(self, matrix: Matrix) -> Planes:
        """The frame that a camera matrix shows."""
        return planes.warp(self.planes, matrix @ self.shift, self.size)


def extend(rgb: Pixels) -> Plate:
    """A plate around an RGB picture with even sides: mirrored, and softer the further out."""
    height, width = rgb.shape[:2]
    # Even margins keep the color planes on the grid: the frame inside stays exactly the picture.
    right, down = (round(side * MARGIN / 2) * 2 for side in (width, height))
    wide = cv2.copyMakeBorder(rgb, down, down, right, right, cv2.BORDER_REFLECT_101)
    soft = _soft(wide, width)
    weight = _outside(wide, right, down)
    full = cv2.blendLinear(wide, soft, 1 - weight, weight)
    full[down : down + height, right : right + width] = rgb
    shift = np.array([[1.0, 0, -right], [0, 1, -down], [0, 0, 1]])
    return Plate(planes.from_rgb(full), shift, (width, height))


def _soft(wide: Pixels, width: int) -> Pixels:
    small = cv2.resize(wide, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), max(0.6, width * 0.003))
    return cv2.resize(blurred, wide.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def _outside(wide: Pixels, right: int, down: int) -> Pixels:
    """0 within the frame, rising smoothly to 1 half way out of the margin, float32."""
    height, width = wide.shape[:2]
    across = _beyond(width, right)[None, :]
    along = _beyond(height, down)[:, None]
    return np.ascontiguousarray(np.maximum(across, along))


def _beyond(length: int, margin: int) -> Pixels:
    place = np.arange(length, dtype=np.float32)
    out = np.maximum(margin - place, place - (length - margin - 1)) / max(margin, 1)
    share = np.clip(out * 2, 0, 1)
    return (share * share * (3 - 2 * share)).astype(np.float32)


@dataclass(frozen=True)
class Still:
    """A clip of one picture under a moving camera."""

    is_light: ClassVar = True  # one warp

    plate: Plate
    camera: Camera

    def frame(self, progress: float) -> Planes:
        move = self.camera.matrix(progress)
        return self.plate.seen(self.camera.keep([move], MARGIN) @ move)
