"""A request to a provider and its answer, as the values that dialects write and read."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx

from studio.core.errors import MaybeSent, ProviderUnavailable, UnsafeAddress
from studio.core.wire import Request, Response
from studio.dialects.base import confused
from studio.providers.line import Line
from studio.storage.errors import told_in_our_words
from studio.storage.media import content_type_of
from studio.storage.outbound import UNSENT, client
from studio.storage.reach import CHOSEN

# No answer of a provider is longer; a result comes by a link.
ANSWER_MAX_BYTES = 4 * 1024 * 1024
# A file goes along at this pace at least, or there is no answer.
SLOWEST_BYTES_PER_SECOND = 250_000
GRACE_SECONDS = 20
FIRST_WINDOW_BYTES = 65_535  # RFC 9113, 6.9.2


def written(request: Request) -> bytes:
    """The JSON of a request, in ASCII, which every server can read."""
    return json.dumps(request.json, separators=(",", ":"), allow_nan=False).encode()


def send(
    line: Line,
    request: Request,
    files: Mapping[str, Path] | None = None,
    *,
    within: float = math.inf,
) -> Response:
    """Send it once, and read the whole answer; `files` are the order's, for a form with parts.

    It ends after `within` seconds at the latest. Raises ProviderUnavailable when it was surely not
    received, MaybeSent when there is no whole answer, StorageFailed for a file that is gone.
    """
    with ExitStack() as opened:
        with told_in_our_words():
            content = _content(request, files or {}, opened)
        try:
            seconds = min(within, _usual_seconds(request, files or {}))
            return _exchanged(line, request, content, seconds=seconds)
        except UnsafeAddress as error:
            raise ProviderUnavailable(f"{line.label} is out of reach: {error.message}") from error
        except httpx.InvalidURL as error:
            raise ProviderUnavailable(f"The address of {line.label} is no address.") from error
        except UNSENT as error:
            raise ProviderUnavailable(
                f"{line.label} can not be reached now.", raw=_words(error)
            ) from error
        except (httpx.HTTPError, OSError) as error:
            raise MaybeSent(f"{line.label} gave no whole answer.", raw=_words(error)) from error


def _exchanged(
    line: Line, request: Request, content: Mapping[str, Any], *, seconds: float
) -> Response:
    headers = line.headers_for(request)
    http2 = _fits_at_once(content)
    with (
        client(CHOSEN, seconds=seconds, stall_seconds=request.read_seconds, http2=http2) as http,
        http.stream(request.method, line.url(request), headers=headers, **content) as response,
    ):
        body = _beginning(response.iter_bytes())
        return line.answer(response.status_code, response.headers.multi_items(), body)


def _fits_at_once(content: Mapping[str, Any]) -> bool:
    """Whether HTTP/2 takes the whole body before the server has to ask for more.

    A server may refuse a longer one while it is still on its way. Over HTTP/1.1 that refusal is
    read; over HTTP/2 httpcore reads an end of the stream, and nobody knows whether it was sent.
    """
    return "files" not in content and len(content.get("content", b"")) <= FIRST_WINDOW_BYTES


def _beginning(chunks: Iterable[bytes]) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > ANSWER_MAX_BYTES:
            break
    return bytes(body)


def _content(request: Request, files: Mapping[str, Path], opened: ExitStack) -> dict[str, Any]:
    """The body in httpx's words; the files of a form are read while they are sent."""
    if request.json is not None:
        return {"content": written(request)}
    fields: list[tuple[str, Any]] = [(name, (None, text)) for name, text in request.fields.items()]
    for part, (name, shown) in request.files.items():
        file = opened.enter_context(files[name].open("rb"))
        fields.append((part, (shown, file, content_type_of(shown))))
    return {"files": fields} if fields else {}


def _usual_seconds(request: Request, files: Mapping[str, Path]) -> float:
    sent = sum(files[name].stat().st_size for name, _ in request.files.values())
    return request.read_seconds + GRACE_SECONDS + sent / SLOWEST_BYTES_PER_SECOND


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def asked(line: Line, request: Request, *, within: float = math.inf) -> Response:
    """The answer to a question; no answer is just that, as it may be asked again."""
    try:
        return send(line, request, within=within)
    except MaybeSent as error:
        raise ProviderUnavailable(f"{line.label} does not answer.", raw=error.raw) from error


# What reading raises that stumbles over JSON of an unexpected shape.
STUMBLES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@contextmanager
def understood(line: Line, response: Response) -> Iterator[None]:
    """An answer that a dialect stumbles over is one that it could not understand."""
    try:
        yield
    except STUMBLES as error:
        raise confused(line.label, response) from error
