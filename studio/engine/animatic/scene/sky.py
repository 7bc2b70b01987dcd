"""The sky: gradient, glow, clouds, stars, and the sun or the moon."""

import math

import cv2
import numpy as np

from studio.engine.animatic.scene import noise
from studio.engine.animatic.scene.canvas import Canvas
from studio.engine.animatic.scene.layer import Layer
from studio.engine.animatic.scene.noise import Field
from studio.engine.animatic.scene.palette import blend
from studio.engine.animatic.scene.setting import Setting

DEPTH = 40.0
WHITE = (235.0, 128.0, 128.0)


def sky(setting: Setting) -> Layer:
    """The farthest layer, from the top of the plate to well below the horizon."""
    bottom = min(setting.height, round((setting.horizon + 0.2 * setting.frame[1]) / 2) * 2)
    colors = setting.palette
    rows = setting.rows(0, bottom)
    fall = rows / setting.horizon
    canvas = Canvas(setting.width, bottom, colors.zenith)
    canvas.coat(colors.middle, _smooth(fall / 0.62))
    canvas.coat(colors.horizon, _smooth((fall - 0.42) / 0.58))
    away = _distance(setting, rows)
    canvas.coat(colors.light, 0.30 * np.exp(-3.0 * away) + 0.28 * np.exp(-((away * 4.5) ** 2)))
    if colors.stars:
        _stars(canvas, setting, fall)
    if colors.disc:
        _disc(canvas, setting, away)
    _clouds(canvas, setting, away, fall)
    return Layer(canvas.planes(setting.dice("sky grain")), None, 0, DEPTH)


def _smooth(share: Field) -> Field:
    share = np.clip(share, 0, 1)
    smooth: Field = share * share * (3 - 2 * share)
    return smooth


def _distance(setting: Setting, rows: Field) -> Field:
    """How far from the light, in units."""
    across = (setting.columns - setting.light_x) / setting.unit
    down = (rows - setting.light_y) / setting.unit
    return np.sqrt(across * across + down * down)


def _stars(canvas: Canvas, setting: Setting, fall: Field) -> None:
    dice = setting.dice("stars")
    points = np.zeros((canvas.height, canvas.width), np.float32)
    count = round(420 * canvas.width * canvas.height / setting.unit**2)
    rows, columns = dice.integers(0, canvas.height, count), dice.integers(0, canvas.width, count)
    points[rows, columns] = dice.random(count, np.float32) ** 5
    size = setting.unit / 720
    spread = cv2.GaussianBlur(points, (0, 0), 0.75 * size) * 5 * size**2
    spread += cv2.GaussianBlur(points, (0, 0), 2.4 * size) * 7 * size**2
    light = spread * setting.palette.stars * np.clip(1.1 - fall, 0, 1)
    canvas.coat((235, 131, 126), np.minimum(light, 1))


def _disc(canvas: Canvas, setting: Setting, away: Field) -> None:
    """The sun or the moon; the neon one sets behind the bars of an old poster."""
    colors = setting.palette
    share = np.clip((colors.disc - away) * setting.unit + 0.5, 0, 1)
    if setting.light == "neon":
        down = (setting.rows(0, canvas.height) - setting.light_y) / (colors.disc * setting.unit)
        gap = 0.5 + 0.5 * np.cos(math.tau * 3.2 * down)
        bars = np.clip((gap - np.clip(0.15 + 0.6 * down, 0, 1)) * 14 + 0.5, 0, 1)
        share = share * np.where(down > 0.02, bars, 1)
        canvas.coat(
            blend(colors.light, colors.horizon, 0.35), share * np.clip(0.75 + 0.2 * down, 0, 1)
        )
        return
    canvas.coat(colors.light, 0.55 * np.exp(-((away / (colors.disc * 1.9)) ** 2)))
    canvas.coat(blend(colors.light, WHITE, 0.5), share)
    if setting.light == "night":
        _craters(canvas, setting, share)


def _craters(canvas: Canvas, setting: Setting, share: Field) -> None:
    spots = noise.field(
        (canvas.width // 4, canvas.height // 4), setting.dice("moon"), cycles=(60, 40), octaves=3
    )
    wide = cv2.resize(spots, (canvas.width, canvas.height), interpolation=cv2.INTER_CUBIC)
    canvas.coat(setting.palette.horizon, share * np.clip((wide - 0.5) * 0.7, 0, 0.14))


def _clouds(canvas: Canvas, setting: Setting, away: Field, fall: Field) -> None:
    """Billows bent by other billows, lit where they face the light, thinner towards the horizon."""
    colors = setting.palette
    body = _billows(setting, canvas.height)
    limit = 0.74 - 0.34 * colors.clouds
    cover = (
        np.clip((body - limit) * 3.0, 0, 1)
        * np.clip(1.3 - fall, 0, 1)
        * np.clip(0.25 + 0.8 * colors.clouds, 0, 0.9)
    )
    shift = max(1, round(0.018 * setting.unit))
    lower = np.roll(body, -shift if setting.palette.height < 0.5 else shift, axis=0)
    lit = np.clip(0.5 + (body - lower) * 5, 0, 1)
    near = np.exp(-1.6 * away)
    canvas.coat(blend(colors.middle, colors.zenith, 0.35), cover * (1 - 0.65 * lit))
    canvas.coat(blend(colors.horizon, colors.light, 0.4), cover * lit * (0.25 + 0.7 * near))


def _billows(setting: Setting, height: int) -> Field:
    size = (setting.width // 2, height // 2)
    wide = setting.width / setting.unit
    tall = height / setting.unit
    dice = setting.dice("clouds")
    base = noise.field(size, dice, cycles=(1.7 * wide, 4.6 * tall), octaves=6, gain=0.55)
    bend = noise.field(size, dice, cycles=(2.5 * wide, 5 * tall), octaves=3) - 0.5
    across = np.arange(size[0], dtype=np.float32)[None] + np.float32(0.16 * setting.unit) * bend
    down = np.arange(size[1], dtype=np.float32)[:, None] + np.float32(0.05 * setting.unit) * bend
    bent = cv2.remap(base, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return cv2.resize(bent, (setting.width, height), interpolation=cv2.INTER_LINEAR)
