"""Takes one after the other in one film: pictures copied where they fit, else encoded anew.

Size, rate and color of the film are those of its first part; others get bars and are shown at that
rate. If any part has sound, the film has: silence stands for those without.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import av

from studio.engine.joining.parts import Looks, Part, looks_of
from studio.engine.joining.pictures import Copied, Encoded, Progress, Report, Uncopyable
from studio.engine.joining.sound import Sound

COPYABLE = {"h264", "hevc"}


def join(parts: Sequence[Part], target: Path, *, counts: Sequence[int], report: Report) -> None:
    """Write the film; `counts` are the frames of each part's video, `report(done, total)` is False
    to stop. Raises Stopped, and what av raises.
    """
    looks = [looks_of(part.path) for part in parts]
    shown = [
        min(count, part.end or count) - part.first
        for part, count in zip(parts, counts, strict=True)
    ]
    progress = Progress(report, sum(shown))
    whole = all(
        part.first == 0 and n == count for part, n, count in zip(parts, shown, counts, strict=True)
    )
    if whole and _is_copyable(looks):
        try:
            _write(Copied, parts, looks, shown, target, progress)
        except Uncopyable:
            progress.done = 0
        else:
            return
    _write(Encoded, parts, looks, shown, target, progress)


def _is_copyable(looks: Sequence[Looks]) -> bool:
    alike = {replace(one, has_sound=False) for one in looks}
    return len(alike) == 1 and looks[0].codec in COPYABLE and bool(looks[0].setup)


class _Pictures(Protocol):
    def add(self, part: Part, looks: Looks, count: int) -> Fraction: ...

    def end(self) -> None: ...


def _write(
    kind: Callable[[Any, Path, Looks, Progress], _Pictures],
    parts: Sequence[Part],
    looks: Sequence[Looks],
    shown: Sequence[int],
    target: Path,
    progress: Progress,
) -> None:
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(target), "w", format="mp4", options=options) as box:
        pictures = kind(box, parts[0].path, looks[0], progress)
        sound = Sound(box) if any(one.has_sound for one in looks) else None
        for part, one, count in zip(parts, looks, shown, strict=True):
            seconds = pictures.add(part, one, count)
            if sound:
                sound.add(part, one, seconds)
        pictures.end()
        if sound:
            sound.end()
