"""Who belongs to a team, and that nobody gets in or stays in who should not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.errors import LinkSpent, NameTaken, NotAllowed
from studio.models import Invitation, Member, Role, SignInLink
from studio.services import teams
from tests.factories import make_member, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_member(Role.ADMIN)


class TestInvite:
    def test_only_a_digest_of_the_token_is_stored(self, admin):
        invitation, token = teams.invite(admin, role="author")
        assert len(token) >= 43
        assert token not in [str(value) for value in vars(invitation).values()]
        assert Invitation.known(token) == invitation

    @pytest.mark.parametrize("role", ["author", "reviewer"])
    def test_others_may_not(self, role):
        with pytest.raises(NotAllowed):
            teams.invite(make_member(role), role="author")


class TestJoin:
    def test_new_person_gets_account_and_role(self, admin):
        invitation, _ = teams.invite(admin, role="reviewer")
        member = teams.join_as_new(invitation, name="Ana", email="ana@x.example", password="p")
        assert (member.team, member.role) == (admin.team, "reviewer")
        assert member.user.check_password("p")

    def test_fixed_email_wins_over_the_given_one(self, admin):
        invitation, _ = teams.invite(admin, role="author", email="ana@x.example")
        member = teams.join_as_new(invitation, name="Ana", email="eve@x.example", password="p")
        assert member.user.email == "ana@x.example"

    def test_second_use_is_refused_and_leaves_no_account(self, admin):
        invitation, _ = teams.invite(admin, role="author")
        teams.join_as_new(invitation, name="Ana", email="ana@x.example", password="p")
        with pytest.raises(LinkSpent):
            teams.join_as_new(invitation, name="Eve", email="eve@x.example", password="p")
        assert not Member.objects.filter(user__email="eve@x.example").exists()

    def test_known_email_is_refused_and_the_invitation_stays(self, admin):
        invitation, token = teams.invite(admin, role="author")
        with pytest.raises(NameTaken):
            teams.join_as_new(invitation, name="Eve", email=admin.user.email, password="p")
        assert Invitation.known(token).is_usable

    def test_person_of_another_team_has_both(self, admin):
        other = make_member("author")
        invitation, _ = teams.invite(admin, role="reviewer")
        teams.join(other.user, invitation)
        roles = Member.objects.filter(user=other.user).values_list("team", "role")
        assert set(roles) == {(other.team_id, "author"), (admin.team_id, "reviewer")}

    def test_who_was_let_go_comes_back_in_the_new_role(self, admin):
        other = make_member("author", team=admin.team)
        teams.let_go(admin, other)
        invitation, _ = teams.invite(admin, role="reviewer")
        member = teams.join(other.user, invitation)
        assert (member.pk, member.is_active, member.role) == (other.pk, True, "reviewer")

    def test_invitation_for_somebody_else_is_refused(self, admin):
        invitation, token = teams.invite(admin, role="author", email="ana@x.example")
        with pytest.raises(NotAllowed, match="for ana@x"):
            teams.join(make_member().user, invitation)
        assert Invitation.known(token).is_usable


class TestSpentInvitation:
    def test_revoked(self, admin):
        invitation, _ = teams.invite(admin, role="author")
        teams.revoke(admin, invitation)
        self._is_refused(invitation)

    def test_expired(self, admin):
        invitation, _ = teams.invite(admin, role="author")
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        self._is_refused(invitation)

    def test_of_an_admin_who_was_let_go(self, admin):
        former = make_member(Role.ADMIN, team=admin.team)
        invitation, _ = teams.invite(former, role="admin")
        teams.let_go(admin, former)
        self._is_refused(invitation)

    def test_of_an_admin_who_is_author_now(self, admin):
        former = make_member(Role.ADMIN, team=admin.team)
        invitation, _ = teams.invite(former, role="admin")
        teams.change_role(admin, former, role="author")
        self._is_refused(invitation)

    @staticmethod
    def _is_refused(invitation):
        invitation.refresh_from_db()
        with pytest.raises(LinkSpent):
            teams.join(make_member().user, invitation)


class TestRoles:
    def test_admin_changes_a_role_and_lets_go(self, admin):
        other = make_member("author", team=admin.team)
        teams.change_role(admin, other, role="reviewer")
        teams.let_go(admin, other)
        other.refresh_from_db()
        assert (other.role, other.is_active) == ("reviewer", False)

    @pytest.mark.parametrize(
        "act", [teams.let_go, lambda *who: teams.change_role(*who, role="author")]
    )
    def test_nobody_changes_their_own(self, admin, act):
        with pytest.raises(NotAllowed):
            act(admin, admin)

    @pytest.mark.parametrize(
        "act", [teams.let_go, lambda *who: teams.change_role(*who, role="author")]
    )
    def test_two_admins_who_end_each_other_leave_one(self, admin, act):
        second = make_member(Role.ADMIN, team=admin.team)
        act(admin, second)
        with pytest.raises(NotAllowed, match="needs an admin"):
            act(second, admin)  # by what `second` knew when the page was loaded
        admin.refresh_from_db()
        assert (admin.role, admin.is_active) == ("admin", True)

    def test_member_of_another_team_is_out_of_reach(self, admin):
        with pytest.raises(NotAllowed):
            teams.let_go(admin, make_member())


class TestSignInLink:
    def test_stores_a_digest_and_opens_for_that_person(self, admin):
        other = make_member(team=admin.team)
        token = teams.sign_in_link(admin, other)
        link = SignInLink.known(token)
        assert link.user == other.user
        assert token not in [str(value) for value in vars(link).values()]

    def test_not_for_a_person_with_another_team(self, admin):
        other = make_member(team=admin.team)
        Member.objects.create(team=make_team(), user=other.user, role="author")
        with pytest.raises(NotAllowed, match="beyond this team"):
            teams.sign_in_link(admin, other)

    def test_not_for_a_superuser_by_who_is_none(self, admin):
        other = make_member(Role.ADMIN, team=admin.team)
        other.user.is_superuser = True
        other.user.save()
        with pytest.raises(NotAllowed, match="beyond this team"):
            teams.sign_in_link(admin, other)

    def test_not_by_an_author(self, admin):
        with pytest.raises(NotAllowed):
            teams.sign_in_link(make_member("author", team=admin.team), admin)
