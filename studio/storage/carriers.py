"""A slate inside a video file, in two places, as either may get lost on the way.

In MP4 and QuickTime files `moov/udta/meta` has it as the comment, where players and ffprobe look,
and a `uuid` box at the end has it as XMP, where editors look. Both are added around the pictures:
not a byte of these changes, nor when they are shown.
"""

import shutil
import struct
import zlib
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO

from mutagen import MutagenError
from mutagen.mp4 import MP4

from studio.core.errors import StorageFailed
from studio.core.slate import NoSlate, Slate
from studio.storage import probe, xmp
from studio.storage.boxes import Box, BrokenBoxes, all_of, found
from studio.storage.errors import told_in_our_words

SUFFIXES = {".mp4", ".mov"}
TITLE, COMMENT = "\xa9nam", "\xa9cmt"
_COMMENT = COMMENT.encode("latin-1")
# The index of a file is read whole to be changed; an hour of video has less than two megabytes.
MOST_INDEX_BYTES = 64 * 1024 * 1024
# The parts of a file that only grow, for streams that are sent while they are made.
FRAGMENT = b"moof"


def write(path: Path, slate: Slate, *, target: Path) -> None:
    """Copy an .mp4 or .mov file with its slate in both places; `target` has the same ending.

    The same file and slate always give the same bytes. Raises StorageFailed for a file that can
    not be changed without harm (then there is no `target`), StorageFull, NoSlate.
    """
    text = slate.text()
    try:
        with told_in_our_words():
            names = _changeable(path)
            shutil.copyfile(path, target)
            if FRAGMENT not in names:
                _tag(target, {TITLE: slate.title, COMMENT: text})
            _append(target, xmp.packet(slate.title, text))
        _require_same_pictures(path, target)
    except (StorageFailed, OSError):
        target.unlink(missing_ok=True)
        raise


def read(path: Path) -> Slate | None:
    """The slate that a file carries in either place, or None; anything may be in the file.

    Reads the heads of its boxes and the two carriers, never the pictures. Raises OSError.
    """
    with path.open("rb") as file:
        return _slate_in(_comment(file)) or _slate_in(_described(file))


def _slate_in(text: str) -> Slate | None:
    try:
        return Slate.read(text)
    except NoSlate:
        return None


def strip(path: Path, *, target: Path) -> None:
    """Copy a file without what `write` adds to it; the pictures are the same to the byte.

    A file that carries nothing is only copied. Raises StorageFailed, StorageFull.
    """
    with told_in_our_words():
        shutil.copyfile(path, target)
        with target.open("rb") as file:
            has_comment = _slate_in(_comment(file)) is not None
            has_packet = _slate_in(_described(file)) is not None
        if has_packet:
            _remove_xmp(target)
        if has_comment:
            _untag(target)


def _changeable(path: Path) -> set[bytes]:
    """The names of the outermost boxes of a file that can be added to."""
    try:
        with path.open("rb") as file:
            outer = list(all_of(file))
            open_ended = _is_open_ended(file, outer)
    except BrokenBoxes as error:
        raise StorageFailed(f"The video {path.name} can not be added to: {error}") from error
    index = sum(box.end - box.begin for box in outer if box.name == b"moov")
    if open_ended or not 0 < index <= MOST_INDEX_BYTES:
        raise StorageFailed(f"The video {path.name} has no index that can be added to.")
    return {box.name for box in outer}


def _is_open_ended(file: BinaryIO, outer: list[Box]) -> bool:
    """Whether the last box says that it goes on to the end of the file: nothing may follow it."""
    file.seek(outer[-1].begin if outer else 0)
    return file.read(4) == b"\0\0\0\0"


def _tag(path: Path, values: dict[str, str]) -> None:
    """Put these into `moov/udta/meta`, and move what the index points at accordingly."""
    try:
        video = MP4(path)
        if video.tags is None:
            video.add_tags()
        video.update(values)
        video.save(padding=lambda _: 0)
    except (MutagenError, ValueError, KeyError, struct.error) as error:
        raise StorageFailed(f"The video {path.name} can not be tagged: {error}") from error


def _untag(path: Path) -> None:
    try:
        video = MP4(path)
        for name in (TITLE, COMMENT):
            video.pop(name, None)
        video.save(padding=lambda _: 0)
    except (MutagenError, ValueError, KeyError, struct.error) as error:
        raise StorageFailed(f"The video {path.name} can not be cleaned: {error}") from error


def _append(path: Path, packet: bytes) -> None:
    with path.open("ab") as file:
        file.write(struct.pack(">I4s", 24 + len(packet), b"uuid") + xmp.UUID + packet)


def _remove_xmp(path: Path) -> None:
    """Cut it off the end; further in, make it empty space, so that nothing else moves."""
    try:
        with path.open("r+b") as file:
            outer = list(all_of(file))
            size = file.seek(0, 2)
            for box in reversed([box for box in outer if _is_xmp(file, box)]):
                if box.end == size:
                    size = file.truncate(box.begin)
                else:
                    file.seek(box.begin + 4)
                    file.write(b"free" + bytes(box.end - box.inside))
    except BrokenBoxes as error:
        raise StorageFailed(f"The video {path.name} can not be cleaned: {error}") from error


def _is_xmp(file: BinaryIO, box: Box) -> bool:
    if box.name != b"uuid" or box.end - box.begin > xmp.MOST_BYTES:
        return False
    file.seek(box.inside)
    return file.read(16) == xmp.UUID


def _comment(file: BinaryIO) -> str:
    """The comment in `moov/udta`, as MP4 has it or as QuickTime does, or ""."""
    for path, skipped in (
        ((b"moov", b"udta", b"meta", b"ilst", _COMMENT, b"data"), 8),
        ((b"moov", b"udta", _COMMENT), 4),
    ):
        try:
            box = found(file, path)
        except BrokenBoxes:
            continue
        if box and box.end - box.inside <= xmp.MOST_BYTES:
            file.seek(box.inside + skipped)
            return file.read(box.end - box.inside - skipped).decode(errors="replace")
    return ""


def _described(file: BinaryIO) -> str:
    """What an XMP box says; those before a broken end count, too."""
    try:
        for box in all_of(file):
            if _is_xmp(file, box):
                return xmp.read(file.read(box.end - box.inside - 16))
    except BrokenBoxes:
        pass
    return ""


def _require_same_pictures(path: Path, target: Path) -> None:
    with probe.opened(path) as before, probe.opened(target) as after:
        pairs = zip_longest(before.demux(), after.demux())
        if any(_seen(one) != _seen(other) for one, other in pairs):
            raise StorageFailed(f"The video {path.name} can not be added to without harm.")


def _seen(packet: Any) -> tuple[int | None, ...] | None:
    """What a player gets of a packet (av.Packet): stream, times and content."""
    if packet is None:
        return None
    content = zlib.crc32(packet) if packet.size else 0
    return packet.stream_index, packet.pts, packet.dts, packet.size, content
