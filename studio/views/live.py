"""The live stream; nothing is streamed yet, so pages poll."""

from studio.bridge import Receive, Scope, Send


async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"No live stream.", "more_body": False})


def close() -> None:
    """End all streams."""
