"""Saved takes with real files, made by the pipeline itself."""

import itertools
from pathlib import Path
from typing import Any

from studio.models import Take
from studio.pipeline import save
from studio.providers.base import Provider, Result, Update, Verdict
from tests.factories import make_job
from tests.storage import videos

_numbers = itertools.count(1)


class Done(Provider):
    """A provider whose job is done: its results are these videos."""

    def __init__(self, *files: Path) -> None:
        self.files = files

    def poll(self, remote_id: str) -> Update:
        results = (Result(index=n, files={"video": file}) for n, file in enumerate(self.files))
        return Update(verdict=Verdict.SUCCEEDED, results=tuple(results))


def make_takes(*files: Path, **job: Any) -> list[Take]:
    """The takes of a new job that has brought these videos."""
    usual = save.provider_of
    row = make_job("saving", **job)
    name = f"take-{row.pk}"
    row.attempts.create(number=1, reference=name, remote_id=name, outcome="accepted")
    save.provider_of = lambda _: Done(*files)
    try:
        save.save(row)
    finally:
        save.provider_of = usual
    return list(row.takes.order_by("number"))


def make_take(folder: Path, *, frames: int = 24, fps: int = 24, **job: Any) -> Take:
    """One take whose frame n is a gray of 8 n."""
    path = folder / f"film-{next(_numbers)}.mp4"
    (take,) = make_takes(videos.video(path, frames=frames, fps=fps), **job)
    return take
