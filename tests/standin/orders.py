"""What the stand-in was asked to make, and what it would bill: the other side of our ledger."""

import io
import itertools
import re
import tarfile
import time
import uuid
from dataclasses import dataclass, field

import cv2
import numpy

from studio.core.wire import Result, Sending, Served, Update, Verdict
from tests.engines import video_bytes

SCRIPT = re.compile(r"\b(create|poll|link|cost|end|hook|lag)=(\w+)")
REFUSED = "Failure to pass the risk control system"
_numbers = itertools.count(1)


@dataclass
class Made:
    """One order that was accepted. It is billed when it is done, whether anybody asks or not."""

    key: str
    sending: Sending
    remote_id: str
    price: int
    tells_cost: bool = True
    polls: int = 0
    creates: int = 1
    fetched: dict = field(default_factory=dict)
    created_at: int = field(default_factory=lambda: int(time.time()))

    @property
    def script(self):
        return dict(SCRIPT.findall(self.sending.order.prompt))

    def says(self, stage):
        return self.script.get(stage, "")

    @property
    def good(self):
        """How many results come out well."""
        count = self.sending.order.count
        return {"fail": 0, "moderated": 0, "never": 0, "partial": (count + 1) // 2}.get(
            self.says("end"), count
        )

    @property
    def billed(self):
        """Native micro-units that the provider takes for it."""
        each = self.price * self.sending.order.seconds
        dearer = self.tells_cost and self.says("cost") == "higher"
        return self.good * each * (2 if dearer else 1)

    @property
    def ends_at(self):
        return 10**9 if self.says("end") == "never" else 2

    def served(self, link):
        """How it stands after so many polls; `link(made, index, name)` makes addresses."""
        verdict, results = Verdict.RUNNING, ()
        ended = self.polls >= self.ends_at
        if self.says("poll") == "backwards" and self.polls == self.ends_at + 1:
            ended = False
        if ended:
            verdict = Verdict.SUCCEEDED if self.good else Verdict.FAILED
            results = tuple(self._result(index, link) for index in range(self.good))
        update = Update(
            verdict=verdict, results=results, charge=self._told(ended), progress=self._progress(ended),
            reason=self._reason(ended), category="moderation" if self._moderated(ended) else "",
        )  # fmt: skip
        return Served(
            remote_id=self.remote_id, sending=self.sending, update=update, started=self.polls > 0,
            created_at=self.created_at, ended_at=self.created_at + 9 if ended else None,
        )  # fmt: skip

    def _told(self, ended):
        if not ended or not self.tells_cost or self.says("cost") == "missing":
            return None
        return self.billed

    def _progress(self, ended):
        return 100 if ended else min(90, 45 * self.polls)

    def _moderated(self, ended):
        return ended and self.says("end") in {"moderated", "partial"}

    def _reason(self, ended):
        if not ended or self.good == self.sending.order.count:
            return ""
        return REFUSED if self._moderated(ended) else "It did not work out."

    def _result(self, index, link):
        names = [name for name in NAMES if name == "video" or name in self._streams]
        return Result(
            index=index, links={name: link(self, index, name) for name in names}, seed=index
        )

    @property
    def _streams(self):
        wanted = set(self.sending.order.settings.get("sensors", ()))
        return {*wanted - {"rgb"}, "log"} if wanted else set()


NAMES = ("video", "depth", "normals", "optical_flow", "log")


def content_of(name):
    """The bytes and the content type of one file of a result."""
    if name == "video":
        return video_bytes(), "video/mp4"
    if name == "log":
        return b'{"steps": []}', "application/json"
    return archive(), "application/x-tar"


def archive():
    """Three frames of 16-bit grey."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        for number in range(3):
            frame = numpy.full((16, 16), 1000 * (number + 1), numpy.uint16)
            data = cv2.imencode(".png", frame)[1].tobytes()
            entry = tarfile.TarInfo(f"frame_{number:04d}.png")
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return file.getvalue()


def new_id(sending):
    """As awkward as real ones are: with a colon and a slash."""
    return f"{uuid.uuid4()}:{sending.order.model}"
