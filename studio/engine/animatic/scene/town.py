"""Lit windows in the towers of a skyline."""

import cv2
import numpy as np

from studio.engine.animatic.scene.canvas import Canvas
from studio.engine.animatic.scene.noise import Field
from studio.engine.animatic.scene.palette import Yuv, oklch, yuv
from studio.engine.animatic.scene.setting import Setting

# In these lights windows reflect more than they shine.
DAYLIGHT = ("day", "sea", "green", "winter", "mist")
WARM, COOL, PINK = (
    yuv(oklch(*c)) for c in ((0.86, 0.11, 78), (0.86, 0.10, 210), (0.72, 0.20, 350))
)


def windows(canvas: Canvas, setting: Setting, below: Field, *, nearness: float, name: str) -> None:
    """Light some windows of the towers drawn on a canvas, with a glow around them."""
    dice = setting.dice(name + " windows")
    wide = max(4, round((0.005 + 0.008 * nearness) * setting.unit))
    tall = max(5, round((0.008 + 0.012 * nearness) * setting.unit))
    rows, columns = -(-canvas.height // tall), -(-canvas.width // wide)
    bright = dice.random((rows, columns), np.float32)
    floors = dice.random((rows, 1), np.float32) < 0.06  # a floor that works late
    lit = np.where((bright > 0.80) | (floors & (bright > 0.35)), 0.45 + 0.55 * bright, 0).astype(
        np.float32
    )
    pane = _pane(canvas, wide, tall) * (below > 0.012)
    strength = (0.35 + 0.5 * nearness) * (0.3 if setting.light in DAYLIGHT else 1)
    for color, part in _shares(setting, dice.random((rows, columns), np.float32)):
        on = _tiled(lit * part, canvas, wide, tall) * pane * strength
        canvas.coat(color, on)
        canvas.shine(color, 0.30 * cv2.GaussianBlur(on, (0, 0), 0.008 * setting.unit))


def _shares(setting: Setting, chance: Field) -> list[tuple[Yuv, Field]]:
    """Which color each window has: warm homes, cool offices, and signs where it is neon."""
    other = PINK if setting.light == "neon" else COOL
    limit = 0.45 if setting.light == "neon" else 0.8
    return [
        (WARM, (chance < limit).astype(np.float32)),
        (other, (chance >= limit).astype(np.float32)),
    ]


def _pane(canvas: Canvas, wide: int, tall: int) -> Field:
    across = (np.arange(canvas.width) % wide >= wide * 0.42)[None, :]
    down = (np.arange(canvas.height) % tall >= tall * 0.45)[:, None]
    return (across & down).astype(np.float32)


def _tiled(cells: Field, canvas: Canvas, wide: int, tall: int) -> Field:
    size = (cells.shape[1] * wide, cells.shape[0] * tall)
    full = cv2.resize(cells, size, interpolation=cv2.INTER_NEAREST)
    return full[: canvas.height, : canvas.width]
