"""From the first picture to the last: along the optical flow where it can be trusted, else a dissolve.

The last picture is taken to be what the camera sees at the end of its move, so the move goes on
through both: the first picture travels away under the camera, the last one arrives under it, and
both end points are exact.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import cv2
import numpy as np

from studio.engine.animatic import planes
from studio.engine.animatic.camera import Camera, Matrix, ease
from studio.engine.animatic.flow import Flow
from studio.engine.animatic.grid import Grid
from studio.engine.animatic.planes import Pixels, Planes
from studio.engine.animatic.plate import MARGIN, Plate

# Pictures that agree less than this on where things went are dissolved (related: 0.6, strangers: 0).
TRUST = 0.25


def smooth(share: float) -> float:
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


@dataclass(frozen=True)
class Passage:
    """What both ways from the first to the last picture share: two plates and one camera."""

    is_light: ClassVar = False

    first: Plate
    last: Plate
    camera: Camera

    def moves(self, progress: float, share: float) -> tuple[Matrix, Matrix]:
        """The matrices for the first and the last picture when the last one counts for `share`."""
        first = self.camera.matrix(progress)
        last = first @ np.linalg.inv(self.camera.matrix(1))
        push = (1 - share) * self.camera.keep([first], MARGIN)
        push = push + share * self.camera.keep([last], MARGIN)
        return push @ first, push @ last

    def edge(self, progress: float, share: float) -> Planes | None:
        """The frame when only one picture counts."""
        first, last = self.moves(progress, share)
        if share == 0:
            return self.first.seen(first)
        return self.last.seen(last) if share == 1 else None


@dataclass(frozen=True)
class Dissolve(Passage):
    """Two pictures that have nothing in common: the first one fades away in the middle of the clip."""

    def frame(self, progress: float) -> Planes:
        share = smooth((progress - 0.28) / 0.44)
        if (edge := self.edge(progress, share)) is not None:
            return edge
        first, last = self.moves(progress, share)
        return planes.mix(self.first.seen(first), self.last.seen(last), share)


@dataclass(frozen=True)
class Morph(Passage):
    """Two views of one thing: every part moves from its first place to its last one."""

    flow: Flow

    @cached_property
    def _grid(self) -> Grid:
        return Grid(*self.first.size)

    def frame(self, progress: float) -> Planes:
        done = ease(progress, 0.22)
        share = smooth(done)
        if (edge := self.edge(progress, share)) is not None:
            return edge
        _, move = self.moves(progress, share)
        place = project(np.linalg.inv(move), self._grid.places)
        came = place - done * self.flow.forth_at(place)
        goes = place - (1 - done) * self.flow.back_at(place)
        start = np.linalg.inv(self.camera.matrix(1) @ self.first.shift)
        first = self._grid.warp(self.first.planes, project(start, came))
        last = self._grid.warp(self.last.planes, project(np.linalg.inv(self.last.shift), goes))
        return planes.mix(first, last, share)


def project(matrix: Matrix, places: Pixels) -> Pixels:
    """Points (rows x columns x 2, float32) through a homography."""
    return cv2.perspectiveTransform(places, matrix).astype(np.float32)


def between(camera: Camera, first: Plate, last: Plate) -> Morph | Dissolve:
    """The way from one plate to the other that their flow allows."""
    seen = first.seen(camera.matrix(1))
    flow = Flow.between(seen.y, last.seen(np.eye(3)).y)
    if flow.trust >= TRUST:
        return Morph(first, last, camera, flow)
    return Dissolve(first, last, camera)
