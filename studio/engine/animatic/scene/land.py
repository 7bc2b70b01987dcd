"""A ridge of land: a silhouette with light, texture and haze."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from studio.engine.animatic.scene import noise
from studio.engine.animatic.scene.canvas import Canvas
from studio.engine.animatic.scene.layer import Layer
from studio.engine.animatic.scene.noise import Field
from studio.engine.animatic.scene.outline import FINE, outline
from studio.engine.animatic.scene.palette import blend
from studio.engine.animatic.scene.setting import Setting
from studio.engine.animatic.scene.town import windows

FARTHEST, NEAREST = 6.0, 1.0
# How far down the summits snow lies in a light, in units; elsewhere the mountains are bare.
SNOWY = {
    "winter": 0.30,
    "dawn": 0.13,
    "day": 0.11,
    "storm": 0.10,
    "night": 0.13,
    "mist": 0.12,
    "sea": 0.10,
    "sunset": 0.09,
}


@dataclass(frozen=True)
class Ridge:
    """One silhouette: its shape, how near it is (0..1) and its foot in frame heights below the top."""

    shape: str
    nearness: float
    foot: float
    texture: float = 0.0
    snow: float = 0.0
    windows: bool = False
    size: float = 1.0

    @property
    def depth(self) -> float:
        return NEAREST * math.pow(FARTHEST / NEAREST, 1 - self.nearness)


@dataclass(frozen=True)
class Ground:
    """The strip of plate that a ridge covers: rows `top` to `bottom`, and its outline in them."""

    setting: Setting
    ridge: Ridge
    line: Field
    top: int
    bottom: int
    canvas: Canvas

    @property
    def below(self) -> Field:
        """How far each pixel lies below the outline, in units; negative above it."""
        rows = self.setting.rows(0, self.bottom - self.top)
        below: Field = (rows - self.columns[None, :]) / self.setting.unit
        return below

    @property
    def columns(self) -> Field:
        """The outline at each pixel column."""
        columns: Field = self.line.reshape(-1, FINE).mean(axis=1)
        return columns

    @property
    def opacity(self) -> Field:
        """How much of each pixel lies below the outline, down to where everything does."""
        band = min(self.bottom - self.top, (int(self.line.max()) + 5) // 2 * 2)
        rows = self.setting.rows(0, band)
        cover = np.zeros((band, self.setting.width), np.float32)
        for offset in range(FINE):
            cover += np.clip(rows - self.line[None, offset::FINE] + 0.5, 0, 1)
        cover /= FINE
        return cover


def land(setting: Setting, ridge: Ridge, *, bottom: int, name: str) -> Layer:
    """The layer of a ridge, whose strip ends at the even plate row `bottom`."""
    ground = _ground(setting, ridge, bottom, name)
    below = ground.below
    _light(ground, below)
    if ridge.texture:
        _relief(ground, below, name)
    _haze(ground)
    if ridge.windows:
        windows(ground.canvas, setting, below, nearness=ridge.nearness, name=name)
    planes = ground.canvas.planes(setting.dice(name + " grain"))
    return Layer.cut(planes, ground.opacity, top=ground.top, depth=ridge.depth)


def _ground(setting: Setting, ridge: Ridge, bottom: int, name: str) -> Ground:
    foot = setting.margin[1] + ridge.foot * setting.frame[1]
    line = foot - outline(setting, ridge.shape, ridge.nearness, name) * ridge.size * setting.unit
    top = max(0, (int(line.min()) - 3) // 2 * 2)
    solid = top + (int(line.max() - top) + 5) // 2 * 2
    bottom = min(setting.height, max(bottom, solid, top + 8))
    color = blend(setting.palette.far, setting.palette.near, ridge.nearness**0.8)
    canvas = Canvas(setting.width, bottom - top, color)
    return Ground(setting, ridge, (line - top).astype(np.float32), top, bottom, canvas)


def _light(ground: Ground, below: Field) -> None:
    """A thin edge of light on slopes that face the sun or the moon."""
    setting, ridge = ground.setting, ground.ridge
    line = ground.columns
    calm = cv2.GaussianBlur(line[None, :], (0, 0), 0.006 * setting.unit)[0]
    toward = np.clip((setting.light_x - setting.columns[0]) / (0.25 * setting.unit), -1, 1)
    facing = np.clip(0.35 - np.gradient(calm) * toward * 1.2, 0, 1)
    close = np.exp(-np.abs(setting.columns[0] - setting.light_x) / (0.8 * setting.unit))
    share = facing * (0.25 + 0.75 * close) * (0.55 - 0.2 * ridge.nearness)
    edge = np.exp(-np.clip(below, 0, None) / (0.006 + 0.012 * ridge.nearness))
    ground.canvas.coat(setting.palette.light, share[None, :].astype(np.float32) * edge)


def _facets(ground: Ground, below: Field, name: str) -> Field:
    """Slopes turned to the light (positive) or away from it, slanting down from the crests."""
    setting = ground.setting
    line = ground.columns
    calm = cv2.GaussianBlur(line[None, :], (0, 0), 0.010 * setting.unit)[0]
    side = 1.0 if setting.light_x > setting.width / 2 else -1.0
    slope = np.tanh(-side * np.gradient(calm) * 1.6).astype(np.float32)[None, :]
    half = (ground.canvas.width // 2, ground.canvas.height // 2)
    depth = cv2.resize(np.clip(below, 0, None), half, interpolation=cv2.INTER_AREA)
    cycles = (7 * half[0] * 2 / setting.unit, 5 * half[1] * 2 / setting.unit)
    bend = (
        noise.field(half, setting.dice(name + " facets"), cycles=cycles, octaves=4, gain=0.6) - 0.5
    )
    across: Field = np.arange(0.5, setting.width, 2, dtype=np.float32)[None, :]
    across = across + setting.unit * (0.55 * side * depth + bend * np.minimum(depth * 2, 0.16))
    nothing = np.zeros_like(across)
    facets: Field = cv2.remap(
        slope,
        across.astype(np.float32),
        nothing,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT_101,
    ) * np.exp(-depth * 3.5)
    return facets


def _relief(ground: Ground, below: Field, name: str) -> None:
    """Faces turned to the light and away from it, over a rough surface; snow near the summits."""
    setting, ridge, canvas = ground.setting, ground.ridge, ground.canvas
    half, full = (canvas.width // 2, canvas.height // 2), (canvas.width, canvas.height)
    wide, tall = (side / setting.unit * 5 for side in full)
    grain = noise.field(
        half, setting.dice(name + " relief"), cycles=(wide, tall * 0.7), octaves=6, gain=0.6
    )
    rough = np.abs(2 * grain - 1) if ridge.shape in ("crests", "rocks") else grain
    step = max(1, round(0.004 * setting.unit))
    side = 1 if setting.light_x > setting.width / 2 else -1
    slope = (np.roll(rough, side * step, axis=1) - rough) * 4 * ridge.texture
    slope = slope + _facets(ground, below, name) * (0.30 + 0.25 * ridge.texture)
    faces = cv2.resize(slope, full, interpolation=cv2.INTER_LINEAR)
    canvas.shade(np.clip(1 + faces, 0.5, 1.6))
    canvas.coat(setting.palette.light, np.clip(faces - 0.08, 0, 0.5) * 0.45)
    if ridge.snow and setting.light in SNOWY:
        broken = cv2.resize(grain, full, interpolation=cv2.INTER_LINEAR)
        height = below * setting.unit + ground.columns - ground.line.min()
        fall = SNOWY[setting.light] * ridge.snow - height / setting.unit
        share = np.clip(fall / 0.03 + (broken - 0.5) * 8, 0, 1)
        white = blend((232, 129, 127), setting.palette.horizon, 0.25)
        canvas.coat(white, share * np.clip(0.66 + faces * 1.3, 0.22, 0.95))


def _haze(ground: Ground) -> None:
    """Air between the ridges: it gathers at their feet, the more the farther away."""
    setting, ridge = ground.setting, ground.ridge
    line = ground.columns
    calm = cv2.GaussianBlur(line[None, :], (0, 0), 0.09 * setting.unit)
    below = (setting.rows(0, ground.bottom - ground.top) - calm) / setting.unit
    air = setting.palette.haze * (1 - ridge.nearness) ** 0.8
    pool = np.clip((below + 0.02) / 0.24, 0, 1)
    ground.canvas.coat(setting.palette.horizon, air * (0.24 + 0.66 * pool * pool * (3 - 2 * pool)))
