"""Writing planes as a video file that browsers show in the right colors."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import av
import cv2
import numpy as np

from studio.engine.animatic.planes import Planes

# A fixed number of threads: the bytes of a clip must not depend on the machine's cores.
THREADS = 4
AVX512 = 13  # OpenCV's CPU_AVX_512F, which its Python module does not name
BT601, LIMITED, BT709_PRIMARIES, SRGB = 6, 1, 1, 13


@dataclass(frozen=True)
class Format:
    """A codec in a container, with their options."""

    muxer: str
    codec: str
    options: dict[str, str]
    threads: int = THREADS
    container: dict[str, str] = field(default_factory=dict)


def video(container: str, quality: int, fps: int) -> Format:
    """The format of a clip; quality 20 to 99 spans the useful range of crf 51 to 15."""
    crf = round(51 - (quality - 20) / 79 * 36)
    if container == "webm":
        return _vp9(crf)
    return _h264(container, crf, gop=2 * fps)


def preview() -> Format:
    """A small clip for a hover: a keyframe a second, so that it starts and seeks at once."""
    return _h264("mp4", 28, gop=12, threads=1)


def _h264(muxer: str, crf: int, *, gop: int, threads: int = THREADS) -> Format:
    options = {"preset": "veryfast", "crf": str(crf), "g": str(gop), "profile": "high"}
    if cv2.checkHardwareSupport(AVX512):
        # x264's AVX-512 code (core 165) makes other bytes on each run, mostly of small pictures.
        options["x264-params"] = "asm=avx2"
    return Format(
        muxer, "libx264", options, threads, {"movflags": "+faststart", "fflags": "+bitexact"}
    )


def _vp9(crf: int) -> Format:
    options = {"deadline": "realtime", "cpu-used": "7", "row-mt": "1", "b": "0"}
    options |= {"crf": str(min(63, crf + 13)), "tile-columns": "2", "g": "96"}
    # Without bitexact the muxer writes a random identifier into each file.
    return Format("webm", "libvpx-vp9", options, THREADS, {"fflags": "+bitexact"})


class Writer:
    """A video file under construction; use it in a `with`, and `finish` it before the end.

    A full disk comes out as the OSError that it is (errno ENOSPC).
    """

    def __init__(self, path: Path, form: Format, *, size: tuple[int, int], fps: int) -> None:
        self._box = av.open(str(path), "w", format=form.muxer, options=dict(form.container))
        # Any: the stubs cannot tell that a name given as a variable belongs to a video codec.
        stream: Any = self._box.add_stream(form.codec, rate=fps, options=dict(form.options))
        self._stream = stream
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"
        context = self._stream.codec_context
        context.thread_count = form.threads
        # OpenCV's planes are BT.601; an untagged file shows greens that are too dark in Chromium.
        context.colorspace, context.color_range = BT601, LIMITED
        context.color_primaries, context.color_trc = BT709_PRIMARIES, SRGB
        self._tick = Fraction(1, fps)
        self._frame = av.VideoFrame(*size, "yuv420p")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *exc: object) -> None:
        try:
            self._box.close()
        except OSError:
            if kind is None:
                raise  # otherwise what went wrong first says more

    def take(self, index: int, planes: Planes) -> None:
        """Encode the frame numbered `index`; the planes may be reused right away."""
        frame = self._frame  # the same memory each time, unless the codec still holds on to it
        frame.make_writable()
        for target, plane in zip(frame.planes, planes, strict=True):
            lines = np.asarray(memoryview(target), np.uint8).reshape(-1, target.line_size)
            lines[: plane.shape[0], : plane.shape[1]] = plane
        frame.pts, frame.time_base = index, self._tick
        self._box.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Encode what the codec still holds and write the index."""
        self._box.mux(self._stream.encode(None))
        self._box.close()
