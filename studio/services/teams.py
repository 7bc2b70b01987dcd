"""Who belongs to a team: invite, join, change roles, let go, and open the door again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from studio import permissions
from studio.core import filenames
from studio.core.errors import InvalidDownload, LinkSpent, NotAllowed
from studio.models import Invitation, Member, Role, Team, User
from studio.services import rules
from studio.services.people import new_account
from studio.services.setup import sign_in_token

INVITATION_LIFETIME = timedelta(days=7)


def invite(member: Member, *, role: str, email: str = "") -> tuple[Invitation, str]:
    """Make an invitation; its token is returned this once. With an e-mail only that person fits."""
    permissions.require(permissions.can_invite(member), "invite people")
    return Invitation.issue(
        lifetime=INVITATION_LIFETIME, team=member.team, role=role, email=email, invited_by=member
    )


def revoke(member: Member, invitation: Invitation) -> None:
    """Take an invitation back; its link says so from now on."""
    permissions.require(permissions.can_invite(member), "take invitations back")
    assert invitation.team_id == member.team_id, "pages answered 404 before"
    Invitation.objects.filter(pk=invitation.pk, used_at=None).update(expires_at=timezone.now())


def join(user: User, invitation: Invitation) -> Member:
    """Spend the invitation for somebody who has an account. Raises LinkSpent, NotAllowed."""
    if invitation.email and invitation.email != user.email:
        raise NotAllowed(
            f"This invitation is for {invitation.email}, and you are signed in as {user.email}."
        )
    with transaction.atomic():
        _spend(invitation)
        member, _ = Member.objects.get_or_create(team=invitation.team, user=user)
        member.role, member.is_active = invitation.role, True
        member.save(update_fields=["role", "is_active"])
        _let_decisions_follow(invitation.team)
    return member


def join_as_new(invitation: Invitation, *, name: str, email: str, password: str) -> Member:
    """Make an account and join with it. Raises LinkSpent, NameTaken."""
    with transaction.atomic():
        user = new_account(name=name, email=invitation.email or email, password=password)
        return join(user, invitation)


SPENT = (
    "This invitation was used, was taken back or has expired. Ask whoever sent it for a new one."
)


def _spend(invitation: Invitation) -> None:
    if not (invitation.is_usable and invitation.use()):
        raise LinkSpent(SPENT)


def change_role(member: Member, other: Member, *, role: str) -> None:
    permissions.require(permissions.can_change_member(member, other), "change this role")
    with _an_admin_stays(member.team):
        Member.objects.filter(pk=other.pk).update(role=role)
        if role != Role.ADMIN:
            _revoke_all_of(other)
        _let_decisions_follow(member.team)


def let_go(member: Member, other: Member) -> None:
    """Close the team's door behind somebody; their name stays on their work."""
    permissions.require(permissions.can_change_member(member, other), "let this person go")
    with _an_admin_stays(member.team):
        Member.objects.filter(pk=other.pk).update(is_active=False)
        _revoke_all_of(other)
        _let_decisions_follow(member.team)


def _let_decisions_follow(team: Team) -> None:
    """After the commit, as it may take a while: somebody else's decisions count now."""
    transaction.on_commit(lambda: rules.follow_people(team))


@contextmanager
def _an_admin_stays(team: Team) -> Iterator[None]:
    """Undo what is done inside if it left the team without an admin, whoever else is changing it."""
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        yield
        if not Member.objects.active().filter(team=team, role=Role.ADMIN).exists():
            raise NotAllowed("A team needs an admin: make somebody else one first.")


def _revoke_all_of(former: Member) -> None:
    """Nobody gets in by the word of somebody who may not invite any more."""
    Invitation.objects.filter(invited_by=former, used_at=None).update(expires_at=timezone.now())


def sign_in_link(member: Member, other: Member) -> str:
    """The token of a one-time link for a member who forgot the password; returned this once."""
    permissions.require(permissions.is_admin(member), "make sign-in links")
    if not permissions.can_make_sign_in_link(member, other):
        raise NotAllowed(
            f"{other} has rights beyond this team. Whoever runs the server can set a new "
            "password with “manage.py changepassword”."
        )
    return sign_in_token(other.user)


def name_files(member: Member, *, file_names: str) -> None:
    """How downloads of the team are called. Raises InvalidDownload."""
    permissions.require(permissions.can_name_files(member), "say how files are called")
    try:
        template = filenames.Template.read(file_names)
    except ValueError as error:
        raise InvalidDownload(str(error)) from error
    Team.objects.filter(pk=member.team_id).update(file_names=template.text)
    member.team.file_names = template.text


def change_team(member: Member, *, name: str, time_zone: str, credit_price: int) -> None:
    """`credit_price` is what one credit costs, in micro-USD."""
    permissions.require(permissions.can_rename_team(member), "change the team")
    team = member.team
    team.name, team.time_zone, team.credit_price = name, time_zone, credit_price
    team.save(update_fields=["name", "time_zone", "credit_price"])
