"""Webhooks and Slack of a team or a person: added, changed, tested, and what was sent there."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from studio import permissions
from studio.core.errors import NotAllowed, StudioError
from studio.forms.notices import EndpointForm
from studio.models import Delivery, Endpoint
from studio.services import endpoints
from studio.views import hearing, hx
from studio.views.access import delivery_read, endpoint_read, signed_in
from studio.views.hx import MemberRequest
from studio.views.settings import Page

LOGGED = 50
UNDER_WAY = {Delivery.Status.WAITING, Delivery.Status.SENDING}
PAGE = Page(
    route="settings-notices",
    template="settings/endpoint.html",
    parts=frozenset({"endpoint", "log"}),
)


@never_cache
@require_POST
@signed_in
def add(request: MemberRequest, whose: str) -> HttpResponse:
    """`whose` is “own” or “team”. The secret is in this one answer and nowhere else."""
    for_team = whose == "team"
    if for_team:
        permissions.require(permissions.is_admin(request.member), "add webhooks of the team")
    form = EndpointForm(request.POST, for_team=for_team)
    made: list[tuple[Endpoint, str]] = []
    if not form.done(
        lambda **values: made.append(endpoints.add(request.member, for_team=for_team, **values))
    ):
        wrong = hearing.context_of(request.member, **{f"{whose}_form": form})
        return hearing.PAGE.show(request, wrong, status=422)
    more = {"made": made[0][0], "secret": made[0][1], "made_for": whose}
    return hearing.PAGE.show(request, hearing.context_of(request.member, **more))


def _context(endpoint: Endpoint, **more: Any) -> Mapping[str, Any]:
    sent = Delivery.objects.filter(endpoint=endpoint).select_related("notice").order_by("-pk")
    log = list(sent[:LOGGED])
    return {
        "endpoint": endpoint,
        "form": EndpointForm(for_team=endpoint.member_id is None, row=endpoint),
        "log": log,
        "under_way": any(one.status in UNDER_WAY and one.tries < 2 for one in log),
        **more,
    }


def _mine(request: MemberRequest, pk: int) -> Endpoint:
    found = endpoint_read(request, pk)
    may = permissions.can_change_endpoint(request.member, found)
    permissions.require(may, "change webhooks of the team")
    return found


@require_http_methods(["GET", "POST"])
@signed_in
def endpoint(request: MemberRequest, pk: int) -> HttpResponse:
    found = _mine(request, pk)
    if request.method == "GET":
        return PAGE.show(request, _context(found))
    form = EndpointForm(request.POST, for_team=found.member_id is None, row=found)
    if form.done(lambda **values: endpoints.change(request.member, found, **values)):
        return _done(request, found, "Saved.")
    return PAGE.show(request, _context(endpoint_read(request, pk), form=form), status=422)


def _done(request: MemberRequest, endpoint: Endpoint, notice: str) -> HttpResponse:
    if request.htmx:
        return PAGE.show(request, _context(endpoint, notice=notice))
    messages.success(request, notice)
    return redirect("endpoint", endpoint.pk)


@require_POST
@signed_in
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    found = _mine(request, pk)
    endpoints.remove(request.member, found)
    messages.success(request, f"“{found.name}” is removed.")
    return redirect("settings-notices")


@never_cache
@require_POST
@signed_in
def rotate(request: MemberRequest, pk: int) -> HttpResponse:
    """The new secret is in this one answer and nowhere else."""
    found = _mine(request, pk)
    return PAGE.show(
        request, _context(found, secret=endpoints.rotate(request.member, found))
    )  # fmt: skip


@require_POST
@signed_in
def switch(request: MemberRequest, pk: int) -> HttpResponse:
    """Turn it on where it is off, and off where it is on."""
    found = _mine(request, pk)
    endpoints.switch(request.member, found, on=not found.is_on)
    return _done(request, found, "It is on." if found.is_on else "It is off.")


@require_POST
@signed_in
def test(request: MemberRequest, pk: int) -> HttpResponse:
    found = _mine(request, pk)
    return _tried(request, found, lambda: endpoints.test(request.member, found), "A test is sent.")


@require_POST
@signed_in
def repeat(request: MemberRequest, pk: int) -> HttpResponse:
    delivery = delivery_read(request, pk)
    assert delivery.endpoint, "the guard asks for those that have one"
    found = _mine(request, delivery.endpoint.pk)
    return _tried(
        request, found, lambda: endpoints.repeat(request.member, delivery), "It is sent again."
    )


def _tried(
    request: hx.MemberRequest, found: Endpoint, act: Callable[[], None], notice: str
) -> HttpResponse:
    """What is refused is said where the button stands."""
    try:
        act()
    except NotAllowed:
        raise
    except StudioError as error:
        return PAGE.show(request, _context(found, problem=error.message), status=error.http_status)
    return _done(request, found, notice)
