"""The frames in an archive of a provider: found without unpacking it, and read one by one.

Nothing is written to disk and no name in the archive leads anywhere. Only plain tar is read, so
that nothing in it can unfold; what its headers claim is never believed further than MOST_AT_ONCE.
"""

import errno
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MOST_FRAMES = 60 * 240  # the longest simulation at the highest rate that can be ordered
MOST_MEMBERS = MOST_FRAMES + 1000
MOST_FRAME_BYTES = 64 * 1024 * 1024
MOST_AT_ONCE = 64 * 1024
LONGEST_NAME = 300
DIGITS = re.compile(r"([0-9]+)")

# What tarfile raises for archives that are damaged, or made to hurt.
DAMAGE = (tarfile.TarError, ValueError, OverflowError, EOFError, RecursionError)


class Unreadable(Exception):
    """Says why an archive has no view, as the end of a sentence: “the archive {error}”."""


@dataclass(frozen=True)
class Entry:
    """Where the bytes of a frame are."""

    name: str
    offset: int
    size: int

    def read(self, file: BinaryIO) -> bytes:
        file.seek(self.offset)
        return file.read(self.size)


def entries(path: Path) -> list[Entry]:
    """Every PNG in the archive in natural order: 2.png before 10.png. Raises Unreadable."""
    try:
        with path.open("rb") as file, tarfile.open(fileobj=_Wary(file), mode="r:") as tar:  # type: ignore[call-overload]
            found = list(_frames(tar))
            _require_end(file, tar.offset)
    except DAMAGE as error:
        raise Unreadable("is no tar, or is damaged") from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place in the file that no file has
            raise
        raise Unreadable("is damaged") from error
    if not found:
        raise Unreadable("has no PNG frames")
    return sorted(found, key=lambda entry: _natural(entry.name))


def _frames(tar: tarfile.TarFile) -> Iterator[Entry]:
    last = -1
    for number, member in enumerate(iter(tar.next, None)):
        if member.offset <= last or number >= MOST_MEMBERS:
            raise Unreadable(f"is damaged, or has more than {MOST_MEMBERS:,} files")
        last = member.offset
        tar.members.clear()  # type: ignore[attr-defined]  # tarfile would keep them all
        if _is_frame(member):
            _require_size(member)
            yield Entry(member.name, member.offset_data, member.size)


def _require_end(file: BinaryIO, offset: int) -> None:
    """An archive ends with zeros, or at least with its last file; tarfile takes half a header."""
    file.seek(offset)
    if file.read(tarfile.BLOCKSIZE).strip(b"\0"):
        raise Unreadable("is damaged or cut off")


def _is_frame(member: tarfile.TarInfo) -> bool:
    """A file whose name ends in .png; hidden ones are what a Mac adds."""
    name = member.name.rpartition("/")[2]
    plain = member.isreg() and not member.issparse()
    return plain and name.lower().endswith(".png") and not name.startswith(".")


def _require_size(member: tarfile.TarInfo) -> None:
    if not 0 < member.size <= MOST_FRAME_BYTES or len(member.name) > LONGEST_NAME:
        raise Unreadable("has a frame that is empty, too large or too long a name")


def _natural(name: str) -> list[str | int]:
    return [int(part) if part.isdecimal() else part for part in DIGITS.split(name)]


class _Wary:
    """A file that gives only little at once: headers are small, whatever they claim to be."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def read(self, size: int) -> bytes:
        if not 0 <= size <= MOST_AT_ONCE:
            raise Unreadable("is damaged")
        return self.file.read(size)

    def seek(self, place: int) -> int:
        return self.file.seek(place)

    def tell(self) -> int:
        return self.file.tell()
