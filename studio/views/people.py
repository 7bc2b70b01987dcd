"""The door: signing in and out, and one-time links."""

from typing import cast

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.core.errors import LinkSpent
from studio.forms.people import SignInForm
from studio.models import SignInLink, Team, User
from studio.services import people
from studio.views.hx import Request
from studio.views.links import way_on

BY_LINK = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    asked = cast(Request, request)
    if asked.member and request.method == "GET":
        return redirect(way_on(request))
    form = SignInForm(request.POST or None)
    if form.is_valid() and (user := _who(request, form)):
        login(request, user)
        request.session.set_expiry(None if form.cleaned_data["keep"] else 0)
        return redirect(way_on(request))
    context = {
        "form": form,
        "next": way_on(request),
        "team": _only_team(),
        "stranger": _stranger(asked),
    }
    return render(request, "people/sign_in.html", context, status=422 if form.is_bound else 200)


def _who(request: HttpRequest, form: SignInForm) -> User | None:
    """The person, or an error at the password that is the same for known and unknown e-mails."""
    email, password = form.cleaned_data["email"], form.cleaned_data["password"]
    user = authenticate(request, username=email, password=password)
    if user is None:
        failures = AxesProxyHandler.get_failures(request, {"username": email})
        left = max(settings.AXES_FAILURE_LIMIT - failures, 0)
        tries = "1 try" if left == 1 else f"{left} tries"
        form.add_error("password", f"That password does not fit this e-mail. {tries} left.")
    return user


def _only_team() -> Team | None:
    """The team whose door this is, where the studio has just one."""
    teams = list(Team.objects.all()[:2])
    return teams[0] if len(teams) == 1 else None


def _stranger(request: Request) -> User | None:
    """Somebody who is signed in, but in no team any more."""
    known = request.user.is_authenticated and request.member is None
    return cast(User, request.user) if known else None


def locked_out(request: HttpRequest, _response: object, _credentials: object) -> HttpResponse:
    """After too many wrong passwords for one person from one address."""
    cool_off = get_cool_off(request)
    minutes = round(cool_off.total_seconds() / 60) if cool_off else None
    response = render(request, "people/locked.html", {"minutes": minutes}, status=429)
    if cool_off:
        response["Retry-After"] = str(round(cool_off.total_seconds()))
    return response


@require_GET
def forgotten(request: HttpRequest) -> HttpResponse:
    return render(request, "people/forgotten.html")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign-in")


@never_cache
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link: looking at it does not spend it, as previews and prefetchers look."""
    link = SignInLink.known(token)
    if link is None:
        return not_found(request, "This sign-in link is not known here. Was it copied in full?")
    if request.method == "GET":
        return _show_door(request, link)
    try:
        user = people.open_door(link)
    except LinkSpent as error:
        return spent(request, error.message)
    login(request, user, backend=BY_LINK)
    return redirect("wall" if user.has_usable_password() else "welcome")


def _show_door(request: HttpRequest, link: SignInLink) -> HttpResponse:
    if not (link.is_usable and link.user.is_active):
        return spent(
            request, "This sign-in link was used or has expired. Ask an admin for a new one."
        )
    return render(request, "people/door.html", {"person": link.user})


def spent(request: HttpRequest, message: str) -> HttpResponse:
    """A link that opened once, or might have, and opens no more."""
    return render(request, "people/spent.html", {"message": message}, status=410)


def not_found(request: HttpRequest, message: str) -> HttpResponse:
    return render(request, "people/spent.html", {"message": message}, status=404)
