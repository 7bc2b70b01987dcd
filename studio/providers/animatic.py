"""The Animatic engine as a provider: free, on this machine, and honest that it is no AI."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from studio.core.errors import ProviderRejected
from studio.core.orders import Order
from studio.core.spec import Capability, Kind, Param
from studio.providers.base import Brief, Provider, Receipt, Report, Result, Stopped, Update, Verdict
from studio.storage.errors import as_storage_error

SEED_LIMIT = 2**31 - 1

CAPABILITY = Capability(
    provider="animatic",
    model="animatic-1",
    label="Animatic",
    first_frame=True,
    last_frame=True,
    reports_progress=True,
    source="studio/engine/animatic",
    checked_on="2026-11-20",
    params=(
        Param(name="prompt", label="Prompt", kind=Kind.TEXT, high=2500, required=True),
        Param(name="duration", label="Duration", kind=Kind.WHOLE, low=1, high=10, default=5,
              required=True, unit="s"),
        Param(name="aspect", label="Ratio", kind=Kind.CHOICE, choices=("16:9", "9:16", "1:1"),
              default="16:9", required=True),
        Param(name="resolution", label="Resolution", kind=Kind.CHOICE, choices=("720p", "1080p"),
              default="720p", required=True),
        Param(name="count", label="Takes", kind=Kind.WHOLE, low=1, high=4, default=1,
              required=True),
        Param(name="format", label="Format", kind=Kind.CHOICE, choices=("mp4", "mov", "webm"),
              default="mp4", required=True),
        Param(name="quality", label="Quality", kind=Kind.WHOLE, low=20, high=99, default=95),
        Param(name="seed", label="Seed", kind=Kind.SEED, low=0, high=SEED_LIMIT,
              help="The same seed and order give the same picture; empty picks one."),
        Param(name="camera", label="Camera", kind=Kind.CAMERA),
        Param(name="sway", label="Hand-held sway", kind=Kind.FLAG, default=True,
              help="A slow drift, as of a camera on a shoulder; off is a tripod."),
    ),
)  # fmt: skip


class Animatic(Provider):
    """`remote_id` is our own reference: the name of a folder under `scratch`.

    A take is finished when its `footage.json` is there, which is written last; a render that was
    cut off starts again with the first unfinished take, and makes the same bytes.
    """

    slug = "animatic"
    label = "Animatic"
    note = "Rough moves in seconds, no AI"
    renders_here = True
    shows_prompt = True  # its caption
    capabilities = (CAPABILITY,)

    def __init__(self, *, scratch: Path) -> None:
        self.scratch = scratch

    def submit(self, brief: Brief) -> Receipt:
        folder = self.scratch / brief.reference
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write_whole(folder / "order.json", brief.order.to_json())
        except OSError as error:
            raise as_storage_error(error) from error
        return Receipt(remote_id=brief.reference)

    def poll(self, remote_id: str) -> Update:
        folder = self.scratch / remote_id
        order = self._order(folder)
        finished = [self._result(folder, index) for index in range(order.count)] if order else []
        if not finished or None in finished:
            return Update(verdict=Verdict.RUNNING)
        results = tuple(result for result in finished if result)
        return Update(verdict=Verdict.SUCCEEDED, results=results)

    def render(self, brief: Brief, remote_id: str, *, report: Report) -> None:
        from studio.engine import animatic  # numpy and OpenCV: only where pixels are made

        self.submit(brief)
        count = brief.order.count
        for index in range(count):
            folder = self.scratch / remote_id / str(index)
            if (folder / "footage.json").exists():
                continue
            phase = "Rendering frames" if count == 1 else f"Rendering take {index + 1} of {count}"
            shot = _shot(animatic, brief, index)
            folder.mkdir(exist_ok=True)
            with _told_as_providers_do(animatic):
                footage = animatic.render(
                    shot,
                    folder,
                    report=lambda done, total, index=index, phase=phase: report(  # type: ignore[misc]
                        index * total + done, count * total, phase
                    ),
                )
            facts = {key: str(value) for key, value in asdict(footage).items()}
            _write_whole(folder / "footage.json", {**facts, "seed": shot.seed})

    def kept(self) -> list[str]:
        return [order.parent.name for order in self.scratch.glob("*/order.json")]

    def forget(self, remote_id: str) -> None:
        shutil.rmtree(self.scratch / remote_id, ignore_errors=True)

    def _order(self, folder: Path) -> Order | None:
        stored = folder / "order.json"
        return Order.from_json(json.loads(stored.read_text())) if stored.exists() else None

    def _result(self, folder: Path, index: int) -> Result | None:
        marker = folder / str(index) / "footage.json"
        if not marker.exists():
            return None
        facts = json.loads(marker.read_text())
        names = {"video": "video", "poster": "poster", "preview": "preview",
                 "last_frame": "last_frame", "strip": "filmstrip"}  # fmt: skip
        files = {ours: Path(facts[theirs]) for ours, theirs in names.items()}
        return Result(index=index, files=files, seed=facts["seed"])


def _write_whole(path: Path, facts: dict[str, Any]) -> None:
    """Beside and renamed: whoever finds the file finds all of it, also after a crash."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(facts))
    part.replace(path)


@contextmanager
def _told_as_providers_do(animatic: Any) -> Iterator[None]:
    """The engine's ways not to come to an end, in the words of providers."""
    try:
        yield
    except animatic.Stopped as stopped:
        raise Stopped from stopped
    except ValueError as error:
        raise ProviderRejected(str(error)) from error


def _shot(animatic: Any, brief: Brief, index: int) -> Any:
    """Take `index` of the order in the engine's words; each take has the next seed."""
    order = brief.order
    settings = order.settings
    width, height = animatic.SIZES[settings["aspect"], settings["resolution"]]
    return animatic.Shot(
        prompt=order.prompt,
        width=width,
        height=height,
        seconds=order.seconds,
        seed=(int(settings["seed"]) + index) % (SEED_LIMIT + 1),
        container=settings["format"],
        quality=settings.get("quality") or 95,
        camera=order.camera,
        sways=settings.get("sway", True),
        first_frame=brief.files.get("first_frame"),
        last_frame=brief.files.get("last_frame"),
    )
