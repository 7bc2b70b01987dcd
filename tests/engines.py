"""Providers for tests, as real as files can make them: an engine here, and a remote that is paid.

Their state lies in a folder, so that it outlives the process that is killed while using them.
"""

import fcntl
import functools
import os
from contextlib import contextmanager
from pathlib import Path

import av
import numpy

from studio.core.errors import MaybeSent, ProviderRejected
from studio.core.spec import Capability, Kind, Param
from studio.providers.base import Provider, Receipt, Result, Stopped, Update, Verdict

PARAMS = (
    Param(name="prompt", label="Prompt", kind=Kind.TEXT, high=200, required=True),
    Param(name="duration", label="Duration", kind=Kind.WHOLE, low=1, high=10, default=1),
    Param(name="count", label="Takes", kind=Kind.WHOLE, low=1, high=4, default=1),
    Param(name="seed", label="Seed", kind=Kind.SEED, low=0, high=99),
)


def capability(slug):
    return Capability(
        provider=slug, model=f"{slug}-1", label=slug.title(), params=PARAMS,
        first_frame=True, last_frame=True,
    )  # fmt: skip


@functools.cache
def video_bytes():
    """The smallest video that is one: 16 by 16 pixels, 3 frames."""
    import io

    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=24)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        for shade in (0, 90, 180):
            pixels = numpy.full((16, 16, 3), shade, numpy.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels)))
        container.mux(stream.encode())
    return file.getvalue()


FILES = {
    "video": ".mp4",
    "poster": ".webp",
    "preview": ".mp4",
    "last_frame": ".png",
    "strip": ".webp",
}


def make_files(folder):
    """The files of one take."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, suffix in FILES.items():
        (folder / f"{part}{suffix}").write_bytes(video_bytes() + part.encode())
    return {part: folder / f"{part}{suffix}" for part, suffix in FILES.items()}


def note(path, line):
    """Add a line that is there whole or not at all, whoever writes at the same time."""
    with path.open("a") as log:
        log.write(f"{line}\n")


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


class Painter(Provider):
    """Renders on this machine, and notes when two workers do so at once."""

    slug = "painter"
    label = "Painter"
    renders_here = True
    frames = 3

    def __init__(self, folder):
        self.capabilities = (capability(self.slug),)
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def submit(self, brief):
        (self.folder / brief.reference).mkdir(exist_ok=True)
        return Receipt(remote_id=brief.reference)

    def poll(self, remote_id):
        folder = self.folder / remote_id
        count = int((folder / "count").read_text()) if (folder / "count").exists() else 0
        results = tuple(
            Result(index=index, files=self._files(folder / str(index)), seed=index)
            for index in range(count)
        )
        verdict = Verdict.SUCCEEDED if results else Verdict.RUNNING
        return Update(verdict=verdict, results=results)

    def render(self, brief, remote_id, *, report):
        with self._alone(remote_id):
            self._draw(brief, remote_id, report)

    def _draw(self, brief, remote_id, report):
        count = brief.order.count
        for index in range(count):
            for frame in range(self.frames):
                if not report(index * self.frames + frame + 1, count * self.frames, "Painting"):
                    raise Stopped
            make_files(self.folder / remote_id / str(index))
        done = self.folder / remote_id / "count"
        done.with_suffix(".part").write_text(str(count))
        done.with_suffix(".part").replace(done)

    @contextmanager
    def _alone(self, remote_id):
        with (self.folder / f"{remote_id}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                note(self.folder / "two-at-once", remote_id)
            yield

    def _files(self, folder):
        return {part: folder / f"{part}{suffix}" for part, suffix in FILES.items()}


class Paid(Provider):
    """A remote that takes money for every order that it accepts; it knows no second chance.

    What it does depends on words in the prompt: "refuse", "lose" (the answer is lost after it was
    accepted), "fail".
    """

    slug = "paid"
    label = "Paid"
    replays = False
    looks_up = False
    fails = staticmethod(lambda prompt: "fail" in prompt)
    charge = None

    def __init__(self, folder):
        self.capabilities = (capability(self.slug),)
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.accepted = self.folder / "accepted"

    def submit(self, brief):
        if "refuse" in brief.order.prompt:
            raise ProviderRejected("Not with us.", raw="HTTP 400 not with us")
        if not (self.replays and self.knows(brief.reference)):
            note(self.accepted, brief.reference)
            (self.folder / brief.reference).write_text(brief.order.prompt)
            if "lose" in brief.order.prompt:
                raise MaybeSent("The answer was cut off.", raw="HTTP 200 {")
        return Receipt(remote_id=brief.reference)

    def look_up(self, brief):
        return Receipt(remote_id=brief.reference) if self.knows(brief.reference) else None

    def knows(self, reference):
        return reference in lines(self.accepted)

    def poll(self, remote_id):
        polls = self.folder / f"{remote_id}.polls"
        note(polls, os.getpid())
        if len(lines(polls)) < 2:
            return Update(verdict=Verdict.RUNNING)
        if self.fails((self.folder / remote_id).read_text()):
            return Update(verdict=Verdict.FAILED, reason="It did not work out.")
        files = make_files(self.folder / f"{remote_id}.take")
        result = Result(index=0, files=files)
        return Update(verdict=Verdict.SUCCEEDED, results=(result,), charge=self.charge)


class Replaying(Paid):
    """Never makes the same reference twice."""

    slug = "replaying"
    label = "Replaying"
    replays = True


class Findable(Paid):
    """Finds an order by our reference, if it has it; the first `lag` times it does not yet."""

    slug = "findable"
    label = "Findable"
    looks_up = True
    lag = 0

    def look_up(self, brief):
        looks = self.folder / f"{brief.reference}.looks"
        note(looks, os.getpid())
        return super().look_up(brief) if len(lines(looks)) > self.lag else None


REMOTES = (Paid, Replaying, Findable)


def make_providers(folder):
    """One of each by its slug, with its state under that folder."""
    return {kind.slug: kind(folder / kind.slug) for kind in (Painter, *REMOTES)}
