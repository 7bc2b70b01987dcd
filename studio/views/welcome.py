"""First run: your account, then the team's name, then the first project's."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from studio import permissions
from studio.forms.base import StudioForm
from studio.forms.people import AccountForm
from studio.forms.teams import ProjectForm, TeamNameForm
from studio.models import User
from studio.services import people, projects, teams
from studio.services.setup import FIRST_ADMIN
from studio.views.access import allowed, signed_in
from studio.views.hx import MemberRequest


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page of the first run: its address by name, and what it is called in the list."""

    route: str
    label: str
    heading: str
    text: str


ACCOUNT = Step(
    route="welcome", label="Your account", heading="Welcome. Who are you?",
    text="The name stands on your shots; with e-mail and password you come in from now on.",
)  # fmt: skip
TEAM = Step(
    route="welcome-team", label="Your team", heading="What is the team called?",
    text="People whom you invite see this name at the door.",
)  # fmt: skip
PROJECT = Step(
    route="welcome-project", label="First project", heading="What are you making?",
    text="A project is one production: its shots, its people. You can begin more at any time.",
)  # fmt: skip


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@signed_in
def account(request: MemberRequest) -> HttpResponse:
    """Only while there is no password; later the profile page asks for the current one."""
    user = request.member.user
    following = TEAM.route if permissions.can_rename_team(request.member) else "wall"
    if user.has_usable_password():
        return redirect(following)
    email = "" if user.email == FIRST_ADMIN else user.email
    name = "" if user.email == FIRST_ADMIN else user.name
    form = AccountForm(request.POST or None, initial={"name": name, "email": email})
    if form.done(lambda **values: _set_up(request, user, **values)):
        return redirect(following)
    return _page(request, ACCOUNT, form)


def _set_up(request: MemberRequest, user: User, **values: Any) -> None:
    people.set_up_account(user, **values)
    update_session_auth_hash(request, user)


@require_http_methods(["GET", "POST"])
@allowed(permissions.can_rename_team, "name the team")
def team(request: MemberRequest) -> HttpResponse:
    now = request.member.team
    form = TeamNameForm(request.POST or None, initial={"name": now.name})
    if form.done(
        lambda name: teams.change_team(
            request.member, name=name, time_zone=now.time_zone, credit_price=now.credit_price
        )
    ):
        return redirect(PROJECT.route)
    return _page(request, TEAM, form)


@require_http_methods(["GET", "POST"])
@allowed(permissions.can_rename_team, "name the first project")
def project(request: MemberRequest) -> HttpResponse:
    """The project that every team has from the beginning gets its real name."""
    form = ProjectForm(request.POST or None, initial={"name": request.project.name})
    if form.done(lambda name: projects.rename(request.member, request.project, name=name)):
        return redirect("wall")
    return _page(request, PROJECT, form)


def _page(request: MemberRequest, step: Step, form: StudioForm) -> HttpResponse:
    steps = [ACCOUNT, TEAM, PROJECT] if permissions.is_admin(request.member) else [ACCOUNT]
    context = {"step": step, "steps": steps, "at": steps.index(step), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "people/welcome.html", context, status=status)
