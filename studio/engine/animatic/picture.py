"""Reading a given frame, whatever its kind and shape, into an RGB picture of the wanted size."""

import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from studio.engine.animatic.planes import Pixels

# What Pillow raises for damaged files, depending on the format.
DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


def load(path: Path, size: tuple[int, int], *, name: str) -> Pixels:
    """The picture, turned upright and cropped about its center to cover `size`, as RGB uint8.

    `name` is the field that the message of the ValueError names when the file cannot be decoded.
    """
    try:
        with Image.open(path) as file:
            file.draft(
                "RGB", (2 * max(size), 2 * max(size))
            )  # a huge JPEG decodes at half its size
            image = _rgb(ImageOps.exif_transpose(file))
    except DAMAGE as exc:
        if isinstance(exc, OSError) and exc.errno is not None:
            raise  # the disk's fault, not the picture's
        raise ValueError(
            f"{name} cannot be read as a picture; it is damaged or cut short."
        ) from exc
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS, box=_cover(image.size, size)))


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        return _from_deep(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "black")
        return Image.alpha_composite(paper, image).convert("RGB")
    return image.convert("RGB")


def _from_deep(image: Image.Image) -> Image.Image:
    """Eight bits from sixteen (or from 32 or floating ones, stretched to their own peak)."""
    deep = np.asarray(image, dtype=np.float32)
    peak = 65535.0 if image.mode.startswith("I") else max(float(deep.max()), 1e-6)
    return Image.fromarray((deep * (255 / peak)).clip(0, 255).astype(np.uint8)).convert("RGB")


def _cover(have: tuple[int, int], want: tuple[int, int]) -> tuple[float, float, float, float]:
    """The largest box of the wanted shape about the center of the picture."""
    scale = min(have[0] / want[0], have[1] / want[1])
    width, height = want[0] * scale, want[1] * scale
    left, top = (have[0] - width) / 2, (have[1] - height) / 2
    return left, top, min(left + width, have[0]), min(top + height, have[1])
