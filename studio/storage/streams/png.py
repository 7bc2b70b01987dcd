"""One frame of a stream: a PNG of 16 bits, whose header is judged before it may unfold."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.storage.streams.archive import Unreadable

Pixels = np.ndarray[Any, np.dtype[np.uint16]]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">IIBB")
CHUNK = struct.Struct(">I4s")
# Color type → channels: gray, color, color with alpha.
CHANNELS = {0: 1, 2: 3, 6: 4}
MOST_PIXELS = 4096 * 2304
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Frame:
    """Height × width values of a gray frame, else × 3 in the order red, green, blue."""

    values: Pixels
    text: Mapping[str, str]

    @property
    def size(self) -> tuple[int, int]:
        return self.values.shape[1], self.values.shape[0]


def read(data: bytes) -> Frame:
    """Raises Unreadable."""
    import cv2  # heavy: only where frames are shown

    _require_fit(data)
    decoded: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.dtype != np.uint16:
        raise Unreadable("has a frame that can not be read")
    values = decoded if decoded.ndim == 2 else decoded[..., 2::-1]
    return Frame(values, _text(data))


def _require_fit(data: bytes) -> None:
    start = len(SIGNATURE) + CHUNK.size
    if not data.startswith(SIGNATURE) or len(data) < start + HEADER.size:
        raise Unreadable("has a frame that is no PNG")
    width, height, bits, color = HEADER.unpack_from(data, start)
    if bits != 16 or color not in CHANNELS:
        raise Unreadable(f"has frames of {bits} bits; only PNG of 16 bits can be shown")
    if not 0 < width * height <= MOST_PIXELS:
        raise Unreadable(f"has a frame of {width:,} × {height:,} pixels")


def _text(data: bytes) -> dict[str, str]:
    """The short texts before the pixels, which say what the values count."""
    found: dict[str, str] = {}
    at = len(SIGNATURE)
    while at + CHUNK.size <= len(data):
        length, kind = CHUNK.unpack_from(data, at)
        if kind == b"IDAT":
            break
        if kind == b"tEXt" and length <= LONGEST_TEXT:
            name, _, value = data[at + CHUNK.size : at + CHUNK.size + length].partition(b"\0")
            found[name.decode("latin-1")] = value.decode("latin-1")
        at += length + 12
    return found
