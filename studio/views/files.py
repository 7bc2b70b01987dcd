"""Sending a file of this machine, whole or in part, without ever holding more than a chunk."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from studio.views.ranges import Span, Unsatisfiable, asked_span

CHUNK = 256 * 1024


class Part:
    """The bytes of a span of an open file, in chunks; closed by the response that sends it."""

    def __init__(self, file: BinaryIO, span: Span) -> None:
        self.file, self.span = file, span

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(self.span.first)
        left = self.span.length
        while left and (chunk := self.file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self.file.close()


def send(request: HttpRequest, path: Path, headers: Mapping[str, str]) -> HttpResponseBase:
    """Answer GET and HEAD with 200, 206 or 416; `headers` must have the file's strong ETag.

    Raises Http404 when the file is gone.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise Http404 from error
    size = path.stat().st_size
    whole = {**headers, "Accept-Ranges": "bytes"}
    span = _wanted(request, headers["ETag"], size)
    if span == "unsatisfiable":
        file.close()
        return HttpResponse(status=416, headers={**whole, "Content-Range": f"bytes */{size}"})
    part = Part(file, span or Span(0, size - 1))
    whole["Content-Length"] = str(part.span.length)
    if span:
        whole["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    return _answer(request, part, status=206 if span else 200, headers=whole)


def _wanted(request: HttpRequest, etag: str, size: int) -> Span | Unsatisfiable | None:
    """HEAD knows no parts; a browser whose copy is of another file (If-Range) gets all of it."""
    if request.method != "GET" or request.headers.get("If-Range", etag).strip() != etag:
        return None
    return asked_span(request.headers.get("Range", ""), size)


def _answer(
    request: HttpRequest, part: Part, *, status: int, headers: Mapping[str, str]
) -> HttpResponseBase:
    if request.method == "HEAD":
        part.close()
        return HttpResponse(status=status, headers=dict(headers))
    return StreamingHttpResponse(part, status=status, headers=dict(headers))
