"""The boxes that MP4 and QuickTime files are made of (ISO/IEC 14496-12), found without reading them."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

# A file of ours has a few dozen; a stranger's may be made of nothing else.
MOST_BOXES = 10_000


class BrokenBoxes(ValueError):
    """The boxes of a file do not fit into each other, or there are too many of them."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """Bytes `begin` to `end` of a file; what is in the box starts at `inside`."""

    name: bytes
    begin: int
    inside: int
    end: int


def boxes(file: BinaryIO, begin: int, end: int) -> Iterator[Box]:
    """The boxes that fill these bytes of a file, in order; only their heads are read.

    Raises BrokenBoxes where the next one does not fit, after those before it.
    """
    for _ in range(MOST_BOXES):
        if begin == end:
            return
        box = _box(file, begin, end)
        yield box
        begin = box.end
    raise BrokenBoxes("There are too many boxes.")


def _box(file: BinaryIO, begin: int, end: int) -> Box:
    file.seek(begin)
    head = file.read(16)
    if len(head) < 8:
        raise BrokenBoxes("The file ends within a box.")
    size, name = struct.unpack(">I4s", head[:8])
    inside = begin + 8
    if size == 1 and len(head) == 16:
        (size,) = struct.unpack(">Q", head[8:])
        inside += 8
    last = end if size == 0 else begin + size
    if not inside <= last <= end:
        raise BrokenBoxes(f"The box at byte {begin} does not fit into the file.")
    return Box(name=name, begin=begin, inside=inside, end=last)


def all_of(file: BinaryIO) -> Iterator[Box]:
    """The outermost boxes of a file."""
    end = file.seek(0, 2)
    yield from boxes(file, 0, end)


def found(file: BinaryIO, path: tuple[bytes, ...]) -> Box | None:
    """The first box along that path from the outermost ones, or None."""
    outer: Iterator[Box] = all_of(file)
    box = None
    for name in path:
        box = next((one for one in outer if one.name == name), None)
        if box is None:
            return None
        # A `meta` box has four bytes of version and flags before the boxes in it.
        outer = boxes(file, box.inside + (4 if name == b"meta" else 0), box.end)
    return box
