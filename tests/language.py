"""A server that speaks chat completions, as well or as badly as a test wants it to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def said(text: str | None, **more: Any) -> dict[str, Any]:
    """An answer with that text, as OpenAI's reference shows it."""
    finish = more.pop("finish_reason", "stop")
    message = {"role": "assistant", "content": text, "refusal": None, **more}
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "model": "writer-1",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 12, "total_tokens": 21},
    }  # fmt: skip


@dataclass
class Writer:
    """`answer` is JSON to send, or bytes; `status` and `pieces` (bytes, sent one by one) are faults."""

    url: str = ""
    status: int = 200
    answer: Any = field(default_factory=lambda: said("A better prompt."))
    content_type: str = "application/json"
    waits: threading.Event | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        return self.answer if isinstance(self.answer, bytes) else json.dumps(self.answer).encode()


def _handler(writer: Writer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            writer.asked.append(json.loads(self.rfile.read(length)))
            writer.headers.append({name.lower(): text for name, text in self.headers.items()})
            writer.paths.append(self.path)
            if writer.waits:
                writer.waits.wait(30)
            self.send_response(writer.status)
            self.send_header("content-type", writer.content_type)
            self.send_header("content-length", str(len(writer.body)))
            self.end_headers()
            try:
                self.wfile.write(writer.body)
            except OSError:
                pass  # the studio has had enough

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def writing() -> Iterator[Writer]:
    writer = Writer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(writer))
    writer.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield writer
    finally:
        if writer.waits:
            writer.waits.set()
        server.shutdown()
        thread.join()
        server.server_close()
