"""Joining a team by an invitation: with a new account, or with the one that is signed in."""

from typing import cast

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from studio.forms.people import JoinForm
from studio.models import Invitation, Member, User
from studio.services import teams
from studio.views.hx import Request
from studio.views.people import BY_LINK, not_found, spent


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    invited = Invitation.known(token)
    if invited is None:
        return not_found(request, "This invitation is not known here. Was the link copied in full?")
    if not invited.is_usable:
        return spent(request, teams.SPENT)
    asked = cast(Request, request)
    if asked.user.is_authenticated:
        return _as_known(asked, invited, asked.user)
    return _as_new(asked, invited)


def _as_known(request: Request, invited: Invitation, user: User) -> HttpResponse:
    """Somebody with an account joins by one press of a button."""
    mine = Member.objects.active().filter(team=invited.team, user=user)
    if request.method == "POST" and not mine.exists():
        member = teams.join(user, invited)
        _enter(request, member)
        return redirect("wall")
    fits = invited.email in {"", user.email}
    context = {"invited": invited, "person": user, "already": mine.exists(), "fits": fits}
    return render(request, "people/join_known.html", context)


def _as_new(request: Request, invited: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, email=invited.email)
    joined: list[Member] = []
    if form.done(lambda **values: joined.append(teams.join_as_new(invited, **values))):
        login(request, joined[0].user, backend=BY_LINK)
        _enter(request, joined[0])
        return redirect("wall")
    status = 422 if form.is_bound else 200
    return render(request, "people/join.html", {"invited": invited, "form": form}, status=status)


def _enter(request: Request, member: Member) -> None:
    request.session["team"] = member.team_id
    request.session.pop("project", None)
