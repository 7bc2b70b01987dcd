"""The parts of a film: what of each video is shown, and what it looks like."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

# Two pictures are nearly the same if they differ by no more than this, of 255, on average: a frame
# that a provider was given comes back with about 2.
NEARLY = 4.0
SMALL = (64, 36)

Picture = Any  # av.VideoFrame, whose methods have no types


class NoPictures(Exception):
    """A part has no frame that can be decoded."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """Frames `first` to `end` (without it, None: to the last one) of a video."""

    path: Path
    first: int = 0
    end: int | None = None


@dataclass(frozen=True, kw_only=True)
class Looks:
    """What is the same in films that can be copied one behind the other."""

    codec: str
    setup: bytes
    size: tuple[int, int]
    fps: Fraction
    tick: Fraction
    colors: tuple[Any, ...]
    has_sound: bool


def opened(path: Path) -> Any:
    """Closed by `with`; nothing but this one file is read."""
    return av.open(str(path), options={"protocol_whitelist": "file"})


def looks_of(path: Path) -> Looks:
    with opened(path) as box:
        stream = box.streams.video[0]
        context = stream.codec_context
        return Looks(
            codec=context.name, setup=bytes(context.extradata or b""),
            size=(context.width, context.height), tick=stream.time_base,
            fps=Fraction(stream.average_rate or 24), has_sound=bool(box.streams.audio),
            colors=(context.pix_fmt, context.colorspace, context.color_range,
                    context.color_primaries, context.color_trc),
        )  # fmt: skip


def planned(parts: Sequence[Part]) -> list[Part]:
    """The parts without each first frame that only repeats the last one of the part before."""
    plan = [parts[0]]
    for before, part in pairwise(parts):
        one, other = _small(before.path, before.end), _small(part.path, 1)
        repeats = float(np.abs(one - other).mean()) <= NEARLY
        has_more = part.end is None or part.end > 1
        plan.append(replace(part, first=1) if repeats and has_more else part)
    return plan


def _small(path: Path, end: int | None) -> NDArray[np.int16]:
    """The last frame before `end`, as few gray pixels."""
    last = None
    for frame in frames(path, 0, end):
        last = frame
    if last is None:
        raise NoPictures
    gray: NDArray[np.uint8] = last.reformat(*SMALL, format="gray").to_ndarray()
    return gray.astype(np.int16)


def frames(path: Path, first: int, end: int | None) -> Iterator[Picture]:
    with opened(path) as box:
        box.streams.video[0].thread_type = "AUTO"
        for index, frame in enumerate(box.decode(video=0)):
            if end is not None and index >= end:
                return
            if index >= first:
                yield frame
