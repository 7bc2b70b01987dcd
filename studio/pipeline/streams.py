"""What a simulation gave beside the picture: stored as it came, and shown in false colors."""

import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.conf import settings

from studio.core.errors import StorageFailed
from studio.models import AssetKind, Job, Stream, Take
from studio.pipeline import assets, lease
from studio.storage import probe
from studio.storage.errors import told_in_our_words
from studio.storage.streams.archive import Unreadable

# In this order: the first one that can be shown is the picture of a take that has no video.
SENSORS = ("depth", "normals", "optical_flow")
LOG = "log"
KINDS = {**dict.fromkeys(SENSORS, AssetKind.STREAM), LOG: AssetKind.LOG}

LOG_MAX_BYTES = 16 * 1024 * 1024
BEAT_SECONDS = 5
# A few frames more or less than the video has are the same time.
FRAMES_APART = 2
USUAL_FPS = Fraction(24)

Rate = Callable[[int], Fraction]


@contextmanager
def stored(job: Job, files: Mapping[str, Path]) -> Iterator[tuple[dict[str, Path], list[Stream]]]:
    """Store archives, log and views of one take; give its files and the rows to come.

    Among the files there is a "video" now: where the provider gave none, the view of the first
    stream that has one. What can not be shown is stored all the same, and its facts say why. Raises
    StorageFailed when there is no picture at all, StorageFull.
    """
    if not KINDS.keys() & files.keys():
        yield dict(files), []
        return
    settings.SCRATCH.mkdir(parents=True, exist_ok=True)
    with told_in_our_words(), tempfile.TemporaryDirectory(dir=settings.SCRATCH) as folder:
        views = _Views(job, files, Path(folder))
        rows = [views.row(name) for name in KINDS if name in files]
        video = files.get("video") or next(iter(views.made.values()), None)
        if video is None:
            raise StorageFailed(f"There is no picture: {views.problems()}")
        yield {**files, "video": video}, rows


def write(take: Take, rows: Iterable[Stream]) -> None:
    """The rows of `stored`, once there is a take."""
    for row in rows:
        row.take = take
        row.save()


class _Views:
    """Makes and stores the streams of one take, keeping its views in a folder."""

    def __init__(self, job: Job, files: Mapping[str, Path], folder: Path) -> None:
        self.job, self.files, self.folder = job, files, folder
        self.rate = _rate(job, files.get("video"))
        self.beat = _Beat(job)
        self.made: dict[str, Path] = {}
        self.facts: dict[str, dict[str, Any]] = {}

    def row(self, name: str) -> Stream:
        self.facts[name] = _log_facts(self.files[name]) if name == LOG else self._view(name)
        made, facts = self.made.get(name), self.facts[name]
        file = assets.stored(self.job, KINDS[name], self.files[name])
        view = assets.stored(self.job, AssetKind.PREVIEW, made, **_size(facts)) if made else None
        return Stream(name=name, file=file, view=view, facts=facts)

    def _view(self, name: str) -> dict[str, Any]:
        from studio.storage.streams import view  # OpenCV: only where pixels are made

        target = self.folder / f"{name}.mp4"
        try:
            facts = view.make(self.files[name], target, name=name, rate=self.rate, beat=self.beat)
        except Unreadable as error:
            return {"problem": f"No view: the archive {error}."}
        self.made[name] = target
        return facts

    def problems(self) -> str:
        told = [facts["problem"] for facts in self.facts.values() if "problem" in facts]
        return " ".join(told) or "only a log came back."


class _Beat:
    """Called after every frame: now and then keeps the lease, or ends the work of who lost it."""

    def __init__(self, job: Job) -> None:
        self.job, self.owner = job, lease.owner()
        self.last = time.monotonic()

    def __call__(self) -> None:
        now = time.monotonic()
        if now - self.last < BEAT_SECONDS:
            return
        self.last = now
        if not self.job.keep_lease(self.owner, lease.until(lease.SAVING_SECONDS)):
            raise StorageFailed("Another worker has taken this over.")


def _rate(job: Job, video: Path | None) -> Rate:
    """How many frames a second a stream of so many frames has, so that it runs with the video."""
    if video is None:
        seconds = job.order.seconds
        return lambda frames: Fraction(frames, seconds) if seconds else USUAL_FPS
    facts = probe.video(video)
    fps = Fraction(facts.fps)
    return lambda frames: (
        fps if abs(frames - facts.frames) <= FRAMES_APART else fps * frames / facts.frames
    )


def _log_facts(path: Path) -> dict[str, Any]:
    """Nothing but that it is JSON, which is proven."""
    if path.stat().st_size > LOG_MAX_BYTES:
        return {"problem": f"Not checked: it has more than {LOG_MAX_BYTES >> 20} MB."}
    try:
        json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return {"problem": "This is no JSON."}
    return {}


def _size(facts: Mapping[str, Any]) -> dict[str, int]:
    return {"width": facts["width"], "height": facts["height"]}
