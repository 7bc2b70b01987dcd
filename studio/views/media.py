"""Stored files: for members of the file's team, or by a link made for a provider; never as a page."""

import tempfile
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
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from studio.core import filenames
from studio.models import Asset, AssetKind, Stream, Take
from studio.reports.downloads.names import SUFFIXES, name_of, suffix_of
from studio.storage import carriers, signing
from studio.storage.errors import told_in_our_words
from studio.storage.media import local_path, thumbnail_key
from studio.storage.streams import DECODER
from studio.views.access import asset_read, signed_in
from studio.views.files import send
from studio.views.hx import MemberRequest, Request
from studio.views.ranges import matches

# A presigned link lives long enough to play a clip; the browser asks for a new one before its end.
LINK_SECONDS, LINK_CACHED_SECONDS = 900, 600
TAKES = Take.objects.select_related("clip__project", "job__author__user")
# What carries a slate.
FILMS = {AssetKind.VIDEO, AssetKind.JOINED}
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

    `?size=small` gives the small version of an uploaded picture, `?download=1` a file to keep,
    `?clean=1` a video to keep that does not carry its slate, `?here=1` the bytes from this studio
    where a script reads them, which may follow no link. Strangers and other teams get 404, as if
    there were nothing.
    """
    asked = cast(Request, request)
    if asked.member is None:
        raise Http404
    asset = asset_read(cast(MemberRequest, request), pk)
    key, etag, content_type = _version(asset, small=request.GET.get("size") == "small")
    headers = {**HEADERS, "ETag": etag, "Content-Type": content_type}
    if "clean" in request.GET and asset.kind in FILMS:
        return _clean(request, asset, headers)
    headers["Content-Disposition"] = _disposition(asset, keep="download" in request.GET)
    return _answer(request, key, headers)


def _clean(request: HttpRequest, asset: Asset, headers: dict[str, str]) -> HttpResponseBase:
    """The video for people outside: made for this answer, and gone with it."""
    headers |= {"ETag": f'"{asset.sha256}-clean"'}
    headers["Content-Disposition"] = _disposition(asset, keep=True)
    if matches(request.headers.get("If-None-Match", ""), headers["ETag"]):
        return HttpResponse(status=304, headers=headers)
    if not default_storage.exists(asset.path):
        raise Http404
    path = local_path(asset.path)
    with told_in_our_words(), tempfile.TemporaryDirectory(dir=settings.SCRATCH) as folder:
        target = Path(folder) / path.name
        carriers.strip(path, target=target)
        return send(request, target, headers)  # which has opened it


@require_safe
def given(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """The file of a link that was made for a provider; it opens for a few hours, without a door."""
    asset = get_object_or_404(Asset, pk=signing.read(token) or 0)
    key, etag, content_type = _version(asset, small=False)
    headers = {**HEADERS, "ETag": etag, "Content-Type": content_type}
    headers["Content-Disposition"] = _disposition(asset, keep=False)
    return _answer(request, key, headers)


def _answer(request: HttpRequest, key: str, headers: dict[str, str]) -> HttpResponseBase:
    if matches(request.headers.get("If-None-Match", ""), headers["ETag"]):
        return HttpResponse(status=304, headers=headers)
    if settings.S3_BUCKET and "here" in request.GET:
        return send(request, local_path(key), headers)
    if settings.S3_BUCKET:
        return _link(key, headers)
    return send(request, Path(default_storage.path(key)), headers)


@require_safe
@signed_in
def decode_flow(_request: MemberRequest) -> HttpResponse:
    """The small program that reads the archives of a simulation's streams as numbers."""
    headers = {**HEADERS, "Cache-Control": "private, max-age=3600"}
    headers["Content-Disposition"] = f'attachment; filename="{DECODER.name}"'
    return HttpResponse(DECODER.read_bytes(), content_type="text/x-python", headers=headers)


def _version(asset: Asset, *, small: bool) -> tuple[str, str, str]:
    """Key, ETag and content type of the file itself or of its small version, if it has one."""
    key = thumbnail_key(asset.path)
    if small and default_storage.exists(key):
        return key, f'"{asset.sha256}-small"', "image/webp"
    return asset.path, f'"{asset.sha256}"', asset.content_type


def _disposition(asset: Asset, *, keep: bool) -> str:
    """Shown in place if it is a picture or a video; else, or to keep it, a file with a name."""
    as_file = keep or asset.content_type not in SUFFIXES
    return content_disposition_header(as_file, _name(asset) if keep else "") or (
        "attachment" if as_file else "inline"
    )


def _name(asset: Asset) -> str:
    """As the team calls its files, or what the uploader called it."""
    suffix, (take, part) = suffix_of(asset), _origin(asset)
    if take is None:
        title = Path(asset.name).stem or f"Picture {asset.pk}"
        return filenames.made_safe(title, suffix=suffix)
    return name_of(take, asset.team, part=part, suffix=suffix)


def _origin(asset: Asset) -> tuple[Take | None, str]:
    """The take that the file belongs to, and what it is of it, “” for the video itself."""
    its = Q(video=asset) | Q(last_frame=asset) | Q(poster=asset) | Q(preview=asset)
    if take := TAKES.filter(its | Q(strip=asset)).order_by("pk").first():
        return take, "" if take.video_id == asset.pk else asset.get_kind_display().lower()
    rows = Stream.objects.filter(Q(file=asset) | Q(view=asset))
    stream = rows.select_related("take__clip__project", "take__job__author__user").order_by("pk")
    row = stream.first()
    return (row.take, row.name.replace("_", " ")) if row else (None, "")


def _link(key: str, headers: dict[str, str]) -> HttpResponse:
    """Let the bucket send the file: it knows parts by itself."""
    parameters = {
        "ResponseContentType": headers["Content-Type"],
        "ResponseContentDisposition": headers["Content-Disposition"],
    }
    address = default_storage.url(key, parameters=parameters, expire=LINK_SECONDS)  # type: ignore[call-arg]
    cached = {"Cache-Control": f"private, max-age={LINK_CACHED_SECONDS}"}
    return HttpResponseRedirect(address, headers=cached)
