"""Smooth random shapes: sums of random lattices, each finer and weaker than the one before."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

# float32, as long as nothing mixes in a wider number.
Field = npt.NDArray[Any]
Dice = np.random.Generator


def curve(length: int, dice: Dice, *, cycles: float, octaves: int, gain: float = 0.5) -> Field:
    """A rough line, `length` values of about 0..1 with mean 0.5."""
    total = np.zeros(length, np.float32)
    for octave in range(octaves):
        knots = max(4, round(cycles * 2**octave) + 3)
        lattice = dice.standard_normal((1, knots)).astype(np.float32)
        total += gain**octave * cv2.resize(lattice, (length, 1), interpolation=cv2.INTER_CUBIC)[0]
    return _level(total)


def field(
    size: tuple[int, int],
    dice: Dice,
    *,
    cycles: tuple[float, float],
    octaves: int,
    gain: float = 0.5,
) -> Field:
    """A rough surface, height x width, with values of about 0..1 and mean 0.5."""
    total = np.zeros((size[1], size[0]), np.float32)
    for octave in range(octaves):
        columns, rows = (max(2, round(c * 2**octave)) for c in cycles)
        columns, rows = min(columns, size[0]), min(rows, size[1])
        lattice = dice.standard_normal((rows, columns)).astype(np.float32)
        total += gain**octave * cv2.resize(lattice, size, interpolation=cv2.INTER_CUBIC)
    return _level(total)


def _level(total: Field) -> Field:
    spread = float(total.std()) or 1.0
    leveled: Field = np.clip(0.5 + (total - total.mean()) / (5 * spread), 0, 1)
    return leveled
