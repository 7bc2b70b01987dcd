"""Where providers call when there is news of an order."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from studio.services import webhooks

MOST_BYTES = 64 * 1024


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, provider: str, secret: str) -> HttpResponse:
    """Always 200, also for an address that nobody made: that tells nobody which ones there are.

    413 for more than 64 kB, before it is read.
    """
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return HttpResponse(status=413)
    webhooks.received(provider, secret, _json(body))
    return HttpResponse(status=200)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
