"""The colors of each light, mixed in OKLCH so that a turned hue keeps its lightness."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Yuv = tuple[float, float, float]
Oklch = tuple[float, float, float]


@dataclass(frozen=True)
class Palette:
    """Colors in limited range YUV; `height` is the sun's way from the horizon (0) to the top (1)."""

    zenith: Yuv
    middle: Yuv
    horizon: Yuv
    far: Yuv
    near: Yuv
    light: Yuv
    height: float
    disc: float
    clouds: float
    stars: float
    haze: float


@dataclass(frozen=True)
class Mood:
    """Six OKLCH colors from the zenith down to the nearest ground, and the light; then its habits.

    `disc` is the radius of sun or moon in shares of the short side; the rest is 0 to 1.
    """

    colors: tuple[Oklch, Oklch, Oklch, Oklch, Oklch, Oklch]
    height: float
    disc: float = 0.03
    clouds: float = 0.5
    stars: float = 0.0
    haze: float = 0.5


MOODS: Mapping[str, Mood] = {
    "sunset": Mood(
        (
            (0.36, 0.10, 295),
            (0.60, 0.14, 25),
            (0.85, 0.13, 72),
            (0.60, 0.11, 22),
            (0.18, 0.05, 320),
            (0.96, 0.09, 88),
        ),
        0.10,
        disc=0.045,
        clouds=0.7,
    ),
    "dawn": Mood(
        (
            (0.58, 0.07, 262),
            (0.78, 0.06, 325),
            (0.93, 0.06, 70),
            (0.72, 0.05, 305),
            (0.27, 0.05, 265),
            (0.99, 0.04, 90),
        ),
        0.16,
        disc=0.035,
        clouds=0.5,
        haze=0.8,
    ),
    "day": Mood(
        (
            (0.56, 0.13, 250),
            (0.74, 0.09, 240),
            (0.93, 0.03, 225),
            (0.73, 0.06, 232),
            (0.36, 0.05, 215),
            (0.99, 0.02, 100),
        ),
        0.72,
        disc=0.028,
        clouds=0.65,
    ),
    "night": Mood(
        (
            (0.15, 0.05, 275),
            (0.25, 0.07, 268),
            (0.42, 0.08, 255),
            (0.32, 0.06, 262),
            (0.09, 0.03, 272),
            (0.94, 0.02, 235),
        ),
        0.62,
        disc=0.034,
        clouds=0.3,
        stars=1.0,
    ),
    "storm": Mood(
        (
            (0.27, 0.03, 245),
            (0.43, 0.03, 240),
            (0.72, 0.03, 205),
            (0.50, 0.03, 230),
            (0.15, 0.02, 235),
            (0.88, 0.02, 210),
        ),
        0.28,
        disc=0.0,
        clouds=1.0,
        haze=0.7,
    ),
    "neon": Mood(
        (
            (0.15, 0.08, 290),
            (0.29, 0.15, 310),
            (0.58, 0.21, 350),
            (0.37, 0.15, 312),
            (0.11, 0.05, 285),
            (0.88, 0.13, 205),
        ),
        0.52,
        disc=0.13,
        clouds=0.2,
        stars=0.5,
    ),
    "winter": Mood(
        (
            (0.62, 0.06, 245),
            (0.80, 0.04, 235),
            (0.95, 0.02, 215),
            (0.82, 0.03, 238),
            (0.42, 0.05, 248),
            (0.99, 0.02, 95),
        ),
        0.45,
        disc=0.026,
        clouds=0.45,
        haze=0.7,
    ),
    "mist": Mood(
        (
            (0.70, 0.02, 230),
            (0.82, 0.02, 220),
            (0.91, 0.02, 200),
            (0.80, 0.02, 215),
            (0.30, 0.03, 220),
            (0.99, 0.02, 95),
        ),
        0.40,
        disc=0.03,
        clouds=0.15,
        haze=1.0,
    ),
    "ember": Mood(
        (
            (0.19, 0.05, 25),
            (0.38, 0.12, 32),
            (0.72, 0.16, 55),
            (0.44, 0.12, 38),
            (0.10, 0.03, 25),
            (0.95, 0.10, 75),
        ),
        0.14,
        disc=0.05,
        clouds=0.8,
    ),
    "green": Mood(
        (
            (0.62, 0.07, 200),
            (0.79, 0.06, 160),
            (0.95, 0.06, 110),
            (0.68, 0.07, 150),
            (0.19, 0.05, 158),
            (0.99, 0.05, 105),
        ),
        0.45,
        disc=0.03,
        clouds=0.3,
        haze=0.8,
    ),
    "sea": Mood(
        (
            (0.52, 0.11, 240),
            (0.73, 0.08, 222),
            (0.94, 0.04, 190),
            (0.62, 0.07, 228),
            (0.25, 0.06, 238),
            (0.99, 0.03, 95),
        ),
        0.40,
        disc=0.03,
        clouds=0.6,
    ),
}


def palette(light: str, turn: float) -> Palette:
    """The palette of a light with its hues turned by some degrees."""
    mood = MOODS[light]
    zenith, middle, horizon, far, near, glow = (
        yuv(oklch(lightness, chroma, hue + turn)) for lightness, chroma, hue in mood.colors
    )
    return Palette(
        zenith,
        middle,
        horizon,
        far,
        near,
        glow,
        mood.height,
        mood.disc,
        mood.clouds,
        mood.stars,
        mood.haze,
    )


def oklch(lightness: float, chroma: float, hue: float) -> npt.NDArray[np.float64]:
    """sRGB 0..1 of an OKLCH color (Ottosson, https://bottosson.github.io/posts/oklab/)."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    cones = np.array(
        [
            lightness + 0.3963377774 * a + 0.2158037573 * b,
            lightness - 0.1055613458 * a - 0.0638541728 * b,
            lightness - 0.0894841775 * a - 1.2914855480 * b,
        ]
    )
    linear = (
        np.array(
            [
                [4.0767416621, -3.3077115913, 0.2309699292],
                [-1.2684380046, 2.6097574011, -0.3413193965],
                [-0.0041960863, -0.7034186147, 1.7076147010],
            ]
        )
        @ cones**3
    )
    linear = linear.clip(0, 1)
    bright = 1.055 * linear ** (1 / 2.4) - 0.055
    return np.asarray(np.where(linear <= 0.0031308, 12.92 * linear, bright))


def yuv(rgb: npt.NDArray[np.float64]) -> Yuv:
    """Limited range BT.601, 16..235 and 16..240, of an sRGB color 0..1."""
    red, green, blue = (float(part) for part in rgb)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return 16 + 219 * luma, 128 + 126.4 * (blue - luma), 128 + 159.7 * (red - luma)


def blend(one: Yuv, other: Yuv, share: float) -> Yuv:
    """A color between two: `share` 0 is `one`, 1 is `other`."""
    y, u, v = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return y, u, v
