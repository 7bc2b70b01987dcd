"""One ASGI app for a whole studio: the live stream, and every page through Django's WSGI handler.

For any ASGI server, as in `uvicorn studio.asgi:app --timeout-graceful-shutdown 3`.
"""

from studio.wsgi import application  # first: it sets Django up

from django.conf import settings  # isort: skip

from studio.bridge import Bridge, Receive, Scope, Send
from studio.views import downloads, exports, live

THREADS = 4  # pages share one interpreter: more threads would only hold more connections
THREADS_ASIDE = 2  # for what is packed while it is sent


def is_packed(scope: Scope) -> bool:
    return downloads.is_packed(scope) or exports.is_packed(scope)


pages = Bridge(
    application, threads=THREADS, scratch=settings.SCRATCH, body_limit=settings.REQUEST_MAX_BYTES,
    aside=is_packed, threads_aside=THREADS_ASIDE,
)  # fmt: skip


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    is_live = scope["type"] == "lifespan" or scope["path"] == live.PATH
    await (live.app if is_live else pages)(scope, receive, send)
