"""A picture as large as it fits, between black bars."""

import numpy as np
from numpy.typing import NDArray


def fitting(size: tuple[int, int], into: tuple[int, int]) -> tuple[int, int]:
    """The largest even size of the same shape that fits; a pixel or two beside it is the same."""
    scale = min(into[0] / size[0], into[1] / size[1])
    width, height = (max(2, round(side * scale / 2) * 2) for side in size)
    return (
        into[0] if abs(width - into[0]) <= 2 else min(width, into[0]),
        into[1] if abs(height - into[1]) <= 2 else min(height, into[1]),
    )


def framed(
    planes: NDArray[np.uint8], size: tuple[int, int], into: tuple[int, int]
) -> NDArray[np.uint8]:
    """The planes of a smaller picture, in the middle of a black one."""
    whole = np.full((into[1] * 3 // 2, into[0]), 128, np.uint8)
    whole[: into[1]] = 16
    left, top = ((into[side] - size[side]) // 4 * 2 for side in (0, 1))
    whole[top : top + size[1], left : left + size[0]] = planes[: size[1]]
    for number in (0, 1):
        source = _plane(planes, size, number)
        target = _plane(whole, into, number)
        high, wide = source.shape
        target[top // 2 : top // 2 + high, left // 2 : left // 2 + wide] = source
    return whole


def _plane(planes: NDArray[np.uint8], size: tuple[int, int], number: int) -> NDArray[np.uint8]:
    """One of the two planes of color, which lie behind that of brightness; a view, no copy."""
    width, height = size
    rest = planes.reshape(-1)[width * height :].reshape(2, height // 2, width // 2)
    plane: NDArray[np.uint8] = rest[number]
    return plane
