"""Poster, hover preview, filmstrip and last frame, made from the frames in hand."""

from pathlib import Path

import numpy as np
from PIL import Image

from studio.core.stills import POSTER_SIDE, PREVIEW_SIDE, fitted, strip_cell, strip_picks
from studio.engine.animatic import encode, planes
from studio.engine.animatic.planes import Pixels, Planes
from studio.engine.animatic.shot import FPS, Footage


class Stills:
    """Takes every frame of a clip in order and writes the four companions of the video."""

    def __init__(self, footage: Footage) -> None:
        self._footage = footage
        size = (footage.width, footage.height)
        self._small = fitted(size, PREVIEW_SIDE)
        self._cell = strip_cell(size)
        self._cells: list[Pixels] = []
        self._picks = strip_picks(footage.frames)
        self._preview = encode.Writer(
            footage.preview, encode.preview(), size=self._small, fps=FPS // 2
        )

    def __enter__(self) -> "Stills":
        self._preview.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, *exc: object) -> None:
        self._preview.__exit__(kind, *exc)

    def take(self, index: int, frame: Planes) -> None:
        """Use the frame numbered `index` wherever it is needed."""
        if index % 2 == 0:
            self._preview.take(index // 2, planes.shrink(frame, self._small))
        if index in self._picks:
            self._cells.append(self._cut(frame))
        if index == 0:
            self._write_poster(frame)
        if index == self._footage.frames - 1:
            Image.fromarray(planes.to_rgb(frame)).save(self._footage.last_frame, compress_level=1)

    def finish(self) -> None:
        """Close the preview and write the filmstrip."""
        self._preview.finish()
        strip = Image.fromarray(np.hstack(self._cells))
        strip.save(self._footage.filmstrip, quality=80, method=4)

    def _cut(self, frame: Planes) -> Pixels:
        image = Image.fromarray(planes.to_rgb(planes.shrink(frame, self._small)))
        return np.asarray(image.resize(self._cell, Image.Resampling.LANCZOS))

    def _write_poster(self, frame: Planes) -> None:
        image = Image.fromarray(planes.to_rgb(frame))
        poster = image.resize(fitted(frame.size, POSTER_SIDE), Image.Resampling.LANCZOS)
        poster.save(self._footage.poster, quality=86, method=4)


def names(folder: Path, container: str) -> dict[str, Path]:
    """The files of a clip by their field of Footage."""
    return {
        "video": folder / f"video.{container}",
        "poster": folder / "poster.webp",
        "preview": folder / "preview.mp4",
        "last_frame": folder / "last.png",
        "filmstrip": folder / "filmstrip.webp",
    }
