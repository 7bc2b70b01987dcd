"""Stored files for browsers: for members of the file's team only, in parts, and never as a page."""

import re
from pathlib import Path
from typing import cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from studio.models import Asset, Take
from studio.storage.media import thumbnail_key
from studio.views.access import asset_read
from studio.views.files import send
from studio.views.hx import MemberRequest, Request
from studio.views.ranges import matches

# A presigned link lives long enough to play a clip; the browser asks for a new one before its end.
LINK_SECONDS, LINK_CACHED_SECONDS = 900, 600
SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp",
            "video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm"}  # fmt: skip
UNFIT_FOR_NAMES = re.compile(r'[\s\x00-\x1f\x7f\\/:*?"<>|]+')
# A file's address can be opened by itself: whatever its bytes say, nothing in it may run.
HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; media-src 'self'; "
    "style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def media(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """The file of an asset; `name` only makes the address readable.

    `?size=small` gives the small version of an uploaded picture, `?download=1` a file to keep.
    Strangers and other teams get 404, as if there were nothing.
    """
    asked = cast(Request, request)
    if asked.member is None:
        raise Http404
    asset = asset_read(cast(MemberRequest, request), pk)
    key, etag, content_type = _version(asset, small=request.GET.get("size") == "small")
    headers = {**HEADERS, "ETag": etag, "Content-Type": content_type}
    headers["Content-Disposition"] = _disposition(asset, keep="download" in request.GET)
    if matches(request.headers.get("If-None-Match", ""), etag):
        return HttpResponse(status=304, headers=headers)
    if settings.S3_BUCKET:
        return _link(key, headers)
    return send(request, Path(default_storage.path(key)), headers)


def _version(asset: Asset, *, small: bool) -> tuple[str, str, str]:
    """Key, ETag and content type of the file itself or of its small version, if it has one."""
    key = thumbnail_key(asset.path)
    if small and default_storage.exists(key):
        return key, f'"{asset.sha256}-small"', "image/webp"
    return asset.path, f'"{asset.sha256}"', asset.content_type


def _disposition(asset: Asset, *, keep: bool) -> str:
    """Shown in place if it is a picture or a video; else, or to keep it, a file with a name."""
    suffix = SUFFIXES.get(asset.content_type)
    name = UNFIT_FOR_NAMES.sub(" ", _title(asset)).strip(" .") if keep else ""
    as_file = keep or suffix is None
    return content_disposition_header(as_file, f"{name}{suffix or '.bin'}" if keep else "") or (
        "attachment" if as_file else "inline"
    )


def _title(asset: Asset) -> str:
    """“Red door in the snow, take 2”, or what the uploader called it."""
    its = Q(video=asset) | Q(last_frame=asset) | Q(poster=asset) | Q(preview=asset)
    take = Take.objects.filter(its | Q(strip=asset)).select_related("clip").order_by("pk").first()
    if take is None:
        return Path(asset.name).stem or f"Picture {asset.pk}"
    part = "" if take.video_id == asset.pk else f", {asset.get_kind_display().lower()}"
    return f"{take.clip.title}, take {take.number}{part}"


def _link(key: str, headers: dict[str, str]) -> HttpResponse:
    """Let the bucket send the file: it knows parts by itself."""
    parameters = {
        "ResponseContentType": headers["Content-Type"],
        "ResponseContentDisposition": headers["Content-Disposition"],
    }
    address = default_storage.url(key, parameters=parameters, expire=LINK_SECONDS)  # type: ignore[call-arg]
    cached = {"Cache-Control": f"private, max-age={LINK_CACHED_SECONDS}"}
    return HttpResponseRedirect(address, headers=cached)
