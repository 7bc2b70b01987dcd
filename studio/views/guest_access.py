"""The guard of clients' links: whether one is open, who comes by it, and what is told of it else."""

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Any, cast

from axes.helpers import get_client_ip_address
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.csrf import csrf_exempt

from studio.core.errors import LinkClosed, LinkSpent, StudioError, TooOften
from studio.models import Guest, Share, ShareState
from studio.models.teams import digest
from studio.services import guests
from studio.services.guests import HALF_HOUR, Came
from studio.views.errors import problem
from studio.views.guest_csrf import guest_csrf
from studio.views.hx import Request

View = Callable[..., HttpResponseBase]

SALT = "studio.guest"
COOKIE = "guest"
COOKIE_SECONDS = 90 * 24 * 3600
LONGEST_BROWSER = 200

# Nothing of a link is kept by a browser, told to another site or found by a search.
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class LinkRequest(Request):
    """A request by a link that is open. `guest` is who came in by it before, if anybody.

    `before` is who they were until the link got another password.
    """

    token: str
    share: Share
    guest: Guest | None
    before: Guest | None


class GuestRequest(LinkRequest):
    """A request past the door of a link."""

    guest: Guest


def at_link(view: View) -> View:
    """Only while the link of the address is open; what is wrong is said to clients in their words.

    One that was taken back answers to the byte as one that has never been.
    """

    @csrf_exempt  # for `guest_csrf`, once it is known that there is a link at all
    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = _answer(view, cast(LinkRequest, request), token, *args, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        # Django's log would tell the address, and with it the token; to it, this has been told.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response

    return guarded


def _answer(
    view: View, request: LinkRequest, token: str, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    share = Share.known(token)
    if share is None:
        return gone(request)
    request.token, request.share = token, share
    try:
        _require_open(share)
        request.guest, request.before = _who(request)
        return guest_csrf(view)(request, *args, **kwargs)
    except Http404:
        return gone(request)
    except StudioError as error:
        return refused(request, error)


def _require_open(share: Share) -> None:
    if share.state == ShareState.EXPIRED:
        raise LinkSpent("This link has expired. Ask whoever sent it to you for a new one.")
    if share.state == ShareState.EARLY:
        raise LinkClosed("This link is not open yet.")


def guests_only(view: View) -> View:
    """Past the door; everybody else is sent to it. Under `at_link`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = cast(LinkRequest, request)
        if asked.guest is None:
            return to_door(asked)
        guests.come_in(asked.share, asked.guest, came(request))
        return view(request, *args, **kwargs)

    return guarded


def to_door(request: LinkRequest) -> HttpResponse:
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect("guest", request.token)


def gone(request: Request) -> HttpResponse:
    """There is no such link, or nothing there in it: nobody can tell which."""
    response = render(request, "share/gone.html", status=404)
    return _reloading(request, response)


def refused(request: LinkRequest, error: StudioError) -> HttpResponse:
    """A sentence: on a page of its own, or to htmx as a toast if the page may stay."""
    ends = isinstance(error, LinkClosed | LinkSpent)
    if request.htmx and not ends:
        return problem(request, error.message, status=error.http_status)
    context = {"message": error.message, "share": request.share, "ends": ends}
    if ends:
        context["opens_at"] = request.share.opens_at if isinstance(error, LinkClosed) else None
    response = render(
        request, "share/stop.html", {**context, "token": request.token}, status=error.http_status
    )
    if isinstance(error, TooOften):
        response["Retry-After"] = str(round(HALF_HOUR.total_seconds()))
    return _reloading(request, response)


def _reloading(request: Request, response: HttpResponse) -> HttpResponse:
    """A page that is open learns of its end by loading itself again."""
    if request.htmx:
        response["HX-Refresh"] = "true"
    return response


def came(request: HttpRequest) -> Came:
    browser = request.headers.get("User-Agent", "").replace("\0", "")[:LONGEST_BROWSER]
    return Came(address=_address(get_client_ip_address(request)), browser=browser)


def _address(said: str | None) -> str | None:
    try:
        return str(ip_address(said or "").compressed)
    except ValueError:
        return None


# ── The cookie ──


def let_in(request: LinkRequest, response: HttpResponse, secret: str) -> HttpResponse:
    """The guest's key to this one link; no script reads it, and no other address gets it."""
    value = signing.dumps([secret, _mark(request.share)], salt=SALT)
    response.set_cookie(
        COOKIE, value, max_age=COOKIE_SECONDS, path=f"/share/{request.token}/",
        secure=request.is_secure(), httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


def _who(request: LinkRequest) -> tuple[Guest | None, Guest | None]:
    """Who has come in, and who would have, had the link not got another password since."""
    try:
        secret, mark = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
    except (signing.BadSignature, ValueError):
        return None, None
    share = request.share
    guest = share.guests.filter(digest=digest(secret)).first()
    if guest is None:
        return None, None
    guest.share = share
    fits = not share.password or constant_time_compare(mark, _mark(share))
    return (guest, None) if fits else (None, guest)


def _mark(share: Share) -> str:
    """Which password was asked for, without telling it."""
    return salted_hmac(SALT, share.password).hexdigest()[:16]
