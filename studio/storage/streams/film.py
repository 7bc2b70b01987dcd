"""Writing pictures as a small H.264 file that browsers show in the right colors."""

from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import cv2

from studio.storage.streams.colors import Picture

BT601, LIMITED, BT709_PRIMARIES, SRGB = 6, 1, 1, 13


class Film:
    """An .mp4 under construction; use it in a `with`, and `finish` it before the end.

    A full disk comes out as the OSError that it is.
    """

    def __init__(self, path: Path, size: tuple[int, int], fps: Fraction) -> None:
        import av  # heavy: only where a video is made

        # A file of ours: one that av opened would stay open when the disk is full.
        self.file = path.open("wb")
        options = {"movflags": "+faststart", "fflags": "+bitexact"}
        self.box: Any = av.open(self.file, "w", format="mp4", options=options)
        gop = str(max(1, round(fps)))  # a keyframe a second, so that it seeks at once
        self.stream: Any = self.box.add_stream(
            "libx264", rate=fps, options={"preset": "veryfast", "crf": "20", "g": gop}
        )
        self.stream.width, self.stream.height = (side + side % 2 for side in size)
        self.stream.pix_fmt = "yuv420p"
        context = self.stream.codec_context
        # OpenCV's planes are BT.601; an untagged file shows greens that are too dark in Chromium.
        context.colorspace, context.color_range = BT601, LIMITED
        context.color_primaries, context.color_trc = BT709_PRIMARIES, SRGB
        self.tick, self.damage = 1 / fps, av.FFmpegError
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self.box.close()
        except (OSError, self.damage):
            if kind is None:
                raise  # otherwise what went wrong first says more
        finally:
            self.file.close()

    def take(self, picture: Picture) -> None:
        """The next frame; an odd side gets one more line, as the format needs."""
        import av

        height, width = picture.shape[:2]
        even = cv2.copyMakeBorder(picture, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
        planes: Any = cv2.cvtColor(even, cv2.COLOR_BGR2YUV_I420)
        frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
        frame.pts, frame.time_base = self.count, self.tick
        self.count += 1
        self.box.mux(self.stream.encode(frame))

    def finish(self) -> None:
        """Encode what the codec still holds and write the index."""
        self.box.mux(self.stream.encode(None))
        self.box.close()
