"""The team: its members and their roles, invitations, its name."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from studio import permissions
from studio.forms.teams import InvitationForm, RoleForm, TeamForm
from studio.models import Invitation, Member, Role
from studio.services import teams
from studio.views.access import allowed, invitation_read, member_read, signed_in
from studio.views.hx import MemberRequest
from studio.views.links import absolute
from studio.views.settings import Page

PAGE = Page(
    route="settings-team",
    template="settings/team.html",
    parts=frozenset({"members", "invitations", "team"}),
)


def _context(member: Member, **more: Any) -> Mapping[str, Any]:
    """Members for everybody; what only an admin may do is not in the context of others."""
    members = Member.objects.active().filter(team=member.team).select_related("user")
    context = {"team": member.team, "members": _rows(member, members.order_by("joined_at", "pk"))}
    if permissions.is_admin(member):
        context |= {
            "roles": Role.choices,
            "invitations": _open_invitations(member),
            "invitation_form": InvitationForm(),
            "team_form": TeamForm.of(member.team),
        }
    return {**context, **more}


def _rows(member: Member, members: Any) -> list[dict[str, Any]]:
    return [
        {"member": other, "changeable": permissions.can_change_member(member, other)}
        for other in members
    ]


def _open_invitations(member: Member) -> Any:
    now = timezone.now()
    usable = Invitation.objects.filter(team=member.team, used_at=None, expires_at__gt=now)
    return usable.select_related("invited_by__user").order_by("-pk")


@require_http_methods(["GET", "POST"])
@signed_in
def team(request: MemberRequest) -> HttpResponse:
    if request.method == "GET":
        return PAGE.show(request, _context(request.member))
    permissions.require(permissions.can_rename_team(request.member), "change the team")
    form = TeamForm(request.POST)
    if form.done(lambda **values: teams.change_team(request.member, **values)):
        return PAGE.changed(request, "The team is saved.", lambda: _context(request.member))
    return PAGE.show(request, _context(request.member, team_form=form), status=422)


@never_cache
@require_POST
@allowed(permissions.can_invite, "invite people")
def invite(request: MemberRequest) -> HttpResponse:
    """The link is in this one answer and nowhere else."""
    form = InvitationForm(request.POST)
    made: list[str] = []
    if not form.done(lambda **values: made.append(teams.invite(request.member, **values)[1])):
        return PAGE.show(request, _context(request.member, invitation_form=form), status=422)
    link = absolute(request, "invitation", made[0])
    return PAGE.show(request, _context(request.member, invitation_link=link))


@require_POST
@allowed(permissions.can_invite, "take invitations back")
def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    teams.revoke(request.member, invitation_read(request, pk))
    notice = "The invitation is taken back."
    return PAGE.changed(request, notice, lambda: _context(request.member))


@require_POST
@allowed(permissions.is_admin, "change roles")
def change_role(request: MemberRequest, pk: int) -> HttpResponse:
    other = member_read(request, pk)
    form = RoleForm(request.POST)
    if form.done(lambda role: teams.change_role(request.member, other, role=role)):
        role = Role(form.cleaned_data["role"]).label.lower()
        notice = f"{other} is {role} now."
        return PAGE.changed(request, notice, lambda: _context(request.member))
    problem = " ".join(form.sentences())
    return PAGE.show(request, _context(request.member, members_problem=problem), status=422)


@require_POST
@allowed(permissions.is_admin, "let people go")
def let_go(request: MemberRequest, pk: int) -> HttpResponse:
    other = member_read(request, pk)
    teams.let_go(request.member, other)
    notice = f"{other} is not in the team any more."
    return PAGE.changed(request, notice, lambda: _context(request.member))


@never_cache
@require_POST
@allowed(permissions.is_admin, "make sign-in links")
def sign_in_link(request: MemberRequest, pk: int) -> HttpResponse:
    """The link is in this one answer and nowhere else."""
    other = member_read(request, pk)
    link = absolute(request, "door", teams.sign_in_link(request.member, other))
    return PAGE.show(request, _context(request.member, door_link=link, door_person=other))


@require_POST
@signed_in
def switch(request: MemberRequest) -> HttpResponse:
    """Work in another team of one's own."""
    mine = {str(one.team_id) for one in request.memberships}
    asked = request.POST.get("team", "")
    if asked not in mine:
        raise Http404
    request.session["team"] = int(asked)
    request.session.pop("project", None)
    return redirect("wall")
