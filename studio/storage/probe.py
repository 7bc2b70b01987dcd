"""What a video file really is, read from the file itself."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from studio.core.errors import StorageFailed

READABLE = {".mp4": "mp4", ".mov": "mov", ".webm": "matroska"}


@dataclass(frozen=True, kw_only=True)
class VideoFacts:
    """Pixels, frames a second, frames, and seconds = frames / fps."""

    width: int
    height: int
    fps: Decimal
    frames: int
    seconds: Decimal
    codec: str


def video(path: Path) -> VideoFacts:
    """Demux the whole file and count its frames. Raises StorageFailed when it is no video.

    The demuxer is named, so that a file cannot make the library open other files or addresses.
    """
    import av

    try:
        with av.open(str(path), format=READABLE[path.suffix.lower()]) as container:
            stream = container.streams.video[0]
            frames = sum(1 for packet in container.demux(stream) if packet.size)
            rate = stream.average_rate or Fraction(24)
            return _facts(stream.width, stream.height, rate, frames, stream.codec_context.name)
    except (av.FFmpegError, IndexError, KeyError) as error:
        raise StorageFailed(f"The video {path.name} can not be read: {error}") from error


def _facts(width: int, height: int, rate: Fraction, frames: int, codec: str) -> VideoFacts:
    if not frames:
        raise StorageFailed("The video has no frames.")
    seconds = Decimal(frames * rate.denominator) / Decimal(rate.numerator)
    fps = Decimal(rate.numerator) / Decimal(rate.denominator)
    thousandth = Decimal("0.001")
    return VideoFacts(
        width=width, height=height, frames=frames, codec=codec,
        fps=fps.quantize(thousandth), seconds=seconds.quantize(thousandth),
    )  # fmt: skip
