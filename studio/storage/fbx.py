"""Knowing an FBX file, binary or text, and whether a binary one is whole.

The format is Autodesk's own. Its layout is as in "FBX binary file format specification" (Blender
Foundation, August 2013; checked 2026-11-20): a header of 27 bytes, then records that each begin with
the place where they end, until that place is zero. From version 7.5 on a place has 8 bytes, not 4.
"""

import re
import struct
from typing import BinaryIO

from studio.storage.glb import Damaged

BINARY = re.compile(rb"Kaydara FBX Binary  \0\x1a[\0\1]....", re.DOTALL)
TEXT = re.compile(rb"\s*; FBX \d+\.\d+\.\d+ project file")
ORDER_AT, VERSION_AT, HEADER_LENGTH = 22, 23, 27
WIDE_SINCE = 7500


def is_fbx(head: bytes) -> bool:
    """Whether a file that begins like this is FBX; 2,000 bytes are enough."""
    in_text = TEXT.match(head) and b"FBXHeaderExtension:" in head
    return bool(BINARY.match(head) or in_text)


def require_whole(file: BinaryIO, size: int) -> None:
    """Follow the outermost records of a binary file to their end. Raises Damaged.

    A text file has no such places; what is missing there only its reader can tell.
    """
    head = file.read(HEADER_LENGTH)
    if not BINARY.match(head):
        return
    order = ">" if head[ORDER_AT] else "<"
    (version,) = struct.unpack_from(f"{order}I", head, VERSION_AT)
    form = struct.Struct(f"{order}Q" if version >= WIDE_SINCE else f"{order}I")
    at = HEADER_LENGTH
    while at:
        file.seek(at)
        read = file.read(form.size)
        end = form.unpack(read)[0] if len(read) == form.size else at
        if end and not at < end <= size:
            raise Damaged("is damaged or cut off; export it again")
        at = end
