"""Proof that a form of a client's link was our own, for pages that tell nobody where they are.

A page without referrers sends its forms with the origin “null”, which Django never takes. Here it
is taken from a browser that says itself that the form came from this site; the token has to be
there all the same.
"""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils.decorators import decorator_from_middleware

from studio.views.errors import STALE, problem
from studio.views.hx import Request


class GuestCsrf(CsrfViewMiddleware):
    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.META["HTTP_ORIGIN"] != "null":
            return bool(super()._origin_verified(request))  # type: ignore[misc]
        # Browsers say where a request is from to secure addresses and to this machine.
        said = request.headers.get("Sec-Fetch-Site")
        return said == "same-origin" or (said is None and not request.is_secure())

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        if cast(Request, request).htmx:
            return problem(request, STALE, status=403)
        return render(request, "share/stop.html", {"message": STALE}, status=403)


guest_csrf = cast(
    Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]],
    decorator_from_middleware(GuestCsrf),
)
