"""Reads depth.tar, normals.tar and optical_flow.tar of a take as numbers. Needs numpy and no more.

    python decode_flow.py depth depth.tar              name, size and range of every frame
    python decode_flow.py optical_flow flow.tar out    and each frame as an array: out/000000.npy

From a program:  for name, values in frames("depth", "depth.tar"): ...

Each archive holds one PNG of 16 bits per frame. What the 16 bits mean:

depth         gray. Meters = value x depth_scale_m; 0 is nothing, which reads as nan.
normals       red, green, blue = x, y, z. Part = value / 32767.5 - 1, then made 1 long. Seen from the
              camera: x right, y down, z away. 0, 0, 0 is nothing.
optical_flow  red, green = u, v. Pixels to the next frame = (value - 32768) / flow_scale, u right,
              v down. Blue 0 is nothing.

The two scales stand as text in the PNG; without them they are 0.001 and 64.
"""

import struct
import sys
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 6: 4}


def frames(kind: str, archive: str) -> Iterator[tuple[str, Array]]:
    """The name of each frame and its values, in the order of the archive."""
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isfile() and member.name.lower().endswith(".png"):
                yield member.name, DECODERS[kind](tar.extractfile(member).read())  # type: ignore[union-attr]


def depth(data: bytes) -> Array:
    """Height x width, in meters."""
    values, text = read_png(data)
    scale = np.float32(text.get("depth_scale_m", "0.001"))
    return np.where(values > 0, values * scale, np.float32(np.nan))


def normals(data: bytes) -> Array:
    """Height x width x 3, each 1 long."""
    values, _ = read_png(data)
    parts = values[..., :3].astype(np.float64) / 32767.5 - 1
    parts[(values[..., :3] == 0).all(-1)] = np.nan
    return np.asarray(parts / np.linalg.norm(parts, axis=-1, keepdims=True))


def optical_flow(data: bytes) -> Array:
    """Height x width x 2, in pixels to the next frame."""
    values, text = read_png(data)
    moved = (values[..., :2].astype(np.float32) - 32768) / np.float32(text.get("flow_scale", "64"))
    moved[values[..., 2] == 0] = np.nan
    return moved


DECODERS = {"depth": depth, "normals": normals, "optical_flow": optical_flow}


def read_png(data: bytes) -> tuple[Array, dict[str, str]]:
    """A PNG of 16 bits as height x width (x channels), and the text in it."""
    if not data.startswith(SIGNATURE):
        raise ValueError("This is no PNG.")
    header, packed, text = b"", b"", {}
    for kind, body in _chunks(data):
        if kind == b"IHDR":
            header = body
        elif kind == b"IDAT":
            packed += body
        elif kind == b"tEXt":
            name, _, value = body.partition(b"\0")
            text[name.decode("latin-1")] = value.decode("latin-1")
    return _pixels(header, zlib.decompress(packed)), text


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length


def _pixels(header: bytes, raw: bytes) -> Array:
    width, height, bits, color, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if bits != 16 or color not in CHANNELS or interlaced:
        raise ValueError("Only PNG of 16 bits, gray or in color, without interlacing, can be read.")
    channels = CHANNELS[color]
    step = 2 * channels
    lines = np.frombuffer(raw, np.uint8).reshape(height, 1 + width * step)
    plain = np.empty((height, width * step), np.uint8)
    above = np.zeros(width * step, np.uint8)
    for number, line in enumerate(lines):
        above = plain[number] = FILTERS[int(line[0])](line[1:], above, step)
    values = plain.view(">u2").reshape(height, width, channels).astype(np.uint16)
    return values[..., 0] if channels == 1 else values


# How PNG writes a line: as it is, or as the difference from what is left of it, above it, ...


def _none(line: Array, _above: Array, _step: int) -> Array:
    return line


def _sub(line: Array, _above: Array, step: int) -> Array:
    return np.cumsum(line.reshape(-1, step), axis=0, dtype=np.uint8).reshape(-1)


def _up(line: Array, above: Array, _step: int) -> Array:
    return line + above


def _average(line: Array, above: Array, step: int) -> Array:
    plain, over = bytearray(line.tobytes()), above.tobytes()
    for at in range(len(plain)):
        left = plain[at - step] if at >= step else 0
        plain[at] = (plain[at] + (left + over[at]) // 2) & 255
    return np.frombuffer(bytes(plain), np.uint8)


def _paeth(line: Array, above: Array, step: int) -> Array:
    plain, over = bytearray(line.tobytes()), above.tobytes()
    for at in range(len(plain)):
        left, corner = (plain[at - step], over[at - step]) if at >= step else (0, 0)
        guess = left + over[at] - corner
        near = min((left, over[at], corner), key=lambda one: abs(guess - one))
        plain[at] = (plain[at] + near) & 255
    return np.frombuffer(bytes(plain), np.uint8)


FILTERS = (_none, _sub, _up, _average, _paeth)


def main(kind: str, archive: str, folder: str = "") -> None:
    for number, (name, values) in enumerate(frames(kind, archive)):
        low, high = np.nanmin(values), np.nanmax(values)
        sys.stdout.write(f"{name}  {values.shape}  {low:.4f} to {high:.4f}\n")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            np.save(Path(folder) / f"{number:06d}.npy", values)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in DECODERS:
        sys.exit(__doc__)
    main(*sys.argv[1:])
