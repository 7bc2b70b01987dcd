"""The sound of a film: as long as its pictures, to the sample."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from studio.engine.joining.parts import Looks, Part, opened

SOUND_RATE = 48_000
SOUND_BLOCK = 1024
# A pause or an overlap of less than this is how clocks are rounded, and not heard.
SOUND_SLACK = SOUND_RATE // 100

Samples = NDArray[np.float32]


class Sound:
    """One stereo stream as long as the pictures, to the sample."""

    def __init__(self, box: Any) -> None:
        self.box = box
        self.stream = box.add_stream("aac", rate=SOUND_RATE, layout="stereo")
        self.until = Fraction(0)
        self.given = 0
        self.encoded = 0
        self.waiting: Samples = np.zeros((2, 0), np.float32)

    def add(self, part: Part, looks: Looks, seconds: Fraction) -> None:
        self.until += seconds
        wanted = round(self.until * SOUND_RATE) - self.given
        self.given += wanted
        begin = round(part.first / looks.fps * SOUND_RATE)
        blocks = _heard(part.path, begin) if looks.has_sound else ()
        for samples in filled(blocks, wanted):
            self.waiting = np.concatenate([self.waiting, samples], axis=1)
            self._encode(least=SOUND_BLOCK)

    def _encode(self, *, least: int) -> None:
        while self.waiting.shape[1] >= least:
            block = np.ascontiguousarray(self.waiting[:, :SOUND_BLOCK])
            self.waiting = self.waiting[:, SOUND_BLOCK:]
            frame = av.AudioFrame.from_ndarray(block, "fltp", "stereo")
            frame.sample_rate, frame.pts = SOUND_RATE, self.encoded
            frame.time_base = Fraction(1, SOUND_RATE)
            self.encoded += block.shape[1]
            self.box.mux(self.stream.encode(frame))

    def end(self) -> None:
        self._encode(least=1)
        self.box.mux(self.stream.encode(None))


def _heard(path: Path, begin: int) -> Iterator[tuple[int, Samples]]:
    """Samples with the place where they belong, counted from `begin`."""
    resampler = av.AudioResampler("fltp", "stereo", SOUND_RATE)
    at = 0
    with opened(path) as box:
        for frame in box.decode(audio=0):
            for piece in resampler.resample(frame):
                if piece.pts is not None and piece.time_base:
                    at = round(piece.pts * piece.time_base * SOUND_RATE)
                samples = piece.to_ndarray().astype(np.float32)
                yield at - begin, samples
                at += samples.shape[1]


def filled(blocks: Iterable[tuple[int, Samples]], wanted: int) -> Iterator[Samples]:
    """Exactly so many samples: silence where there is none, nothing twice, and the rest cut off."""
    at = 0
    for place, samples in blocks:
        begin = at if at and abs(place - at) <= SOUND_SLACK else place
        low, high = max(begin, at), min(begin + samples.shape[1], wanted)
        if high > low:
            yield np.zeros((2, low - at), np.float32)
            yield samples[:, low - begin : high - begin]
            at = high
        if at >= wanted:
            return
    yield np.zeros((2, wanted - at), np.float32)
