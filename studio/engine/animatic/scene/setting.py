"""What all layers of a scene agree on: size, light, place, and dice that fall the same every time."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from studio.engine.animatic.scene.noise import Dice, Field
from studio.engine.animatic.scene.palette import Palette, palette
from studio.engine.animatic.scene.words import light_of, place_of

MARGIN = 0.14


@dataclass(frozen=True)
class Setting:
    """A scene's plate (the frame and a margin), in pixels, with where its horizon and its light are."""

    prompt: str
    seed: int
    light: str
    place: str
    palette: Palette
    frame: tuple[int, int]
    margin: tuple[int, int]
    light_x: float

    @classmethod
    def read(cls, prompt: str, seed: int, frame: tuple[int, int]) -> Self:
        """The setting that a prompt asks for; what it leaves open the seed decides."""
        chances = _dice(prompt, seed, "setting").random(4)
        light, place = light_of(prompt, chances[0]), place_of(prompt, chances[1])
        margin = (round(frame[0] * MARGIN / 2) * 2, round(frame[1] * MARGIN / 2) * 2)
        width = frame[0] + 2 * margin[0]
        across = (0.30 + 0.40 * float(chances[3])) * width
        colors = palette(light, float(chances[2] - 0.5) * 22)
        return cls(prompt, seed, light, place, colors, frame, margin, across)

    @property
    def width(self) -> int:
        return self.frame[0] + 2 * self.margin[0]

    @property
    def height(self) -> int:
        return self.frame[1] + 2 * self.margin[1]

    @property
    def unit(self) -> float:
        """The short side of the frame: the measure of everything drawn."""
        return float(min(self.frame))

    @cached_property
    def horizon(self) -> int:
        """The even plate row of the horizon, a little below the middle."""
        share = 0.54 if self.place == "sea" else 0.60
        return round((self.margin[1] + share * self.frame[1]) / 2) * 2

    @cached_property
    def light_y(self) -> float:
        top = self.margin[1] + 0.10 * self.frame[1]
        return self.horizon - self.palette.height * (self.horizon - top)

    @cached_property
    def columns(self) -> Field:
        return np.arange(self.width, dtype=np.float32)[None, :]

    def rows(self, top: int, bottom: int) -> Field:
        return np.arange(top, bottom, dtype=np.float32)[:, None]

    def dice(self, name: str) -> Dice:
        """Dice for one part of the scene, independent of the order in which parts are drawn."""
        return _dice(self.prompt, self.seed, name)


def _dice(prompt: str, seed: int, name: str) -> Dice:
    digest = hashlib.sha256(f"{seed}\n{name}\n{prompt}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
