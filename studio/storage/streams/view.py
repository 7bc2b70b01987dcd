"""A video of a stream in false colors, made frame by frame from the archive."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

from studio.storage.streams import archive, png
from studio.storage.streams.archive import Entry, Unreadable
from studio.storage.streams.colors import COLORS, Colors
from studio.storage.streams.film import Film

SAMPLES = 12
AHEAD = 2  # frames that are decoded while another one is encoded
HIGHEST_RATE = 240

Rate = Callable[[int], Fraction]
Beat = Callable[[], None]


def make(path: Path, target: Path, *, name: str, rate: Rate, beat: Beat) -> dict[str, Any]:
    """Write the video of the stream `name` to `target`; return the facts of the stream.

    `rate` says how many frames a second there are for so many frames, `beat` is called after each
    one. Raises Unreadable for an archive that has no such frames, OSError when the disk is full.
    """
    found = archive.entries(path)
    if len(found) > archive.MOST_FRAMES:
        raise Unreadable(f"has {len(found):,} frames, more than {archive.MOST_FRAMES:,}")
    with path.open("rb") as file:
        colors = COLORS[name](_frame(entry, file) for entry in _spread(found))
        size = _frame(found[0], file).size
        fps = min(max(rate(len(found)), Fraction(1)), Fraction(HIGHEST_RATE)).limit_denominator(
            1001
        )
        with Film(target, size, fps) as film:
            for picture in _painted(found, file, colors, size):
                film.take(picture)
                beat()
            film.finish()
    shape = {"frames": len(found), "fps": round(float(fps), 3), "width": size[0], "height": size[1]}
    return {**shape, **colors.facts}


def _spread(found: list[Entry]) -> list[Entry]:
    """Some frames from all over the time."""
    count = min(SAMPLES, len(found))
    return [found[index * len(found) // count] for index in range(count)]


def _frame(entry: Entry, file: BinaryIO) -> png.Frame:
    return png.read(entry.read(file))


def _painted(
    found: list[Entry], file: BinaryIO, colors: Colors, size: tuple[int, int]
) -> Iterator[Any]:
    """The pictures in order; a few are in the making, and no more than that are in memory."""

    def paint(data: bytes) -> Any:
        frame = png.read(data)
        if frame.size != size:
            raise Unreadable("has frames of different sizes")
        colors.require_fit(frame)
        return colors.paint(frame)

    waiting: deque[Future[Any]] = deque()
    with ThreadPoolExecutor(AHEAD) as threads:
        for entry in found:
            waiting.append(threads.submit(paint, entry.read(file)))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
