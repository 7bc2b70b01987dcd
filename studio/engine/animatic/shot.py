"""What the engine is asked to render, and what it hands back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

FPS = 24
AXES = ("horizontal", "vertical", "pan", "tilt", "roll", "zoom")
CONTAINERS = ("mp4", "mov", "webm")
SIZES: Mapping[tuple[str, str], tuple[int, int]] = {
    ("16:9", "720p"): (1280, 720),
    ("9:16", "720p"): (720, 1280),
    ("1:1", "720p"): (720, 720),
    ("16:9", "1080p"): (1920, 1080),
    ("9:16", "1080p"): (1080, 1920),
    ("1:1", "1080p"): (1080, 1080),
}

Report = Callable[[int, int], bool]


class Stopped(Exception):
    """The reporter asked to stop; nothing is left in the folder."""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One clip to render, in the engine's own words; one that does not sway stands on a tripod.

    Pixels are even, 64 to 4096 a side; `seconds` 1 to 10 at 24 fps; `quality` 20 to 99; each camera
    axis -10 to 10, an absent one is 0. Raises ValueError in one sentence for anything else.
    """

    prompt: str
    width: int
    height: int
    seconds: int
    seed: int
    container: str
    quality: int
    camera: Mapping[str, float]
    first_frame: Path | None
    last_frame: Path | None
    sways: bool = True

    def __post_init__(self) -> None:
        for problem in self._problems():
            raise ValueError(problem)

    @property
    def frames(self) -> int:
        return self.seconds * FPS

    def _problems(self) -> list[str]:
        sides = {"width": self.width, "height": self.height}
        found = [
            f"{name} must be an even number from 64 to 4096, not {side}."
            for name, side in sides.items()
            if side % 2 or not 64 <= side <= 4096
        ]
        if not 1 <= self.seconds <= 10:
            found.append(f"seconds must be from 1 to 10, not {self.seconds}.")
        if not 20 <= self.quality <= 99:
            found.append(f"quality must be from 20 to 99, not {self.quality}.")
        if self.container not in CONTAINERS:
            found.append(f"container must be mp4, mov or webm, not {self.container}.")
        if self.last_frame and not self.first_frame:
            found.append("last_frame needs a first_frame.")
        return found + self._camera_problems()

    def _camera_problems(self) -> list[str]:
        strange = sorted(set(self.camera) - set(AXES))
        found = [f"camera has no axis {name}; it has {', '.join(AXES)}." for name in strange]
        return found + [
            f"camera {name} must be from -10 to 10, not {value}."
            for name, value in self.camera.items()
            if not -10 <= value <= 10
        ]


@dataclass(frozen=True, kw_only=True)
class Footage:
    """What came out: five files in one folder; the duration is `frames / fps` seconds."""

    video: Path
    poster: Path
    preview: Path
    last_frame: Path
    filmstrip: Path
    width: int
    height: int
    fps: int
    frames: int

    @property
    def files(self) -> tuple[Path, ...]:
        return (self.video, self.poster, self.preview, self.last_frame, self.filmstrip)
