"""Copies of films for people outside: pictures and sound as they are, and nothing said beside them.

Not only our own slate goes: a provider's file may name its maker, or tell the prompt, in boxes of
its own. What holds such words becomes empty space of the same size, so that nothing moves.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from studio.core.errors import StorageFailed
from studio.storage import carriers, probe
from studio.storage.boxes import Box, BrokenBoxes, all_of, boxes
from studio.storage.errors import told_in_our_words
from studio.storage.media import drop_stale, local_path

# Boxes that hold words, wherever they are; and those in which they are looked for.
WORDY = {b"uuid", b"udta", b"meta", b"free", b"skip", b"wide", b"jumb"}
WITHIN = {b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"}
# A handler is needed, but not the name that its maker gave it after so many bytes.
HANDLER, NAMED_AFTER = b"hdlr", 24
CHUNK = 1024 * 1024
WRITTEN = {".webm": "webm"}
EXACT = {"fflags": "+bitexact"}


def clean_copy(key: str, sha256: str) -> Path:
    """A path on this machine with a clean copy of a stored film; made once a day.

    Raises StorageFailed when the film is gone or can not be cleaned, StorageFull.
    """
    source = local_path(key)
    folder = settings.SCRATCH / "clean"
    copy = Path(folder / f"{sha256}{source.suffix.lower()}")
    if copy.exists():
        return copy
    with told_in_our_words():
        folder.mkdir(parents=True, exist_ok=True)
        drop_stale(folder)
        with tempfile.TemporaryDirectory(dir=settings.SCRATCH) as room:
            target = Path(room) / copy.name
            clean(source, target=target)
            target.replace(copy)
    return copy


def clean(path: Path, *, target: Path) -> None:
    """Copy a film without any words in it. Raises StorageFailed, StorageFull."""
    if path.suffix.lower() not in carriers.SUFFIXES:
        return _copy_streams(path, target)
    carriers.strip(path, target=target)
    try:
        with target.open("r+b") as file:
            for box in list(_wordy(file)):
                _silence(file, box)
    except BrokenBoxes as error:
        target.unlink()
        raise StorageFailed(f"The video {path.name} can not be cleaned: {error}") from error
    return None


def _wordy(file: BinaryIO) -> Iterator[Box]:
    waiting = [all_of(file)]
    while waiting:
        for box in waiting.pop():
            if box.name in WORDY or box.name == HANDLER:
                yield box
            elif box.name in WITHIN:
                waiting.append(boxes(file, box.inside, box.end))


def _silence(file: BinaryIO, box: Box) -> None:
    begin = box.inside
    if box.name == HANDLER:
        begin = min(begin + NAMED_AFTER, box.end)
    else:
        file.seek(box.begin + 4)
        file.write(b"free")
    file.seek(begin)
    for left in range(box.end - begin, 0, -CHUNK):
        file.write(bytes(min(CHUNK, left)))


def _copy_streams(path: Path, target: Path) -> None:
    """Other containers are written anew around the same packets."""
    import av  # heavy: only where a video is read

    with (
        probe.opened(path) as source,
        target.open("wb") as file,
        av.open(file, "w", format=WRITTEN[path.suffix.lower()], options=EXACT) as made,
    ):
        pairs = {one.index: made.add_stream_from_template(one) for one in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = pairs[packet.stream_index]
                made.mux(packet)
