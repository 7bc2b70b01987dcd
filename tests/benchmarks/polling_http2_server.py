"""A provider with no news, for hypercorn to serve over HTTP/1.1 and HTTP/2; and its settings."""

import json

keep_alive_max_requests = 10**9  # hypercorn ends a connection after 1,000 questions, with GOAWAY

JOB = json.dumps({
    "id": "task_0000000000000000000001", "object": "video", "model": "kling-2.5-720p-noref-audio",
    "status": "processing", "progress": 50, "created_at": 1774494511,
}).encode()  # fmt: skip
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(JOB)).encode())]


async def answers(scope, receive, send) -> None:
    """Every job is being made."""
    if scope["type"] == "lifespan":
        while True:
            event = await receive()
            await send({"type": f"{event['type']}.complete"})
            if event["type"] == "lifespan.shutdown":
                return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": JOB})
