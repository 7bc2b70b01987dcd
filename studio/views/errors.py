"""Pages for what Django itself refuses."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from studio.views.hx import Request

STALE = (
    "This page was open for too long, or cookies are off. Load it again and repeat what you did."
)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without our token: mostly a page from before signing in again."""
    template = "ui/_problem.html" if cast(Request, request).htmx else "error.html"
    return render(request, template, {"message": STALE, "status": 403}, status=403)
