"""What a video file really is, read from the file itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from studio.core.errors import StorageFailed
from studio.storage.errors import FULL, as_storage_error

READABLE = {".mp4": "mp4", ".mov": "mov", ".webm": "matroska"}
# The demuxer is named and may open nothing but this file, so that a playlist or a reference in a
# stranger's file cannot make the library read other files or addresses.
ONLY_THIS_FILE = {"protocol_whitelist": "file"}
THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, kw_only=True)
class VideoFacts:
    """Pixels, frames a second, frames, and seconds = frames / fps."""

    width: int
    height: int
    fps: Decimal
    frames: int
    seconds: Decimal
    codec: str


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """An av container with at least one video stream. Raises StorageFailed for anything else."""
    import av  # heavy: only where a video is read

    form = READABLE.get(path.suffix.lower())
    if form is None:
        raise StorageFailed(f"The video {path.name} must be one of {', '.join(READABLE)}.")
    try:
        with av.open(str(path), format=form, options=dict(ONLY_THIS_FILE)) as container:
            if not container.streams.video:
                raise StorageFailed(f"The file {path.name} has no picture.")
            yield container
    except av.FFmpegError as error:
        if error.errno in FULL:  # whoever reads may be writing, too
            raise as_storage_error(error) from error
        raise StorageFailed(f"The video {path.name} can not be read: {error}") from error


def video(path: Path) -> VideoFacts:
    """Demux the whole file and count its frames. Raises StorageFailed when it is no video.

    A file that was cut off has fewer frames than its index says, and is refused as well.
    """
    with opened(path) as container:
        stream = container.streams.video[0]
        frames = sum(1 for packet in container.demux(stream) if packet.size)
        if not frames or not stream.width or not stream.height:
            raise StorageFailed(f"The video {path.name} has no frames.")
        if frames < stream.frames:
            raise StorageFailed(
                f"The video {path.name} is cut off: {frames} of {stream.frames} frames are there."
            )
        rate = stream.average_rate or Fraction(24)
        return VideoFacts(
            width=stream.width, height=stream.height, frames=frames,
            codec=stream.codec_context.name, fps=_decimal(rate), seconds=_decimal(frames / rate),
        )  # fmt: skip


def _decimal(number: Fraction) -> Decimal:
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(THOUSANDTH)
