"""Pictures made of what the team has: one frame of a take, a picture fitted to a ratio."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from studio import permissions
from studio.core.errors import InvalidPicture
from studio.core.fitting import Fit
from studio.models import Asset, AssetKind, Member, Take
from studio.services import uploads
from studio.storage import media, pictures
from studio.storage.errors import told_in_our_words

# What a person brought, cut out or fitted; the last frame of every take is reached by its clip.
SHOWN = (AssetKind.UPLOAD, AssetKind.FITTED, AssetKind.FRAME)
LONGEST_TITLE = 60


def library(member: Member, *, search: str = "") -> QuerySet[Asset]:
    """The team's pictures whose names have these letters, latest first."""
    permissions.require(permissions.can_look(member), "see pictures")
    ours = Asset.objects.filter(team_id=member.team_id, kind__in=SHOWN)
    found = ours.filter(name__icontains=search) if search else ours
    return found.order_by("-pk")


def frame_of(member: Member, take: Take, frame: int) -> Asset:
    """That frame of a take, counted from 0, as a picture for an order.

    Raises InvalidPicture beyond the end, NotAllowed, StorageFull, StorageFailed.
    """
    _require_ours(member, take.clip.team_id, "use frames of takes")
    pictures.require_frame(frame, take.frames)
    picked = Asset.objects.filter(team_id=member.team_id, kind=AssetKind.FRAME)
    if known := picked.filter(take=take, frame=frame).order_by("pk").first():
        return known
    name = f"{_short(take.clip.title)}, take {take.number}, frame {frame}"
    with _folder() as folder:
        path = folder / "frame.png"
        width, height = pictures.cut(media.local_path(take.video.path), frame, path)
        row = {"name": name, "width": width, "height": height, "take": take, "frame": frame}
        return _keep(member, AssetKind.FRAME, path, row)


def number_in(text: str, take: Take) -> int:
    """The frame that a person typed. Raises InvalidPicture for what is no number."""
    if not (text.isdecimal() and len(text) < 10):
        raise InvalidPicture(f"Frame must be a whole number from 0 to {take.frames - 1:,}.")
    return int(text)


def fitted(member: Member, picture: Asset, fit: Fit) -> Asset:
    """The picture brought to a ratio; always made from the original, which is kept.

    A fit that changes nothing gives the original. Raises InvalidPicture where too little would be
    left, NotAllowed, StorageFull, StorageFailed.
    """
    _require_ours(member, picture.team_id, "change pictures")
    original = original_of(picture)
    if not fit.changes((original.width, original.height)):
        return original
    with _folder() as folder:
        made = pictures.fit(media.local_path(original.path), fit, folder)
        row = {
            "name": f"{_short(original.name or 'Picture of a take')}, {fit.words}",
            "width": made.size[0], "height": made.size[1],
            "made_from": original, "edit": fit.to_json(),
        }  # fmt: skip
        return _keep(member, AssetKind.FITTED, made.path, row)


def original_of(picture: Asset) -> Asset:
    """What a fitted picture was made from; any other one is its own original."""
    return picture.made_from or picture


def edges(picture: Asset) -> list[str]:
    """The mean colors of its left, right, upper and lower edge as #rrggbb, for a preview."""
    return pictures.edges(media.local_path(media.small_key(picture.path)))


def uneven_times(take: Take) -> list[float]:
    """When each frame begins, in seconds; [] where they come evenly."""
    return pictures.uneven_times(media.local_path(take.video.path))


def _require_ours(member: Member, team_id: int, action: str) -> None:
    permissions.require(permissions.can_order(member) and team_id == member.team_id, action)


def _keep(member: Member, kind: AssetKind, path: Path, row: dict[str, Any]) -> Asset:
    return uploads.keep(member, kind, path, suffix=path.suffix, beside=uploads.thumbnail, row=row)


@contextmanager
def _folder() -> Iterator[Path]:
    with told_in_our_words(), tempfile.TemporaryDirectory(dir=settings.SCRATCH) as folder:
        yield Path(folder)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1].rstrip()}…"
