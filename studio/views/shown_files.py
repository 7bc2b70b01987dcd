"""Files of the takes that a link shows: asked for anew each time, and clean where prompts are hidden."""

import logging
from pathlib import Path
from typing import cast

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.http import content_disposition_header

from studio.core.errors import NotAllowed, StorageFailed
from studio.core.filenames import made_safe
from studio.models import Asset, Take
from studio.reports.downloads.names import suffix_of
from studio.services.shown import shown, shown_take_with
from studio.storage.clean import clean_copy
from studio.storage.media import local_path
from studio.views import media
from studio.views.files import send
from studio.views.review_pages import Room

FILMS = {"video", "preview"}

logger = logging.getLogger(__name__)


def shown_file(request: HttpRequest, room: Room, pk: int) -> HttpResponseBase:
    """All of it or a range; `?download=1` is a file to keep. Raises Http404, NotAllowed.

    It never comes from a bucket by a link of the bucket's own, which would outlive this one.
    """
    found = shown_take_with(room.share, room.guest, pk)
    if found is None:
        raise Http404
    take, part = found
    keep = "download" in request.GET
    if keep and not (room.share.may_download and part == "video"):
        raise NotAllowed("Downloading is off for this link. Ask whoever sent it to you.")
    asset = cast(Asset, getattr(take, part))
    is_clean = part in FILMS and not room.share.may_see_prompts
    headers = {
        **media.HEADERS,
        "Cache-Control": "private, no-store",
        "Content-Type": asset.content_type,
        "Content-Disposition": _disposition(room, take, asset) if keep else "inline",
        "ETag": f'"{asset.sha256}{"-clean" if is_clean else ""}"',
    }
    return send(request, _path(asset, clean=is_clean), headers)


def _path(asset: Asset, *, clean: bool) -> Path:
    try:
        return clean_copy(asset.path, asset.sha256) if clean else local_path(asset.path)
    except StorageFailed as error:
        logger.error("A client can not have asset %s: %s", asset.pk, error.message)
        raise Http404 from error


def _disposition(room: Room, take: Take, asset: Asset) -> str:
    """“Shot 3, take 2.mp4”: called as the client reads it."""
    titles = (row.title for row in shown(room.share, room.guest) if row.take == take)
    name = made_safe(f"{next(titles)}, take {take.number}", suffix=suffix_of(asset))
    return content_disposition_header(True, name) or "attachment"  # noqa: FBT003
