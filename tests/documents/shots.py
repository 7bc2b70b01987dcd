"""What must hold of every order that went to a strict provider and came back."""

import base64
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from studio.storage import carriers, probe, signing
from tests.documents.provider import StrictProvider
from tests.documents.runs import FIRST, LAST, Run
from tests.storage.models import fbx, glb


@dataclass(frozen=True, repr=False, kw_only=True)
class Shot:
    """A run, and what shoot answered; `rows` asks its database, `media` is where its files are."""

    run: Run
    server: StrictProvider
    code: int
    told: dict[str, Any]
    err: str
    rows: Callable[[str], list[tuple]]
    media: Path

    @property
    def sent(self):
        bucket = {"uploadEndpoint": f"{self.server.url}/bucket/take"}
        return self.run.sent | {name: bucket[name] for name in bucket if name in self.run.sent}

    def size(self, said):
        """Of the picture behind what was sent for a frame: a link, its data, or an upload."""
        said = getattr(self.server, "images", {}).get(said, said)
        return Image.open(io.BytesIO(self._content(said))).size

    def _content(self, said):
        if said.startswith("data:"):
            return base64.b64decode(said.partition(",")[2])
        asset = signing.read(said.split("/")[4])
        [(path,)] = self.rows(f"SELECT path FROM studio_asset WHERE id = {asset}")
        return (self.media / path).read_bytes()


def ends_well_and_says_so(shot):
    """All that is said besides is what the documents leave in doubt."""
    assert shot.code == 0, shot.err
    assert [line for line in shot.err.splitlines() if not line.startswith("Note: --")] == []
    assert shot.told | {"job": 1, "takes": [], "credits": {}} == {
        "job": 1, "status": "succeeded", "provider": shot.run.provider, "model": shot.run.model,
        "takes": [], "credits": {}, "error": None,
    }  # fmt: skip


def sends_every_parameter_as_documented_and_nothing_else(shot):
    assert shot.server.refusals == []
    assert shot.server.orders == [shot.sent]


def frames_are_where_the_document_wants_them(shot):
    [order] = shot.server.orders
    sizes = [shot.size(at(order, place)) for place in shot.run.frames]
    assert sizes == [FIRST, LAST][: len(sizes)]
    assert len(sizes) == len({"FIRST", "LAST"} & set(shot.run.flags))


def scene_arrives_whole(shot):
    scenes = {"SCENE": ("cell.glb", glb()), "FBX": ("cell.fbx", fbx())}
    wanted = [scenes[flag] for flag in shot.run.flags if flag in scenes]
    assert [scene for scene in getattr(shot.server, "scenes", []) if scene] == wanted


def takes_are_the_provider_s_files_and_play(shot):
    takes = shot.told["takes"]
    assert [take["number"] for take in takes] == list(range(1, shot.run.takes + 1))
    for take in takes:
        path = Path(take["file"])
        found = probe.video(path)
        assert path.suffix == shot.run.suffix
        assert (found.width, found.height, found.seconds) == (*shot.run.size, shot.run.seconds)
        assert (take["width"], take["height"], take["duration"]) == (
            *shot.run.size, shot.run.seconds,
        )  # fmt: skip
        assert hashlib.sha256(path.read_bytes()).hexdigest() == take["sha256"]


def every_file_is_kept_byte_for_byte(shot):
    """All that the provider made for the order, and nobody else's.

    A video also carries its slate, which names the bytes that came; its pictures are the same.
    """
    kept = {sha256 for (sha256,) in shot.rows("SELECT sha256 FROM studio_asset")}
    slates = [carriers.read(Path(take["file"])) for take in shot.told["takes"]]
    kept |= {slate.source for slate in slates if slate}
    made = shot.server.files()
    assert {path.name for path in made if path.suffix != shot.run.suffix} == {
        name for name in shot.run.streams if not name.endswith(shot.run.suffix)
    }
    assert [path.name for path in made if shot.server.sum(path) not in kept] == []


def books_say_what_the_provider_charged(shot):
    quoted, charged = shot.run.quoted, shot.run.charged
    assert shot.told["credits"] == {
        "quoted": quoted, "held": 0, "charged": charged, "released": quoted - charged,
    }  # fmt: skip


def key_stays_between_us_and_the_provider(shot):
    assert shot.server.leaks == []
    for table in ("job", "attempt", "event"):
        rows = shot.rows(f"SELECT * FROM studio_{table}")
        assert rows
        assert shot.server.key not in str(rows)


CHECKS = (
    ends_well_and_says_so, sends_every_parameter_as_documented_and_nothing_else,
    frames_are_where_the_document_wants_them, scene_arrives_whole,
    takes_are_the_provider_s_files_and_play, every_file_is_kept_byte_for_byte,
    books_say_what_the_provider_charged, key_stays_between_us_and_the_provider,
)  # fmt: skip


def at(order, place):
    """at({"a": [{"b": 1}]}, "a.0.b") == 1"""
    for name in place.split("."):
        order = order[int(name) if name.isdigit() else name]
    return order
