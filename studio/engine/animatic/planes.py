"""A picture as three planes, full size brightness and half size color: what encoders eat.

Values are BT.601 limited range (black is 16), which is what OpenCV makes and `encode` tags.
"""

from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from studio.engine.animatic.camera import Matrix

Pixels = npt.NDArray[Any]

# Full size pixels from half size pixels: centers of a 2x2 block lie between its four pixels.
DOUBLE = np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1.0]])
HALVE = np.linalg.inv(DOUBLE)


class Planes(NamedTuple):
    """Brightness `height x width` and the two color planes `height/2 x width/2`, uint8."""

    y: Pixels
    u: Pixels
    v: Pixels

    @property
    def size(self) -> tuple[int, int]:
        return self.y.shape[1], self.y.shape[0]


def from_rgb(rgb: Pixels) -> Planes:
    """Planes of an RGB picture, uint8, with even sides."""
    height, width = rgb.shape[:2]
    flat = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2YUV_I420)
    color = flat[height:].reshape(2, height // 2, width // 2)
    return Planes(flat[:height], color[0], color[1])


def to_rgb(planes: Planes) -> Pixels:
    """The RGB picture, uint8."""
    width, height = planes.size
    flat = np.concatenate([plane.ravel() for plane in planes]).reshape(height * 3 // 2, width)
    return cv2.cvtColor(flat, cv2.COLOR_YUV2RGB_I420)


def shrink(planes: Planes, size: tuple[int, int]) -> Planes:
    """The picture at a smaller even `size` (width, height)."""
    half = (size[0] // 2, size[1] // 2)
    sizes = (size, half, half)
    return Planes(
        *(
            cv2.resize(p, s, interpolation=cv2.INTER_AREA)
            for p, s in zip(planes, sizes, strict=True)
        )
    )


def warp(planes: Planes, matrix: Matrix, size: tuple[int, int]) -> Planes:
    """The planes seen through a homography (plate pixels to frame pixels) in a frame of `size`."""
    half = (size[0] // 2, size[1] // 2)
    color = HALVE @ matrix @ DOUBLE
    return Planes(
        _warp(planes.y, matrix, size), _warp(planes.u, color, half), _warp(planes.v, color, half)
    )


def _warp(plane: Pixels, matrix: Matrix, size: tuple[int, int]) -> Pixels:
    return cv2.warpPerspective(
        plane, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )


def mix(one: Planes, other: Planes, share: float) -> Planes:
    """A dissolve: `share` 0 is `one`, 1 is `other`."""
    return Planes(
        *(cv2.addWeighted(a, 1 - share, b, share, 0) for a, b in zip(one, other, strict=True))
    )
