"""Where every part of one picture went in another: dense optical flow, both ways."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from studio.engine.animatic.planes import Pixels

WORKING_SIDE = 480


@dataclass(frozen=True)
class Flow:
    """Shifts in full size pixels, kept at a `scale` times smaller size; `trust` is 0 to 1."""

    forth: Pixels
    back: Pixels
    scale: float
    trust: float

    @classmethod
    def between(cls, one: Pixels, other: Pixels) -> Self:
        """The flow from one brightness plane to another of the same size."""
        scale = max(1.0, max(one.shape) / WORKING_SIDE)
        small, goal = _prepare(one, scale), _prepare(other, scale)
        forth, back = _search(small, goal), _search(goal, small)
        trust = (_agreement(forth, back) + _agreement(back, forth)) / 2
        forth, back = (cv2.GaussianBlur(f * scale, (0, 0), 2) for f in (forth, back))
        return cls(forth, back, scale, trust)

    def forth_at(self, places: Pixels) -> Pixels:
        return self._at(self.forth, places)

    def back_at(self, places: Pixels) -> Pixels:
        return self._at(self.back, places)

    def _at(self, flow: Pixels, places: Pixels) -> Pixels:
        small = ((places + 0.5) / self.scale - 0.5).astype(np.float32)
        return cv2.remap(flow, small, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload,no-any-return]


def _prepare(plane: Pixels, scale: float) -> Pixels:
    height, width = plane.shape
    size = (max(32, round(width / scale)), max(32, round(height / scale)))
    small = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
    return cv2.createCLAHE(2, (8, 8)).apply(small)


def _search(one: Pixels, other: Pixels) -> Pixels:
    # A search keeps memory between runs, and crashes when told to drop it: use a new one each time.
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return search.calc(one, other, None)  # type: ignore[call-overload,no-any-return]


def _agreement(there: Pixels, back: Pixels) -> float:
    """How often the way there and back ends where it began (within 0.6 % of the long side)."""
    height, width = there.shape[:2]
    place = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).astype(np.float32)
    returned = cv2.remap(
        back, place + there, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )  # type: ignore[call-overload]
    miss = np.linalg.norm(there + returned, axis=-1) / (max(width, height) / 160)
    return float(np.exp(-(miss**2)).mean())
