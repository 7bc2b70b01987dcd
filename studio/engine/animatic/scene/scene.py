"""The scene of a shot: its layers, built side by side, and its frames under the camera."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar

import numpy as np

from studio.engine.animatic import planes
from studio.engine.animatic.camera import Camera, Matrix
from studio.engine.animatic.planes import Planes
from studio.engine.animatic.progress import Progress
from studio.engine.animatic.scene.land import Ridge, land
from studio.engine.animatic.scene.layer import Layer
from studio.engine.animatic.scene.setting import MARGIN, Setting
from studio.engine.animatic.scene.sky import sky
from studio.engine.animatic.scene.water import water
from studio.engine.animatic.shot import Shot

# Ridges from far to near. Feet are frame heights from the top; a strip ends a little below the next foot.
PLACES: Mapping[str, tuple[Ridge, ...]] = {
    "peaks": (
        Ridge("crests", 0.0, 0.60, texture=0.5, snow=1.0),
        Ridge("crests", 0.30, 0.70, texture=0.7, snow=0.8),
        Ridge("crests", 0.62, 0.84, texture=0.8),
        Ridge("conifers", 0.97, 0.98),
    ),
    "hills": (
        Ridge("crests", 0.0, 0.60, texture=0.4, snow=0.6, size=0.7),
        Ridge("rolls", 0.32, 0.68, texture=0.35),
        Ridge("conifers", 0.45, 0.76),
        Ridge("rolls", 0.72, 0.88, texture=0.5),
        Ridge("rolls", 1.0, 1.02, texture=0.7),
    ),
    "forest": (
        Ridge("rolls", 0.0, 0.56, texture=0.3),
        Ridge("conifers", 0.25, 0.66),
        Ridge("conifers", 0.50, 0.76),
        Ridge("conifers", 0.78, 0.89),
        Ridge("conifers", 1.0, 1.06),
    ),
    "sea": (
        Ridge("crests", 0.12, 0.55, texture=0.4, size=0.5),
        Ridge("rocks", 0.92, 0.98, texture=0.9),
    ),
    "dunes": (
        Ridge("dunes", 0.0, 0.62, texture=0.04),
        Ridge("dunes", 0.35, 0.71, texture=0.07),
        Ridge("dunes", 0.68, 0.84, texture=0.10),
        Ridge("dunes", 1.0, 1.02, texture=0.14),
    ),
    "city": (
        Ridge("towers", 0.0, 0.64, windows=True),
        Ridge("towers", 0.34, 0.74, windows=True),
        Ridge("towers", 0.68, 0.88, windows=True),
        Ridge("towers", 1.0, 1.06, windows=True),
    ),
}


@dataclass(frozen=True)
class Scene:
    """Layers from far to near under one camera."""

    is_light: ClassVar = False

    setting: Setting
    layers: tuple[Layer, ...]
    camera: Camera

    def frame(self, progress: float) -> Planes:
        """Travel shifts the layers against each other; then one warp turns and zooms them all."""
        depths = [layer.depth for layer in self.layers]
        moves = [self.camera.matrix(progress, depth) for depth in (max(depths), min(depths))]
        # A plane between two depths moves between them, so the outermost two decide.
        push = self.camera.keep(moves, MARGIN)
        view = push @ self.camera.matrix(progress, math.inf)
        left, top, width, height = self._seen(view)
        stage, *spare = (_cut(paper, width, height) for paper in self._papers)
        for layer in self.layers:
            right, down = self.camera.travel(progress, layer.depth)
            margin = self.setting.margin
            layer.lay(stage, (spare[0], spare[1]), right - margin[0] - left, down - margin[1] - top)
        corner = np.array([[1.0, 0, left], [0, 1, top], [0, 0, 1]])
        return planes.warp(stage, view @ corner, self.setting.frame)

    @cached_property
    def _papers(self) -> tuple[Planes, Planes, Planes]:
        """Planes to draw on and two spare ones, a little larger than all that a frame can show."""
        width, height = self.setting.width + 16, self.setting.height + 16
        one, two, three = (_blank(width, height) for _ in range(3))
        return one, two, three

    def _seen(self, view: Matrix) -> tuple[int, int, int, int]:
        """The even box (left, top, width, height), from the frame's own corner, that the frame shows."""
        width, height = self.setting.frame
        corners = np.array([[0.0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]])
        x, y, w = np.linalg.inv(view) @ corners
        (left, right), (top, bottom) = (
            ((p / w).min() // 2 * 2 - 4, (p / w).max() // 2 * 2 + 6) for p in (x, y)
        )
        return int(left), int(top), int(right - left), int(bottom - top)


def build(shot: Shot, camera: Camera, progress: Progress) -> Scene:
    """Draw the layers of a prompt's scene, two at a time."""
    setting = Setting.read(shot.prompt, shot.seed, (shot.width, shot.height))
    layers = progress.during(partial(sky, setting), *_parts(setting))
    return Scene(setting, tuple(sorted(layers, key=lambda layer: -layer.depth)), camera)


def _parts(setting: Setting) -> list[Callable[[], Layer]]:
    ridges = PLACES[setting.place]
    parts: list[Callable[[], Layer]] = []
    for number, ridge in enumerate(ridges):
        end = setting.margin[1] + _end(ridges[number : number + 2]) * setting.frame[1]
        bottom = min(setting.height, round(end / 2) * 2)
        parts.append(partial(land, setting, ridge, bottom=bottom, name=f"ridge {number}"))
    if setting.place == "sea":
        parts.append(partial(water, setting))
    return parts


def _end(pair: tuple[Ridge, ...]) -> float:
    """Down to where a ridge can be seen above the next one, in frame heights: its foot and their travel."""
    if len(pair) == 1:
        return 9.0
    return pair[1].foot + 0.03 + 0.18 * (1 / pair[1].depth - 1 / pair[0].depth)


def _blank(width: int, height: int) -> Planes:
    half = (height // 2, width // 2)
    return Planes(
        np.full((height, width), 16, np.uint8),
        np.full(half, 128, np.uint8),
        np.full(half, 128, np.uint8),
    )


def _cut(paper: Planes, width: int, height: int) -> Planes:
    half = slice(height // 2), slice(width // 2)
    return Planes(paper.y[:height, :width], paper.u[half], paper.v[half])
