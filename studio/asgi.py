"""One ASGI app for a whole studio: the live stream, and every page through Django's WSGI handler.

For any ASGI server, as in `uvicorn studio.asgi:app --timeout-graceful-shutdown 3`.
"""

from studio.wsgi import application  # first: it sets Django up

from django.conf import settings  # isort: skip

from studio.bridge import Bridge, Receive, Scope, Send
from studio.views import live

THREADS = 4  # pages share one interpreter: more threads would only hold more connections

pages = Bridge(
    application, threads=THREADS, scratch=settings.SCRATCH, body_limit=settings.REQUEST_MAX_BYTES
)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["path"] == "/live":
        await live.app(scope, receive, send)
    else:
        await pages(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    """A stream would never end by itself, so the last word of the server closes them all."""
    while (message := await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    live.close()
    await send({"type": message["type"] + ".complete"})
