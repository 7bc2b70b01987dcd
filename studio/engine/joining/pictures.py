"""The pictures of a film: copied packet by packet, or encoded anew."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from studio.engine.animatic import encode
from studio.engine.joining.letterbox import fitting, framed
from studio.engine.joining.parts import Looks, NoPictures, Part, Picture, frames, opened

QUALITY = 80
# How the color of a picture can be meant (ISO/IEC 23001-8), as FFmpeg's scaler calls it.
MATRICES = {1: 1, 5: 5, 6: 5}
LIMITED = 1

Report = Callable[[int, int], bool]


class Stopped(Exception):
    """`report` said to stop."""


class Uncopyable(Exception):
    """The times of a part do not follow those of the one before."""


class Progress:
    def __init__(self, report: Report, total: int) -> None:
        self.report, self.total, self.done = report, total, 0

    def step(self) -> None:
        self.done += 1
        if not self.report(min(self.done, self.total), self.total):
            raise Stopped


class Copied:
    """The packets as they are, each part's times moved behind those of the one before."""

    def __init__(self, box: Any, first: Path, looks: Looks, progress: Progress) -> None:
        self.box, self.progress = box, progress
        with opened(first) as source:
            self.stream = box.add_stream_from_template(source.streams.video[0])
        self.begin = 0
        self.last: int | None = None

    def add(self, part: Part, looks: Looks, count: int) -> Fraction:
        with opened(part.path) as source:
            for packet in source.demux(video=0):
                if packet.dts is not None and packet.size:
                    self._move(packet)
        seconds = count / looks.fps
        self.begin += round(seconds / looks.tick)
        return seconds

    def _move(self, packet: Any) -> None:
        packet.pts += self.begin
        packet.dts += self.begin
        if self.last is not None and packet.dts <= self.last:
            raise Uncopyable
        self.last = packet.dts
        packet.stream = self.stream
        self.box.mux(packet)
        self.progress.step()

    def end(self) -> None:
        pass


class Encoded:
    """Every picture at the size and the rate of the first part."""

    def __init__(self, box: Any, first: Path, looks: Looks, progress: Progress) -> None:
        self.box, self.progress, self.looks = box, progress, looks
        self.size = (max(2, looks.size[0] // 2 * 2), max(2, looks.size[1] // 2 * 2))
        form = encode.video("mp4", QUALITY, round(looks.fps))
        self.stream = box.add_stream(form.codec, rate=looks.fps, options=dict(form.options))
        self.stream.width, self.stream.height = self.size
        self.stream.pix_fmt = "yuv420p"
        context = self.stream.codec_context
        context.thread_count = form.threads
        _, context.colorspace, _, context.color_primaries, context.color_trc = looks.colors
        context.color_range = LIMITED
        self.reformatter = VideoReformatter()
        self.count = 0

    def add(self, part: Part, looks: Looks, count: int) -> Fraction:
        wanted = round(count * self.looks.fps / looks.fps)
        given, last = 0, None
        for index, frame in enumerate(frames(part.path, part.first, part.first + count)):
            self.progress.step()
            last = self._fitted(frame, looks)
            while given < wanted and given * looks.fps // self.looks.fps <= index:
                self._encode(last)
                given += 1
        if last is None:
            raise NoPictures
        for _ in range(wanted - given):  # some decoders give fewer frames than there are packets
            self._encode(last)
        return wanted / self.looks.fps

    def _encode(self, picture: NDArray[np.uint8]) -> None:
        frame = av.VideoFrame.from_ndarray(picture, "yuv420p")
        frame.pts, frame.time_base = self.count, 1 / self.looks.fps
        self.count += 1
        self.box.mux(self.stream.encode(frame))

    def _fitted(self, frame: Picture, looks: Looks) -> NDArray[np.uint8]:
        """The planes of the picture, as large as it fits, in the middle of a black one."""
        width, height = fitting((frame.width, frame.height), self.size)
        small = self.reformatter.reformat(
            frame, width, height, format="yuv420p", interpolation="BICUBIC",
            src_color_range=frame.color_range or None,
            dst_color_range=LIMITED, **self._matrices(looks),
        )  # fmt: skip
        planes = small.to_ndarray().astype(np.uint8, copy=False)
        return (
            planes if (width, height) == self.size else framed(planes, (width, height), self.size)
        )

    def _matrices(self, looks: Looks) -> dict[str, int]:
        """Nothing is converted where nobody says how a color is meant."""
        ours, theirs = MATRICES.get(self.looks.colors[1]), MATRICES.get(looks.colors[1])
        if ours is None or theirs is None or ours == theirs:
            return {}
        return {"src_colorspace": theirs, "dst_colorspace": ours}

    def end(self) -> None:
        self.box.mux(self.stream.encode(None))
