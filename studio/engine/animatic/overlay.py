"""Laying a half transparent picture over frames."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from PIL import Image

from studio.engine.animatic import planes
from studio.engine.animatic.planes import Pixels, Planes


@dataclass(frozen=True)
class Overlay:
    """Planes with an opacity for each (uint8), and the even place of their top left corner."""

    planes: Planes
    cover: Planes
    left: int
    top: int

    @classmethod
    def of(cls, image: Image.Image, *, left: int, top: int) -> Self:
        """From an RGBA image with even sides, placed at an even pixel."""
        rgba = np.asarray(image)
        alpha = np.ascontiguousarray(rgba[..., 3])
        half = cv2.resize(alpha, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        picture = planes.from_rgb(np.ascontiguousarray(rgba[..., :3]))
        return cls(picture, Planes(alpha, half, half), left, top)

    def lay(self, frame: Planes, opacity: float = 1.0) -> None:
        """Draw over the frame in place; `opacity` 0 leaves it as it is."""
        if opacity <= 0:
            return
        for target, plane, cover, step in zip(
            frame, self.planes, self.cover, (1, 2, 2), strict=True
        ):
            top, left = self.top // step, self.left // step
            part = target[top : top + plane.shape[0], left : left + plane.shape[1]]
            part[:] = _blend(part, plane, cover, opacity)


def _blend(below: Pixels, above: Pixels, cover: Pixels, opacity: float) -> Pixels:
    if opacity < 1:
        cover = cv2.convertScaleAbs(cover, alpha=opacity)
    kept = cv2.multiply(below, cv2.bitwise_not(cover), scale=1 / 255)
    return cv2.add(kept, cv2.multiply(above, cover, scale=1 / 255))
