"""Archives of 16-bit frames as simulations give them, and as attackers make them."""

import io
import struct
import tarfile
import zlib
from pathlib import Path

import numpy as np

from tests.storage.pictures import chunk

COLOR_TYPES = {1: 0, 3: 2, 4: 6}
SIZE = (64, 48)


def filtered(values, number):
    """The lines of a picture, each with PNG's filter of that number."""
    step = 2 * (values.shape[2] if values.ndim == 3 else 1)
    lines = values.astype(">u2").tobytes()
    width = len(lines) // values.shape[0]
    plain = np.frombuffer(lines, np.uint8).reshape(-1, width).astype(np.int32)
    left = np.pad(plain, ((0, 0), (step, 0)))[:, :width]
    above = np.pad(plain, ((1, 0), (0, 0)))[:-1]
    corner = np.pad(above, ((0, 0), (step, 0)))[:, :width]
    guess = left + above - corner
    near = [np.abs(guess - one) for one in (left, above, corner)]
    paeth = np.where((near[0] <= near[1]) & (near[0] <= near[2]), left,
                     np.where(near[1] <= near[2], above, corner))  # fmt: skip
    less = (0, left, above, (left + above) // 2, paeth)[number]
    packed = ((plain - less) & 255).astype(np.uint8)
    return np.pad(packed, ((0, 0), (1, 0)), constant_values=number).tobytes()


def png(values, *, text=None, number=2):
    height, width = values.shape[:2]
    color = COLOR_TYPES[values.shape[2] if values.ndim == 3 else 1]
    header = struct.pack(">IIBBBBB", width, height, 16, color, 0, 0, 0)
    said = b"".join(
        chunk(b"tEXt", f"{name}\0{value}".encode()) for name, value in (text or {}).items()
    )
    pixels = chunk(b"IDAT", zlib.compress(filtered(values, number), 1))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + said + pixels + chunk(b"IEND", b"")


def depth(meters, scale=None):
    values = np.rint(np.asarray(meters) / (scale or 0.001)).astype(np.uint16)
    return png(values, text={"depth_scale_m": scale} if scale else None)


def normals(parts):
    return png(np.rint((np.asarray(parts) + 1) * 32767.5).astype(np.uint16))


def flow(moved, *, valid=None, scale=None):
    moved = np.asarray(moved)
    values = np.ones((*moved.shape[:2], 3), np.uint16)
    values[..., :2] = np.rint(moved * (scale or 64) + 32768)
    if valid is not None:
        values[~valid] = 0
    return png(values, text={"flow_scale": scale} if scale else None)


def tar(path: Path, members, *, form=tarfile.USTAR_FORMAT) -> Path:
    """`members` are (name, bytes), or TarInfo without bytes."""
    with tarfile.open(path, "w:", format=form) as box:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                box.addfile(member)
                continue
            name, data = member
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            box.addfile(entry, io.BytesIO(data))
    return path


def ramp(near=1.0, far=4.0, size=SIZE):
    """Depth from left to right."""
    width, height = size
    return np.tile(np.linspace(near, far, width), (height, 1))


def depth_tar(path, frames=6, size=SIZE):
    """A wall that comes nearer."""
    pictures = [depth(ramp(size=size) - 0.1 * number) for number in range(frames)]
    return tar(path, [(f"{number}.png", data) for number, data in enumerate(pictures)])


def normals_tar(path, frames=6, size=SIZE):
    width, height = size
    ball = np.zeros((height, width, 3))
    ball[..., 0], ball[..., 2] = (
        np.linspace(-0.9, 0.9, width),
        -np.sqrt(1 - np.linspace(-0.9, 0.9, width) ** 2),
    )
    return tar(path, [(f"{number:04}.png", normals(ball)) for number in range(frames)])


def flow_tar(path, frames=6, size=SIZE):
    width, height = size
    moved = np.zeros((height, width, 2))
    moved[:, width // 2 :, 0] = 8
    return tar(path, [(f"flow/{number:04}.png", flow(moved)) for number in range(frames)])
