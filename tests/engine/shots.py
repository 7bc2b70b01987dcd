"""Shots, pictures and decoded frames for the tests of the Animatic engine."""

from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

from studio.engine.animatic import Footage, Shot, render

Frame = npt.NDArray[np.uint8]


def make_shot(**changes: Any) -> Shot:
    """One second of 320 x 180 of a prompt scene, unless told otherwise."""
    shot: dict[str, Any] = {
        "prompt": "a seaside cliff at sunset",
        "width": 320,
        "height": 180,
        "seconds": 1,
        "seed": 7,
        "container": "mp4",
        "quality": 95,
        "camera": {},
        "first_frame": None,
        "last_frame": None,
    }
    return Shot(**shot | changes)


def go_on(done: int, total: int) -> bool:
    return True


def shoot(folder: Path, **changes: Any) -> Footage:
    return render(make_shot(**changes), folder, report=go_on)


def make_picture(
    path: Path, size: tuple[int, int] = (320, 180), *, shift: int = 0, seed: int = 1
) -> Path:
    """A picture with detail at every scale; `shift` shows it so many pixels further right."""
    dice = np.random.default_rng(seed)
    wide = (size[0] + 64, size[1] + 64)
    total = np.zeros((wide[1], wide[0], 3), np.float32)
    for octave in range(5):
        small = dice.integers(0, 256, (4 * 2**octave, 6 * 2**octave, 3), np.uint8)
        total += 0.6**octave * np.asarray(
            Image.fromarray(small).resize(wide, Image.Resampling.BICUBIC)
        )
    whole = ((total - total.min()) / np.ptp(total) * 255).astype(np.uint8)
    Image.fromarray(whole[16 : 16 + size[1], 16 + shift : 16 + shift + size[0]]).save(path)
    return path


def make_marker(path: Path, size: tuple[int, int] = (640, 360)) -> Path:
    """A white square in the middle of grey."""
    picture = np.full((size[1], size[0], 3), 70, np.uint8)
    middle, half = (size[0] // 2, size[1] // 2), size[1] // 12
    picture[middle[1] - half : middle[1] + half, middle[0] - half : middle[0] + half] = 250
    Image.fromarray(picture).save(path)
    return path


def read(path: Path) -> Frame:
    """A still as RGB."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def decode(path: Path) -> list[Frame]:
    """All frames as RGB."""
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]


def difference(one: Frame, other: Frame) -> float:
    """The mean difference of two frames in grey levels."""
    return float(np.abs(one.astype(np.int16) - other.astype(np.int16)).mean())
