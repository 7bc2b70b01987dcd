"""A float picture in planes, painted with coats of one color each.

Mixing is linear in YUV as it is in RGB, so the color planes can stay at half size throughout.
"""

import cv2
import numpy as np

from studio.engine.animatic.planes import Planes
from studio.engine.animatic.scene.noise import Field
from studio.engine.animatic.scene.palette import Yuv


class Canvas:
    """`height x width` brightness and half size color, float32; sides are even."""

    def __init__(self, width: int, height: int, color: Yuv) -> None:
        self.width, self.height = width, height
        half = (height // 2, width // 2)
        self.y = np.full((height, width), color[0], np.float32)
        self.u, self.v = (np.full(half, part, np.float32) for part in color[1:])

    def coat(self, color: Yuv, share: Field) -> None:
        """Cover with a color; `share` 0..1 is `height x width`, or `height x 1` for even rows."""
        half = halved(share)
        self.y += (np.float32(color[0]) - self.y) * share
        self.u += (np.float32(color[1]) - self.u) * half
        self.v += (np.float32(color[2]) - self.v) * half

    def shade(self, factor: Field) -> None:
        """Make brighter (above 1) or darker (below 1)."""
        half = halved(factor)
        self.y = 16 + (self.y - 16) * factor
        self.u = 128 + (self.u - 128) * half
        self.v = 128 + (self.v - 128) * half

    def shine(self, color: Yuv, amount: Field) -> None:
        """Add light of a color."""
        half = halved(amount)
        self.y += np.float32(color[0] - 16) * amount
        self.u += np.float32(color[1] - 128) * half
        self.v += np.float32(color[2] - 128) * half

    def planes(self, dice: np.random.Generator) -> Planes:
        """The picture in bytes, with half a grey level of noise against banding."""
        tile = dice.random((64, self.width), dtype=np.float32) - 0.5
        for row in range(0, self.height, 64):
            part = self.y[row : row + 64]
            part += tile[: len(part)]
        limits = ((self.y, 235), (self.u, 240), (self.v, 240))
        return Planes(*(np.rint(p).clip(16, top).astype(np.uint8) for p, top in limits))


def halved(share: Field) -> Field:
    """The field at half size, also when it is one column for all."""
    height, width = share.shape
    if width == 1:
        return share.reshape(height // 2, 2, 1).mean(axis=1)  # type: ignore[no-any-return]
    half: Field = cv2.resize(share, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return half
