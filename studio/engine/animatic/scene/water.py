"""Open water up to the horizon: waves that shrink with distance, the sky's colors and a path of light."""

import cv2
import numpy as np

from studio.engine.animatic.scene import noise
from studio.engine.animatic.scene.canvas import Canvas
from studio.engine.animatic.scene.layer import Layer
from studio.engine.animatic.scene.noise import Field
from studio.engine.animatic.scene.palette import blend
from studio.engine.animatic.scene.setting import Setting

DEPTH = 2.6
TILE = 1024


def water(setting: Setting) -> Layer:
    """The layer from the horizon to the bottom of the plate."""
    colors = setting.palette
    canvas = Canvas(
        setting.width, setting.height - setting.horizon, blend(colors.horizon, colors.middle, 0.25)
    )
    rows = setting.rows(0, canvas.height)
    near = rows / canvas.height
    waves = _waves(setting, near)
    deep = blend(colors.near, colors.middle, 0.22)
    canvas.coat(deep, np.clip(near * 1.5, 0, 0.92) ** 0.8)
    calm = np.clip(near * 3, 0.15, 1)
    canvas.shade(1 + (waves - 0.5) * 0.75 * calm)
    canvas.coat(
        blend(colors.horizon, colors.middle, 0.4), np.clip((waves - 0.56) * 2.6, 0, 0.5) * calm
    )
    across = np.abs(setting.columns - setting.light_x) / setting.unit
    path = np.exp(-((across / (0.05 + 0.24 * near)) ** 2))
    strength = 0.9 if colors.height < 0.35 else 0.55
    glitter = np.clip((waves - 0.50) * 7, 0, 1) * path * strength
    canvas.coat(colors.light, glitter * (1 - 0.35 * near))
    canvas.coat(colors.light, 0.30 * path * (1 - near) ** 2)
    opacity = np.ones((2, setting.width), np.float32)
    return Layer.cut(
        canvas.planes(setting.dice("water grain")), opacity, top=setting.horizon, depth=DEPTH
    )


def _waves(setting: Setting, near: Field) -> Field:
    """A patch of sea seen at a flat angle; what is too fine to see near the horizon is averaged."""
    tile = noise.field((TILE, TILE), setting.dice("waves"), cycles=(10, 22), octaves=6, gain=0.62)
    away = 1 / (near + 0.045)
    across = (setting.columns - setting.width / 2) / setting.unit * away * np.float32(150)
    along = np.broadcast_to(away * np.float32(420), across.shape)
    fine = cv2.remap(
        tile,
        across.astype(np.float32),
        along.astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    fade = np.clip(near * 7, 0.25, 1)
    waves: Field = np.float32(0.5) + (fine - 0.5) * fade
    return waves
