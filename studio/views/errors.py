"""How what was refused on purpose is said: as a page, or to htmx as a toast."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import reswap, retarget

STALE = (
    "This page was open for too long, or cookies are off. Load it again and repeat what you did."
)


def problem(request: HttpRequest, message: str, *, status: int) -> HttpResponse:
    """One sentence; what htmx was about to replace stays, and the toast comes among the others."""
    if not getattr(request, "htmx", None):  # refused before the middleware that sets it
        return render(request, "error.html", {"message": message}, status=status)
    toast = render(request, "ui/_problem.html", {"message": message}, status=status)
    return reswap(retarget(toast, "#toasts"), "beforeend")


TOO_MUCH = (
    f"That is too much at once: a form may have at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE >> 20} "
    "MB beside its files. Nothing was stored; shorten it and send it again."
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that no view was asked about; one that is too large can be made smaller."""
    if isinstance(exception, RequestDataTooBig):
        return problem(request, TOO_MUCH, status=413)
    return problem(request, "This request can not be read. Load the page again.", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without our token: mostly a page from before signing in again."""
    return problem(request, STALE, status=403)
