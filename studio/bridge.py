"""Django's WSGI handler behind an ASGI server, such that a slow network never holds a thread.

Django's own ASGI handler costs several times as much per request. Here a thread is busy only while
Django computes: a request's body is collected before, in memory or in an unlinked file, and an
answer is taken in pieces, the next one when the network has swallowed the last.
"""

import asyncio
import io
import logging
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import Executor, ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Any]

logger = logging.getLogger(__name__)

PIECE_BYTES = 256 * 1024  # pages fit into one; a film needs one hop to a thread per piece
BODY_IN_MEMORY_BYTES = 64 * 1024


class Gone(Exception):
    """The visitor left before the request was complete."""


class TooLarge(Exception):
    """The request's body is larger than anything that is accepted here."""


class Bridge:
    """An ASGI application for `http` scopes that asks a WSGI application.

    What is `aside` has threads of its own: however much work its answers are, pages go on.
    """

    def __init__(
        self, application: Application, *, threads: int, scratch: Path, body_limit: int,
        aside: Callable[[Scope], bool] = lambda _: False, threads_aside: int = 1,
    ) -> None:  # fmt: skip
        self.application = application
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="pages")
        self.threads_aside = ThreadPoolExecutor(threads_aside, thread_name_prefix="aside")
        self.is_aside = aside
        self.scratch = scratch
        self.body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self._collect(scope, receive)
        except Gone:
            return
        except TooLarge:
            await _refuse(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "That is too large.")
        except OSError:
            logger.exception("A request's body could not be kept in %s", self.scratch)
            await _refuse(send, HTTPStatus.INSUFFICIENT_STORAGE, "There is no room for that.")
        else:
            with body:
                threads = self.threads_aside if self.is_aside(scope) else self.threads
                answer = Answer(self.application, environ(scope, body))
                await self._send(answer, threads, receive, send)

    async def _collect(self, scope: Scope, receive: Receive) -> IO[bytes]:
        """The whole body. Raises Gone, TooLarge, OSError (disk full)."""
        names = dict(scope["headers"])
        if b"content-length" not in names and b"transfer-encoding" not in names:
            return io.BytesIO()
        if int(names.get(b"content-length", 0)) > self.body_limit:
            raise TooLarge
        body: IO[bytes] = SpooledTemporaryFile(BODY_IN_MEMORY_BYTES, dir=str(self.scratch))  # noqa: SIM115
        try:
            await self._fill(body, receive)
        except BaseException:
            body.close()
            raise
        return body

    async def _fill(self, body: IO[bytes], receive: Receive) -> None:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            body.write(message.get("body", b""))
            if body.tell() > self.body_limit:
                raise TooLarge
            more = message.get("more_body", False)
        body.seek(0)

    async def _send(
        self, answer: "Answer", threads: Executor, receive: Receive, send: Send
    ) -> None:
        in_thread = asyncio.get_running_loop().run_in_executor
        gone: asyncio.Task[None] | None = None
        try:
            piece, more = await in_thread(threads, answer.piece)
            await send(answer.head())
            await send({"type": "http.response.body", "body": piece, "more_body": more})
            while more:
                gone = gone or asyncio.ensure_future(_until_gone(receive))
                piece, more = await in_thread(threads, answer.piece)
                await send({"type": "http.response.body", "body": piece, "more_body": more})
                more = more and not gone.done()
        finally:
            if gone:
                gone.cancel()
            if not answer.closed:
                threads.submit(answer.close)


class Answer:
    """What the application says to one request; asked for in pieces, by any thread at a time."""

    def __init__(self, application: Application, environ: Environ) -> None:
        self.application = application
        self.environ = environ
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.closed = False
        self._chunks: Iterator[bytes] | None = None
        self._close: Callable[[], None] | None = None
        self._one_at_a_time = threading.Lock()

    def piece(self) -> tuple[bytes, bool]:
        """The next bytes, and whether there may be more; the end closes the answer."""
        with self._one_at_a_time:
            if self._chunks is None:
                self._chunks = self._ask()
            piece = bytearray()
            for chunk in self._chunks:
                piece += chunk
                if len(piece) >= PIECE_BYTES:
                    return bytes(piece), True
        self.close()
        return bytes(piece), False

    def head(self) -> Message:
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}

    def close(self) -> None:
        """Let go of what the answer holds: its file, and the request's connections."""
        with self._one_at_a_time:
            self.closed = True
            close, self._close = self._close, None
            if close:
                close()

    def _ask(self) -> Iterator[bytes]:
        chunks = self.application(self.environ, self._start)
        self._close = getattr(chunks, "close", None)
        return iter(chunks)

    def _start(self, status: str, headers: list[tuple[str, str]], *_: object) -> None:
        """WSGI's start_response; without `write`, which Django never calls."""
        self.status = int(status[:3])
        self.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]


async def _until_gone(receive: Receive) -> None:
    """The first message may still be the empty body of a request that has none."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send, status: HTTPStatus, sentence: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode(), "more_body": False})


def environ(scope: Scope, body: IO[bytes]) -> Environ:
    """The scope of an http request in WSGI's words (PEP 3333)."""
    server_name, server_port = scope.get("server") or ("localhost", 80)
    client_name, _ = scope.get("client") or ("", 0)
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server_name,
        "SERVER_PORT": str(server_port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client_name,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _in_pieces,
        **_header_variables(scope["headers"]),
    }


def _header_variables(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """A name with an underscore is dropped: it would pass for the one with a hyphen."""
    variables: dict[str, str] = {}
    for name, value in headers:
        if b"_" in name:
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        joint = "; " if key == "HTTP_COOKIE" else ","
        variables[key] = f"{variables[key]}{joint}{text}" if key in variables else text
    return variables


def _in_pieces(file: IO[bytes], _size: int = 0) -> FileWrapper:
    """Files are read in our pieces, not in the 4 kB that Django would ask for."""
    return FileWrapper(file, PIECE_BYTES)
