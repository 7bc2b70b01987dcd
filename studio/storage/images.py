"""Pictures that people upload: known by their content, decoded before they are believed."""

import mmap
import re
import struct
import threading
import unicodedata
import warnings
import zlib
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps

from studio.core.errors import InvalidUpload
from studio.storage.contents import kind_of

# By Pillow's names. MPO is what phones call a JPEG with a second picture behind the first.
FORMATS = {"PNG": ("image/png", ".png"), "JPEG": ("image/jpeg", ".jpg"),
           "MPO": ("image/jpeg", ".jpg"), "WEBP": ("image/webp", ".webp")}  # fmt: skip
MEANT = {"a PNG picture", "a JPEG picture", "a WebP picture"}
WANTED = "a PNG, JPEG or WebP picture"
# Below these a picture is a strip or an icon: nothing that a shot could start from.
SHORTEST_SIDE = 64
MOST_TIMES_LONGER = 4
# A progressive JPEG has about ten scans; a thousand of them are a trap for the processor.
MOST_SCANS = 100
THUMBNAIL_SIDE = 640
ORIENTATION_TAG = 0x0112
SIDEWAYS = {5, 6, 7, 8}

# What Pillow raises for damaged files, depending on the format. OSErrors of the disk have a number.
DAMAGE = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError,
          OverflowError, MemoryError, struct.error, zlib.error)  # fmt: skip
BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

# Fifty megapixels are 200 MB while they are looked at: one picture at a time in each process.
one_at_a_time = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What a picture file really is: sides in pixels as it is seen, turned upright, size in bytes."""

    width: int
    height: int
    size: int
    content_type: str
    suffix: str


def check(path: Path, *, field: str, name: str) -> Picture:
    """Decode the whole file. Raises InvalidUpload with one sentence that begins with the field.

    `field` is its label ("First frame"), `name` what the person calls the file. Size, kind and
    pixels are judged from the header, so that a bomb is refused before it can unfold.
    """
    file = _File(path=path, field=field, name=shown(name))
    require_size(path.stat().st_size, field=field, name=name)
    with one_at_a_time:
        try:
            return file.look()
        except BOMB as error:
            raise file.refused(_too_many_pixels()) from error
        except DAMAGE as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise file.refused(file.whats_wrong()) from error


def require_size(size: int, *, field: str, name: str) -> None:
    """Raises InvalidUpload for an empty file and for one that is too large."""
    most = settings.UPLOAD_MAX_BYTES
    if not size:
        raise InvalidUpload(f"{field} must be {WANTED}; “{shown(name)}” is empty.")
    if size > most:
        raise InvalidUpload(
            f"{field} may have at most {most >> 20} MB; “{shown(name)}” has {_megabytes(size)} MB."
        )


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20) + 0.05:,.1f}"


def _too_many_pixels() -> str:
    most = settings.UPLOAD_MAX_PIXELS // 1_000_000
    return f"may have at most {most} megapixels; {{name}} has more"


def shown(name: str) -> str:
    """A file name fit for a sentence and a row: its last part, without invisible characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    return seen if len(seen) <= 80 else f"{seen[:60]}…{seen[-19:]}"


@dataclass(frozen=True, kw_only=True)
class _File:
    """A file under suspicion; its sentences are "{field} {what}", with {name} filled in."""

    path: Path
    field: str
    name: str

    def refused(self, what: str) -> InvalidUpload:
        named = what.replace("{name}", f"“{self.name}”")
        return InvalidUpload(f"{self.field} {named}.")

    def whats_wrong(self) -> str:
        kind = kind_of(self.path)
        if kind in MEANT:
            return f"can not be read; {{name}} is {kind} that is damaged or cut off"
        return f"must be {WANTED}; {{name}} is {kind}"

    def look(self) -> Picture:
        with Image.open(self.path, formats=["PNG", "JPEG", "WEBP"]) as image:
            for rule in (_still, _pixels, _shape):
                if problem := rule(image):
                    raise self.refused(problem)
            _require_few_scans(self.path)
            content_type, suffix = FORMATS[str(image.format)]
            width, height = image.size
            decode(image)
            if image.getexif().get(ORIENTATION_TAG) in SIDEWAYS:
                width, height = height, width
            size = self.path.stat().st_size
        return Picture(
            width=width, height=height, size=size, content_type=content_type, suffix=suffix
        )


def _still(image: Image.Image) -> str:
    moves = getattr(image, "n_frames", 1) > 1 and image.format != "MPO"
    return "must be a still picture; {name} is animated" if moves else ""


def _pixels(image: Image.Image) -> str:
    most = settings.UPLOAD_MAX_PIXELS
    if image.width * image.height <= most:
        return ""
    size = f"{image.width:,} × {image.height:,}"
    return f"may have at most {most // 1_000_000} megapixels; {{name}} is {size} pixels"


def _shape(image: Image.Image) -> str:
    short, long = sorted(image.size)
    size = f"{{name}} is {image.width:,} × {image.height:,}"
    if short < SHORTEST_SIDE:
        return f"must be at least {SHORTEST_SIDE} pixels on its shorter side; {size}"
    if long > MOST_TIMES_LONGER * short:
        return f"may be at most {MOST_TIMES_LONGER} times as long as its shorter side; {size}"
    return ""


def _require_few_scans(path: Path) -> None:
    """In a JPEG these two bytes begin a scan and stand nowhere else, but in small previews."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as held:
        if held[:2] != b"\xff\xd8":
            return
        scans = sum(1 for _ in islice(re.finditer(b"\xff\xda", held), MOST_SCANS + 1))
    if scans > MOST_SCANS:
        raise ValueError("a JPEG with that many scans is no photograph")


def decode(image: Image.Image) -> None:
    """Read every byte of the picture; a JPEG at a fraction of its size, which finds cuts as well."""
    image.draft("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    image.load()


def thumbnail(path: Path, target: Path) -> None:
    """Write a checked picture upright as a WebP of at most 640 pixels a side."""
    with one_at_a_time, Image.open(path, formats=["PNG", "JPEG", "WEBP"]) as image:
        decode(image)
        small = ImageOps.exif_transpose(image)
        small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        small.convert("RGBA" if small.has_transparency_data else "RGB").save(target, "WEBP")
