"""Silhouettes: the height of the land at each column, drawn three times as fine as the pixels."""

from collections.abc import Callable, Mapping

import numpy as np

from studio.engine.animatic.scene import noise
from studio.engine.animatic.scene.noise import Dice, Field
from studio.engine.animatic.scene.setting import Setting

FINE = 3
# An outline is positive upwards, in units (the short side of the frame), around 0 at its foot.
Shape = Callable[[int, float, float, Dice], Field]


def outline(setting: Setting, shape: str, nearness: float, name: str) -> Field:
    """Heights in units for `FINE` points a column; `nearness` 0 is far and 1 close by."""
    wide = setting.width / setting.unit
    return SHAPES[shape](setting.width * FINE, wide, nearness, setting.dice(name))


def _crests(length: int, wide: float, nearness: float, dice: Dice) -> Field:
    """Mountains: noise folded at its middle, which makes sharp summits."""
    broad = noise.curve(length, dice, cycles=0.9 * wide, octaves=2)
    folds = np.zeros(length, np.float32)
    for octave in range(6):
        rough = noise.curve(length, dice, cycles=1.6 * wide * 2**octave, octaves=1)
        folds += 0.47**octave * (1 - np.abs(4 * rough - 2))
    height = 0.52 - 0.26 * nearness
    crests: Field = broad * (height * 0.62) + folds * (0.35 + broad) * (height * 0.34)
    return crests


def _rolls(length: int, wide: float, nearness: float, dice: Dice) -> Field:
    """Hills: low and round."""
    rolls = noise.curve(length, dice, cycles=0.9 * wide, octaves=3, gain=0.35)
    return rolls * (0.22 - 0.05 * nearness)


def _dunes(length: int, wide: float, nearness: float, dice: Dice) -> Field:
    """Dunes: long swells whose far sides fall off sharply."""
    swell = noise.curve(length, dice, cycles=0.55 * wide, octaves=2, gain=0.4)
    fold = 1 - np.abs(2 * noise.curve(length, dice, cycles=0.8 * wide, octaves=1) - 1) ** 1.2
    dunes: Field = (0.6 * swell + 0.55 * fold) * (0.2 - 0.02 * nearness)
    return dunes


def _conifers(length: int, wide: float, nearness: float, dice: Dice) -> Field:
    """A forest edge: firs with layered branches on rolling ground."""
    heights = _rolls(length, wide, nearness, dice) * 0.7
    unit = length / wide
    reach = (0.009 + 0.022 * nearness**1.3) * unit
    place = -reach
    while place < length + reach:
        size = dice.uniform(0.55, 1.25)
        columns = np.arange(max(0, int(place - reach)), min(length, int(place + reach)))
        if len(columns):
            inward = 1 - np.abs(columns - place) / (reach * size)
            body = np.clip(inward, 0, 1)
            branch = 0.05 * np.abs(((body * 7) % 1) - 0.5) * (body > 0) * (body < 0.93)
            tall = reach / unit * size * dice.uniform(3.6, 4.6)
            tree = heights[columns] + tall * (body**0.9 - 1.6 * branch)
            heights[columns] = np.where(
                inward > 0, np.maximum(heights[columns], tree), heights[columns]
            )
        place += reach * dice.uniform(0.35, 1.1)
    return heights


def _towers(length: int, wide: float, nearness: float, dice: Dice) -> Field:
    """A skyline: blocks of uneven height, a few with a mast."""
    unit = length / wide
    heights = np.full(length, 0.02, np.float32)
    place = 0
    while place < length:
        breadth = int((0.020 + 0.055 * nearness) * unit * dice.uniform(0.6, 1.7))
        tall = (0.30 - 0.04 * nearness) * dice.beta(1.7, 2.4) + 0.05
        heights[place : place + breadth] = tall
        _roof(heights, place, breadth, dice, unit)
        place += breadth + int(dice.integers(0, max(2, breadth // 4)))
    return heights


def _roof(heights: Field, place: int, breadth: int, dice: Dice, unit: float) -> None:
    kind = dice.random()
    if kind < 0.30:
        inset = breadth // 4
        heights[place + inset : place + breadth - inset] += 0.018 + 0.02 * dice.random()
    if kind < 0.16 or kind > 0.93:
        mast = place + breadth // 2
        heights[mast : mast + max(3, int(0.0022 * unit))] += 0.03 + 0.05 * dice.random()


def _rocks(length: int, wide: float, nearness: float, dice: Dice) -> Field:
    """A headland that rises out of the frame on one side, and open water on the other."""
    along = np.linspace(0, 1, length, dtype=np.float32)
    side = along if dice.random() < 0.5 else 1 - along
    rise = np.clip((side - 0.50 - 0.1 * dice.random()) / 0.42, 0, 1)
    rough = noise.curve(length, dice, cycles=3 * wide, octaves=6, gain=0.55)
    steps = 0.5 + 0.5 * np.tanh((rise * 6 % 1 - 0.5) * 4)
    cliff = 0.46 * rise**1.15 + 0.035 * steps * rise
    rocks: Field = cliff + 0.11 * (rough - 0.45) * np.clip(rise * 5, 0, 1) - 0.06 * (rise <= 0)
    return rocks


SHAPES: Mapping[str, Shape] = {
    "crests": _crests,
    "rolls": _rolls,
    "dunes": _dunes,
    "conifers": _conifers,
    "towers": _towers,
    "rocks": _rocks,
}
