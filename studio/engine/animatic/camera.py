"""The camera: six axes become one homography per moment (pure mathematics, ported to the browser).

The picture is a plane at distance 1 in front of a pinhole of focal length `1.2 * max(width, height)`
pixels. x runs right, y down, z away. A depth `d` moves a plane further off: it then shifts by `1/d`
when the camera travels, and turns and zooms all the same.

    matrix(p, d) = K(f) · Roll · Tilt · Pan · K(f₀)⁻¹ · Shift(d)        f = f₀ · exp(-zoom)
    Shift(d) moves by (-horizontal · width, vertical · height) / d pixels

maps pixels of the picture to pixels of the frame at progress `p` from 0 to 1; `matrix(0)` is the
identity, so that a clip begins with the given picture itself.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[Any]

# Full scale of an axis: share of the frame, radians, or logarithm of the focal length. Positive is
# right, up, look right, look up, clockwise, wider; a negative zoom comes closer.
REACH = {
    "horizontal": 0.15,
    "vertical": 0.15,
    "pan": math.radians(8),
    "tilt": math.radians(6),
    "roll": math.radians(10),
}
CLOSER, WIDER = math.log(1.6), math.log(1.25)
# Hand-held drift at its strongest, in the units of REACH.
DRIFT = {
    "horizontal": 0.007,
    "vertical": 0.006,
    "pan": math.radians(0.28),
    "tilt": math.radians(0.2),
    "roll": math.radians(0.16),
}
AXES = (*REACH, "zoom")


def ease(progress: float, ramp: float) -> float:
    """Distance covered by a move that speeds up and slows down over `ramp` of its time each."""
    top = 1 / (1 - ramp)
    if progress < ramp:
        return top * progress * progress / (2 * ramp)
    if progress > 1 - ramp:
        return 1 - top * (1 - progress) ** 2 / (2 * ramp)
    return top * (progress - ramp / 2)


def chances(seed: int, count: int) -> list[float]:
    """`count` numbers in 0..1 that depend on the seed alone (xorshift32, the same in any language)."""
    state = (seed * 2654435761 + 0x9E3779B9) & 0xFFFFFFFF or 1
    numbers = []
    for _ in range(count + 4):
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        numbers.append(state / 0xFFFFFFFF)
    return numbers[4:]


@dataclass(frozen=True)
class Camera:
    """A camera move over a clip; `lands` makes the drift die away before the end of the clip.

    One that does not sway stands on a tripod: it has no drift.
    """

    width: int
    height: int
    axes: Mapping[str, float]
    seconds: float
    seed: int
    lands: bool = False
    sways: bool = True

    @cached_property
    def focal(self) -> float:
        return 1.2 * max(self.width, self.height)

    @cached_property
    def _chances(self) -> list[float]:
        return chances(self.seed, 1 + 4 * len(DRIFT))

    def pose(self, progress: float) -> dict[str, float]:
        """The six axes at `progress`, in the units of REACH: the eased move plus the drift."""
        ramp = 0.17 + 0.1 * self._chances[0]
        eased = ease(progress, ramp)
        drift = self._drift(progress)
        asked = {axis: self.axes.get(axis, 0.0) / 10 for axis in AXES}
        pose = {axis: asked[axis] * REACH[axis] * eased + drift[axis] for axis in REACH}
        # On a portrait frame a pan of 8 degrees would sweep a third of the picture: keep its share.
        pose["pan"] *= self.width / max(self.width, self.height)
        pose["zoom"] = asked["zoom"] * (CLOSER if asked["zoom"] < 0 else WIDER) * eased
        return pose

    def matrix(self, progress: float, depth: float = 1.0) -> Matrix:
        """Pixels of the plane at `depth` to pixels of the frame, as a 3 by 3 homography."""
        pose = self.pose(progress)
        right, down = self.travel(progress, depth)
        shift = np.array([[1.0, 0, right], [0, 1, down], [0, 0, 1]])
        lens = self._lens(self.focal * math.exp(-pose["zoom"]))
        matrix: Matrix = lens @ _turn(pose) @ np.linalg.inv(self._lens(self.focal)) @ shift
        return matrix

    def travel(self, progress: float, depth: float = 1.0) -> tuple[float, float]:
        """How far the plane at `depth` shifts to the right and down, in pixels, before the camera turns."""
        pose = self.pose(progress)
        return (
            -pose["horizontal"] * self.width / depth,
            pose["vertical"] * self.height / depth,
        )

    def keep(self, matrices: list[Matrix], margin: float) -> Matrix:
        """The smallest push-in that keeps the frame on every plate.

        A plate reaches `margin` of its size beyond the frame on each side; the result goes in front
        of each matrix. Bisection, since nested frames about the center leave a plate only once.
        """
        corners = self._corners()
        center = np.array([[(self.width - 1) / 2], [(self.height - 1) / 2]])
        backs = [np.linalg.inv(matrix) for matrix in matrices]
        reach = np.array([[self.width], [self.height]]) * (0.5 + margin) - 1.5

        def stays(push: float) -> bool:
            frame = np.vstack([center + (corners - center) / push, np.ones((1, 4))])
            seen = [back @ frame for back in backs]
            return all(bool((np.abs(s[:2] / s[2] - center) <= reach).all()) for s in seen)

        low, high = 1.0, 8.0
        if stays(low):
            return np.eye(3)
        for _ in range(18):
            middle = (low + high) / 2
            low, high = (low, middle) if stays(middle) else (middle, high)
        return np.array(
            [[high, 0, (1 - high) * center[0, 0]], [0, high, (1 - high) * center[1, 0]], [0, 0, 1]]
        )

    def _corners(self) -> Matrix:
        right, bottom = self.width - 0.5, self.height - 0.5
        return np.array([[-0.5, right, -0.5, right], [-0.5, -0.5, bottom, bottom]])

    def _lens(self, focal: float) -> Matrix:
        return np.array(
            [[focal, 0, (self.width - 1) / 2], [0, focal, (self.height - 1) / 2], [0, 0, 1]]
        )

    def _drift(self, progress: float) -> dict[str, float]:
        """Two slow sines per axis, zero at the start and, for a move that lands, at the end."""
        time = progress * self.seconds
        window = min(1.0, (1 - progress) * 4) if self.lands else 1.0
        window *= min(1.0, time)  # the operator's breath grows over the first second
        window *= self.sways
        numbers = iter(self._chances[1:])
        drift = {}
        for axis, reach in DRIFT.items():
            slow, fast, phase, other = (next(numbers) for _ in range(4))
            wave = math.sin(math.tau * ((0.12 + 0.12 * slow) * time + phase))
            wave += 0.5 * math.sin(math.tau * ((0.3 + 0.2 * fast) * time + other))
            drift[axis] = reach * window * wave
        return drift


def _turn(pose: Mapping[str, float]) -> Matrix:
    """The rotation of the picture: pan to the right, then tilt up, then roll clockwise."""
    (sp, cp), (st, ct), (sr, cr) = (
        (math.sin(pose[axis]), math.cos(pose[axis])) for axis in ("pan", "tilt", "roll")
    )
    pan = np.array([[cp, 0, -sp], [0, 1, 0], [sp, 0, cp]])
    tilt = np.array([[1, 0, 0], [0, ct, st], [0, -st, ct]])
    roll = np.array([[cr, sr, 0], [-sr, cr, 0], [0, 0, 1]])
    turn: Matrix = roll @ tilt @ pan
    return turn
