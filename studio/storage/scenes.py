"""Scenes that people bring for a simulation: known by their content, and never read whole."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from studio.core.errors import InvalidUpload
from studio.core.words import short
from studio.storage import fbx, glb, media
from studio.storage.contents import kind_of
from studio.storage.images import shown

WANTED = "a .glb or .fbx scene"
FIX = "Convert models to .glb or .fbx."
HEAD = 2048
SUFFIXES = (".glb", ".fbx")

# The JSON of a large scene takes some hundred MB while it is looked at: one at a time.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a scene file really is.

    `joints` are the names that a motion can move: of a .glb its skins' joints and animated nodes,
    else all nodes that have a name. `nodes` are all the names there are. Both are empty for .fbx,
    which is not looked into.
    """

    suffix: str
    content_type: str
    size: int
    joints: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()


def check(path: Path, *, field: str, name: str) -> Scene:
    """Look into a file. Raises InvalidUpload with one sentence or two that begin with the field.

    `field` is its label ("Scene"), `name` what the person calls the file.
    """
    size = path.stat().st_size
    require_size(size, field=field, name=name)
    with path.open("rb") as file:
        head = file.read(HEAD)
    read = next((read for fits, read in READERS if fits(head)), None)
    if read is None:
        what = f"“{shown(name)}” is {kind_of(path)}"
        raise InvalidUpload(f"{field} must be {WANTED}; {what}. {FIX}")
    try:
        return read(path, size)
    except glb.Damaged as error:
        raise InvalidUpload(f"{field} can not be used; “{shown(name)}” {error}.") from error


def require_size(size: int, *, field: str, name: str) -> None:
    """Raises InvalidUpload for an empty file and for one that is too large."""
    if not size:
        raise InvalidUpload(f"{field} must be {WANTED}; “{shown(name)}” is empty.")
    if size > (most := settings.SCENE_MAX_BYTES):
        raise InvalidUpload(
            f"{field} may have at most {most // MB} MB; “{shown(name)}” has "
            f"{size / MB + 0.05:,.1f} MB. Give a signed link instead."
        )


MB = 1_000_000


@lru_cache(maxsize=64)
def stored(key: str) -> Scene:
    """A scene of the media storage by its key, which names its content.

    Raises StorageFailed when it is gone, InvalidUpload when it is no scene.
    """
    return check(media.local_path(key), field="Scene", name=key)


def _glb(path: Path, size: int) -> Scene:
    with _one_at_a_time, path.open("rb") as file:
        found = glb.contents(file, size)
    if found.outside:
        raise glb.Damaged(
            f"needs the file “{short(found.outside)}”, which does not come along; "
            "export it as one .glb with everything inside"
        )
    return Scene(
        suffix=".glb", content_type="model/gltf-binary", size=size,
        joints=found.joints, nodes=found.nodes,
    )  # fmt: skip


def _fbx(path: Path, size: int) -> Scene:
    with path.open("rb") as file:
        fbx.require_whole(file, size)
    return Scene(suffix=".fbx", content_type="application/octet-stream", size=size)


READERS: tuple[tuple[Callable[[bytes], bool], Callable[[Path, int], Scene]], ...] = (
    (lambda head: head.startswith(glb.MAGIC), _glb),
    (fbx.is_fbx, _fbx),
)
