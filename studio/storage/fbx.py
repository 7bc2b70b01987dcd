"""Knowing an FBX file, binary or text, and whether a binary one is whole.

The format is Autodesk's own; its layout is as Blender's developers describe it
(https://code.blender.org/2013/08/fbx-binary-file-format-specification/, read 2026-11-25): a header of
27 bytes, then records that each begin with the place where they end; zero ends the list. Those places
have 8 bytes instead of 4 from version 7.5 on.
"""

import re
import struct
from typing import BinaryIO

from studio.storage.glb import Damaged

BINARY = re.compile(rb"Kaydara FBX Binary  \0\x1a\0....", re.DOTALL)
TEXT = re.compile(rb"\s*; FBX \d+\.\d+\.\d+ project file")
VERSION = struct.Struct("<I")
VERSION_AT, HEADER_LENGTH = 23, 27
WIDE_SINCE = 7500
NARROW_END, WIDE_END = struct.Struct("<I"), struct.Struct("<Q")


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
    (version,) = VERSION.unpack_from(head, VERSION_AT)
    form = WIDE_END if version >= WIDE_SINCE else NARROW_END
    at = HEADER_LENGTH
    while at:
        file.seek(at)
        read = file.read(form.size)
        end = form.unpack(read)[0] if len(read) == form.size else at
        if end and not at < end <= size:
            raise Damaged("is damaged or cut off; export it again")
        at = end
