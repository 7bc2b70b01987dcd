"""Small real videos for tests."""

from pathlib import Path

import av
import numpy as np

CODECS = {".mp4": "libx264", ".mov": "libx264", ".webm": "libvpx-vp9"}


def video(path: Path, *, frames: int, fps: int, size: tuple[int, int] = (320, 180)) -> Path:
    """A video whose frame number n is a flat gray of 8 n, a little grainy."""
    width, height = size
    grain = np.random.default_rng(3).integers(0, 8, (height, width, 3)).astype(np.uint8)
    options = {"movflags": "+faststart"} if path.suffix == ".mp4" else {}
    with av.open(str(path), "w", options=options) as box:
        stream = box.add_stream(CODECS[path.suffix], rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            pixels = np.full((height, width, 3), 8 * number % 248, np.uint8) + grain
            box.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        box.mux(stream.encode(None))
    return path
