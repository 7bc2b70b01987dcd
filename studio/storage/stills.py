"""Poster, hover preview, last frame and filmstrip of a video that came without them."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from PIL import Image

from studio.core.errors import StorageFailed
from studio.core.stills import POSTER_SIDE, PREVIEW_SIDE, fitted, strip_cell, strip_picks
from studio.storage import probe
from studio.storage.errors import told_in_our_words

VideoFrame = Any  # av.VideoFrame, whose methods have no types

NAMES = {"poster": "poster.webp", "preview": "preview.mp4", "last_frame": "last.png",
         "strip": "filmstrip.webp"}  # fmt: skip
PREVIEW_FPS = 12
# As small as a hover needs; a keyframe a second, so that it starts and seeks at once.
PREVIEW_OPTIONS = {"preset": "veryfast", "crf": "28", "g": str(PREVIEW_FPS), "profile": "high"}


@contextmanager
def completed(files: Mapping[str, Path]) -> Iterator[dict[str, Path]]:
    """`files` of a take with what is missing beside "video", made for as long as the block lasts.

    Raises StorageFailed when the video cannot be decoded, StorageFull when there is no room.
    """
    missing = NAMES.keys() - files.keys()
    if not missing:
        yield dict(files)
        return
    settings.SCRATCH.mkdir(parents=True, exist_ok=True)
    with told_in_our_words(), tempfile.TemporaryDirectory(dir=settings.SCRATCH) as folder:
        made = make(files["video"], Path(folder))
        yield {**made, **files}


def make(video: Path, folder: Path) -> dict[str, Path]:
    """Decode the video once and write its four companions into the folder."""
    facts = probe.video(video)
    paths = {part: folder / name for part, name in NAMES.items()}
    with (
        _Stills(paths, frames=facts.frames, fps=float(facts.fps)) as stills,
        probe.opened(video) as container,
    ):
        container.streams.video[0].thread_type = "AUTO"
        for index, frame in enumerate(container.decode(video=0)):
            stills.take(index, frame)
        stills.finish()
    return paths


class _Stills:
    """Takes every frame in order, keeping no more of them than the strip's small ones."""

    def __init__(self, paths: Mapping[str, Path], *, frames: int, fps: float) -> None:
        self.paths = paths
        self.picks = strip_picks(frames)
        self.pace = fps / PREVIEW_FPS
        self.previewed = 0
        self.cells: dict[int, Image.Image] = {}
        self.last: VideoFrame | None = None
        self.preview: _Preview | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.preview:
            self.preview.close()

    def take(self, index: int, frame: VideoFrame) -> None:
        if self.preview is None:
            picture: Image.Image = frame.to_image()
            picture.thumbnail((POSTER_SIDE, POSTER_SIDE))
            picture.save(self.paths["poster"], quality=86, method=4)
            self.preview = _Preview(self.paths["preview"], fitted(picture.size, PREVIEW_SIDE))
        while self.previewed * self.pace <= index:
            self.preview.write(frame)
            self.previewed += 1
        if index in self.picks:
            self.cells[index] = frame.to_image().resize(strip_cell((frame.width, frame.height)))
        self.last = frame

    def finish(self) -> None:
        if self.preview is None or self.last is None:
            raise StorageFailed("The video has no frames that can be decoded.")
        self.preview.finish()
        self.last.to_image().save(self.paths["last_frame"], compress_level=1)
        # Some decoders give fewer frames than there are packets: the last one stands in.
        last = self.cells[max(self.cells)]
        cells = [self.cells.get(index, last) for index in self.picks]
        width, height = last.size
        strip = Image.new("RGB", (width * len(cells), height))
        for place, cell in enumerate(cells):
            strip.paste(cell, (place * width, 0))
        strip.save(self.paths["strip"], quality=80, method=4)


class _Preview:
    """A small H.264 file under construction."""

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        import av  # heavy: only where a video is made

        options = {"movflags": "+faststart", "fflags": "+bitexact"}
        self.size = size
        # A file of ours: one that av opened would stay open when the disk is full.
        self.file = path.open("wb")
        self.container: Any = av.open(self.file, "w", format="mp4", options=options)
        self.stream = self.container.add_stream(
            "libx264", rate=PREVIEW_FPS, options=PREVIEW_OPTIONS
        )
        self.stream.width, self.stream.height = size
        self.stream.pix_fmt = "yuv420p"
        self.count = 0

    def write(self, frame: VideoFrame) -> None:
        small = frame.reformat(*self.size, format="yuv420p")
        small.pts, small.time_base = self.count, Fraction(1, PREVIEW_FPS)
        self.count += 1
        self.container.mux(self.stream.encode(small))

    def finish(self) -> None:
        self.container.mux(self.stream.encode(None))
        self.close()

    def close(self) -> None:
        try:
            self.container.close()
        finally:
            self.file.close()
