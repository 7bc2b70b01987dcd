"""The scene of a shot: its layers, built side by side, and its frames under the camera."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import cv2
import numpy as np

from studio.engine.animatic.camera import Camera, Matrix
from studio.engine.animatic.planes import Pixels, Planes
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
        Ridge("dunes", 0.0, 0.62, texture=0.15),
        Ridge("dunes", 0.35, 0.71, texture=0.25),
        Ridge("dunes", 0.68, 0.84, texture=0.35),
        Ridge("dunes", 1.0, 1.02, texture=0.5),
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

    setting: Setting
    layers: tuple[Layer, ...]
    camera: Camera

    def frame(self, progress: float) -> Planes:
        depths = [layer.depth for layer in self.layers]
        moves = {depth: self.camera.matrix(progress, depth) for depth in depths}
        # A plane between two depths moves between them, so the outermost two decide.
        push = self.camera.keep([moves[max(depths)], moves[min(depths)]], MARGIN)
        frame = _blank(*self.setting.frame)
        for layer in self.layers:
            layer.draw(frame, push @ moves[layer.depth], self._corner)
        frame.y[:] = cv2.multiply(frame.y, self._falloff, scale=1 / 255)
        return frame

    @cached_property
    def _corner(self) -> Matrix:
        right, down = self.setting.margin
        return np.array([[1.0, 0, -right], [0, 1, -down], [0, 0, 1]])

    @cached_property
    def _falloff(self) -> Pixels:
        """How much light the lens keeps towards its corners, uint8."""
        width, height = self.setting.frame
        across = np.linspace(-1, 1, width, dtype=np.float32)[None, :] ** 2
        down = np.linspace(-1, 1, height, dtype=np.float32)[:, None] ** 2
        kept = 1 - 0.075 * (across + down) ** 1.4
        return np.rint(kept * 255).astype(np.uint8)


def build(shot: Shot, camera: Camera, progress: Progress) -> Scene:
    """Draw the layers of a prompt's scene, two at a time."""
    setting = Setting.read(shot.prompt, shot.seed, (shot.width, shot.height))
    layers = progress.during(partial(sky, setting), *_parts(setting))
    return Scene(setting, tuple(sorted(layers, key=lambda layer: -layer.depth)), camera)


def _parts(setting: Setting) -> list[Callable[[], Layer]]:
    ridges = PLACES[setting.place]
    parts: list[Callable[[], Layer]] = []
    for number, ridge in enumerate(ridges):
        nearer = ridges[number + 1].foot if number + 1 < len(ridges) else 9.0
        end = setting.margin[1] + (nearer + 0.16) * setting.frame[1]
        bottom = min(setting.height, round(end / 2) * 2)
        parts.append(partial(land, setting, ridge, bottom=bottom, name=f"ridge {number}"))
    if setting.place == "sea":
        parts.append(partial(water, setting))
    return parts


def _blank(width: int, height: int) -> Planes:
    half = (height // 2, width // 2)
    return Planes(
        np.full((height, width), 16, np.uint8),
        np.full(half, 128, np.uint8),
        np.full(half, 128, np.uint8),
    )
