"""How what was refused on purpose is said: as a page, or to htmx as a toast."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import reswap, retarget

from studio.views.hx import Request

STALE = (
    "This page was open for too long, or cookies are off. Load it again and repeat what you did."
)


def problem(request: HttpRequest, message: str, *, status: int) -> HttpResponse:
    """One sentence; what htmx was about to replace stays, and the toast comes among the others."""
    if not cast(Request, request).htmx:
        return render(request, "error.html", {"message": message}, status=status)
    toast = render(request, "ui/_problem.html", {"message": message}, status=status)
    return reswap(retarget(toast, "#toasts"), "beforeend")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without our token: mostly a page from before signing in again."""
    return problem(request, STALE, status=403)
