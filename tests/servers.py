"""HTTP servers on loopback, on real sockets, that answer as they are told: rightly or not at all.

with Server(lambda asked: Reply(body=b"{}")) as server:
    ...  # server.url, server.asked, server.connections
"""

import contextlib
import hashlib
import json
import socket
import socketserver
import ssl
import struct
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

KEPT_BYTES = 1024 * 1024
CHUNK = 256 * 1024


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it came in. Of a long body only its beginning is kept; `size` is all of it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    size: int
    sha256: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer, and what goes wrong with it.

    `length` is what Content-Length says (None: the truth, -1: nothing, the connection ends the
    body). After `cut` bytes of the body the connection ends, with `reset` by a reset; a cut of 0
    comes before any byte of the answer. `until` is waited for before the answer begins, `pause`
    after each byte. `raw` replaces everything.
    """

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    cut: int | None = None
    reset: bool = False
    until: threading.Event | None = None
    pause: float = 0
    raw: bytes | None = None


def said(value: Any, status: int = 200, **fields: Any) -> Reply:
    """An answer in JSON."""
    headers = {"content-type": "application/json", **fields.pop("headers", {})}
    return Reply(status=status, body=json.dumps(value).encode(), headers=headers, **fields)


Answer = Callable[[Asked], Reply]


class Server(socketserver.ThreadingTCPServer):
    """Answers every request with `answer(asked)`, until the block ends."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, answer: Answer, *, tls: ssl.SSLContext | None = None, host="127.0.0.1"):
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.answer = answer
        self.tls = tls
        self.asked: list[Asked] = []
        self.connections = 0
        self.open: list[socket.socket] = []
        self.over = threading.Event()
        super().__init__((host, 0), _Handler)

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def url(self) -> str:
        host = self.server_address[0]
        shown = f"[{host}]" if ":" in host else host
        return f"http{'s' if self.tls else ''}://{shown}:{self.port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.shutdown()
        self.server_close()

    def get_request(self):
        self.connections += 1
        connection, address = super().get_request()
        self.open.append(connection)
        return connection, address

    def hang_up(self):
        """End every connection, as servers do with those that nobody used for a while."""
        for connection in self.open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def finish_request(self, request, client_address):
        if not self.tls:
            super().finish_request(request, client_address)
            return
        with self.tls.wrap_socket(request, server_side=True) as wrapped:
            super().finish_request(wrapped, client_address)

    def handle_error(self, *_):
        """Whoever hangs up early does so on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self):
        asked = self._read()
        self.server.asked.append(asked)
        self._write(self.server.answer(asked))

    do_POST = do_PUT = do_HEAD = do_GET  # noqa: N815  (http.server finds them by these names)

    def log_message(self, *_):
        pass

    def _read(self):
        length = int(self.headers.get("content-length") or 0)
        digest, kept, size = hashlib.sha256(), b"", 0
        while size < length and (chunk := self.rfile.read(min(CHUNK, length - size))):
            digest.update(chunk)
            size += len(chunk)
            kept += chunk[: max(0, KEPT_BYTES - len(kept))]
        return Asked(
            method=self.command, path=self.path, body=kept, size=size, sha256=digest.hexdigest(),
            headers={name.lower(): value for name, value in self.headers.items()},
        )  # fmt: skip

    def _write(self, reply):
        while reply.until and not reply.until.wait(0.05) and not self.server.over.is_set():
            pass
        if reply.raw is not None or reply.cut == 0:
            self._send(reply.raw or b"", reply.pause)
            self._end(reply)
            return
        self.wfile.write(self._head(reply))
        left = reply.cut if reply.cut is not None else float("inf")
        for chunk in [reply.body] if isinstance(reply.body, bytes) else reply.body:
            self._send(chunk[: int(min(left, len(chunk)))], reply.pause)
            left -= len(chunk)
            if left <= 0:
                break
        if reply.cut is not None or reply.length == -1:
            self._end(reply)

    def _head(self, reply):
        length = len(reply.body) if isinstance(reply.body, bytes) else -1
        length = length if reply.length is None else reply.length
        told = {} if length < 0 else {"content-length": str(length)}
        headers = {"date": self.date_time_string(), **told, **reply.headers}
        lines = [f"HTTP/1.1 {reply.status} Answer", *(f"{k}: {v}" for k, v in headers.items())]
        return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()

    def _send(self, chunk, pause):
        if not pause:
            self.wfile.write(chunk)
            return
        for byte in chunk:
            self.wfile.write(bytes([byte]))
            if self.server.over.wait(pause):
                return

    def _end(self, reply):
        self.close_connection = True
        if reply.reset:
            self.wfile.flush()
            now = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
            self.connection.close()

    def finish(self):
        with contextlib.suppress(OSError, ValueError):
            super().finish()


class Hasty:
    """Answers as soon as it has seen the beginning of a request, and hangs up."""

    def __init__(self, answer):
        self.answer = answer

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def _serve(self):
        connection, _ = self.listener.accept()
        connection.recv(1000)
        connection.sendall(self.answer)
        connection.close()

    def __exit__(self, *_):
        self.listener.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
