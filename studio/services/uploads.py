"""Pictures and scenes that people bring: checked, stored once per team, and offered again."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from studio import permissions
from studio.core.errors import InvalidUpload
from studio.models import Asset, AssetKind, Member
from studio.storage import images, media, scenes
from studio.storage.errors import told_in_our_words
from studio.storage.images import Picture
from studio.storage.media import Stored
from studio.storage.receive import Received


def add_frame(member: Member, file: Received, *, field: str) -> Asset:
    """Store a picture that came with a form; `field` is its label, such as "First frame".

    The same picture again gives the asset that is there, under its first name. Raises NotAllowed,
    InvalidUpload, StorageFull, StorageFailed; then nothing is stored.
    """
    permissions.require(permissions.can_order(member), "add pictures")
    name = file.name or ""
    images.require_size(file.size or 0, field=field, name=name)
    if file.problem:
        raise file.problem
    return add_frame_at(member, file.path, field=field, name=name)


def add_frame_at(member: Member, path: Path, *, field: str, name: str = "") -> Asset:
    """Store a picture that lies on this machine, as `add_frame` does."""
    permissions.require(permissions.can_order(member), "add pictures")
    name = name or path.name
    _require_file(path, f"{field} must be {images.WANTED}")
    with told_in_our_words():
        picture = images.check(path, field=field, name=name)
    stored = media.store(path, team=member.team_id, suffix=picture.suffix)
    known = Asset.objects.filter(
        team_id=member.team_id, kind=AssetKind.UPLOAD, sha256=stored.sha256
    ).first()
    return known or _add(member, path, name=name, picture=picture, stored=stored)


def add_scene(member: Member, file: Received, *, field: str) -> Asset:
    """Store a scene that came with a form, as `add_frame` does with a picture."""
    permissions.require(permissions.can_order(member), "add scenes")
    name = file.name or ""
    scenes.require_size(file.size or 0, field=field, name=name)
    if file.problem:
        raise file.problem
    return add_scene_at(member, file.path, field=field, name=name)


def add_scene_at(member: Member, path: Path, *, field: str, name: str = "") -> Asset:
    """Store a scene that lies on this machine; its name gets the ending that its content has."""
    permissions.require(permissions.can_order(member), "add scenes")
    name = name or path.name
    _require_file(path, f"{field} must be {scenes.WANTED}")
    with told_in_our_words():
        scene = scenes.check(path, field=field, name=name)
    stored = media.store(path, team=member.team_id, suffix=scene.suffix)
    asset, _ = Asset.objects.get_or_create(
        team_id=member.team_id, kind=AssetKind.SCENE, sha256=stored.sha256,
        defaults={
            "path": stored.path, "name": _ending_as(scene.suffix, images.shown(name)),
            "size": stored.size, "content_type": scene.content_type, "uploaded_by": member,
        },
    )  # fmt: skip
    return asset


def _ending_as(suffix: str, name: str) -> str:
    """Providers know a scene by the ending of its name, whatever it was called here."""
    return name if name.lower().endswith(suffix) else f"{Path(name).stem or 'scene'}{suffix}"


def _require_file(path: Path, wanted: str) -> None:
    if not path.is_file():
        raise InvalidUpload(f"{wanted}; there is no file “{path}”.")


def _add(member: Member, path: Path, *, name: str, picture: Picture, stored: Stored) -> Asset:
    _add_thumbnail(path, stored)
    asset, _ = Asset.objects.get_or_create(
        team_id=member.team_id, kind=AssetKind.UPLOAD, sha256=stored.sha256,
        defaults={
            "path": stored.path, "name": images.shown(name), "size": stored.size,
            "content_type": picture.content_type, "width": picture.width,
            "height": picture.height, "uploaded_by": member,
        },
    )  # fmt: skip
    return asset


def _add_thumbnail(path: Path, stored: Stored) -> None:
    """Pages show a picture of 20 MB in a slot of 40 pixels; they get a small one."""
    with told_in_our_words(), tempfile.TemporaryDirectory(dir=settings.SCRATCH) as folder:
        small = Path(folder) / "small.webp"
        images.thumbnail(path, small)
        media.put(small, media.thumbnail_key(stored.path))


def library(member: Member) -> QuerySet[Asset]:
    """The team's uploaded pictures, latest first."""
    permissions.require(permissions.can_look(member), "see pictures")
    return Asset.objects.filter(team_id=member.team_id, kind=AssetKind.UPLOAD).order_by("-pk")
