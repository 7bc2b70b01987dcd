"""Links that are sent to people: absolute, and safe to come back by."""

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def absolute(request: HttpRequest, name: str, token: str) -> str:
    """The address of a link page as other people reach it."""
    path = resolve_url(name, token)
    return (
        f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
    )


def way_on(request: HttpRequest) -> str:
    """Where `next` leads if that is a page of ours, else the wall."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else resolve_url("wall")


def came_from(request: HttpRequest) -> str:
    """The page with the pressed button, if it is one of ours, else the wall."""
    page = request.META.get("HTTP_REFERER", "")
    host = request.get_host()
    ours = url_has_allowed_host_and_scheme(page, {host}, require_https=request.is_secure())
    return page if ours else "wall"
