"""Pictures and scenes that people bring: checked, stored once per team, and offered again."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from studio import permissions
from studio.core.errors import InvalidUpload
from studio.core.spec import FILES
from studio.models import Asset, AssetKind, Member
from studio.storage import images, media, scenes
from studio.storage.errors import told_in_our_words
from studio.storage.images import Picture
from studio.storage.media import Stored
from studio.storage.receive import Received
from studio.storage.scenes import Scene

Found = Picture | Scene
Beside = Callable[[Path, Stored], None]


def thumbnail(path: Path, stored: Stored) -> None:
    """Pages show a picture of 20 MB in a slot of 40 pixels; they get a small one."""
    with told_in_our_words(), tempfile.TemporaryDirectory(dir=settings.SCRATCH) as folder:
        small = Path(folder) / "small.webp"
        images.thumbnail(path, small)
        media.put(small, media.thumbnail_key(stored.path))


def _nothing(path: Path, stored: Stored) -> None:
    pass


def _ending_as(suffix: str, name: str) -> str:
    """Providers know a scene by the ending of its name, whatever it was called here."""
    return name if name.lower().endswith(suffix) else f"{Path(name).stem or 'scene'}{suffix}"


@dataclass(frozen=True, kw_only=True)
class Sort:
    """One sort of files: how they are checked, and what is kept of one.

    `facts` are the columns of the row that its content fills, `beside` makes what is stored beside
    it, `named` what it is called from its suffix and its name.
    """

    plural: str
    wanted: str
    kind: AssetKind
    check: Callable[..., Found]
    require_size: Callable[..., None]
    facts: tuple[str, ...] = ()
    beside: Beside = _nothing
    named: Callable[[str, str], str] = lambda suffix, name: name


PICTURE = Sort(
    plural="pictures", wanted=images.WANTED, kind=AssetKind.UPLOAD, check=images.check,
    require_size=images.require_size, facts=("width", "height"), beside=thumbnail,
)  # fmt: skip
SCENE = Sort(
    plural="scenes", wanted=scenes.WANTED, kind=AssetKind.SCENE, check=scenes.check,
    require_size=scenes.require_size, named=_ending_as,
)  # fmt: skip
# Each file of an order → what it is.
SORTS: Mapping[str, Sort] = {"first_frame": PICTURE, "last_frame": PICTURE, "scene": SCENE}


def add(member: Member, slot: str, file: Received) -> Asset:
    """Store a file that came with a form; `slot` is the file of an order that it is for.

    The same content again gives the asset that is there, under its first name. Raises NotAllowed,
    InvalidUpload, StorageFull, StorageFailed; then nothing is stored.
    """
    sort, name = SORTS[slot], file.name or ""
    permissions.require(permissions.can_order(member), f"add {sort.plural}")
    sort.require_size(file.size or 0, field=label(slot), name=name)
    if file.problem:
        raise file.problem
    return add_at(member, slot, file.path, name=name)


def add_at(member: Member, slot: str, path: Path, *, name: str = "") -> Asset:
    """Store a file that lies on this machine, as `add` does."""
    sort = SORTS[slot]
    permissions.require(permissions.can_order(member), f"add {sort.plural}")
    with told_in_our_words():
        found = look_at(slot, path, name=name)
    facts = {fact: getattr(found, fact) for fact in sort.facts}
    row = {"name": sort.named(found.suffix, images.shown(name or path.name)),
           "content_type": found.content_type, **facts}  # fmt: skip
    return keep(member, sort.kind, path, suffix=found.suffix, beside=sort.beside, row=row)


def keep(
    member: Member, kind: AssetKind, path: Path, *, suffix: str, beside: Beside, row: dict[str, Any]
) -> Asset:
    """Store a checked file and what goes beside it; the same content again is the asset of before.

    `row` holds the columns that its content does not tell. Raises StorageFull, StorageFailed.
    """
    stored = media.store(path, team=member.team_id, suffix=suffix)
    once = {"team_id": member.team_id, "kind": kind, "sha256": stored.sha256}
    if known := Asset.objects.filter(**once).first():
        return known
    beside(path, stored)
    facts = {"path": stored.path, "size": stored.size, "content_type": stored.content_type}
    asset, _ = Asset.objects.get_or_create(**once, defaults={**facts, **row, "uploaded_by": member})
    return asset


def look_at(slot: str, path: Path, *, name: str = "") -> Found:
    """What a file on this machine is; stores nothing. Raises InvalidUpload, OSError."""
    sort, field = SORTS[slot], label(slot)
    if not path.is_file():
        raise InvalidUpload(f"{field} must be {sort.wanted}; there is no file “{path}”.")
    return sort.check(path, field=field, name=name or path.name)


def label(slot: str) -> str:
    """“First frame”"""
    return FILES[slot].capitalize()
