"""The door: passwords, lock-out, one-time links, first run, invitations, password change."""

from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.models import Invitation, Member, Project, SignInLink
from studio.services import setup, teams
from tests.factories import PASSWORD, make_member, make_project, make_team

pytestmark = pytest.mark.django_db
NEW = "a long and quite new password"


@pytest.fixture
def ana():
    member = make_member("author", name="Ana Ruiz")
    make_project(member.team)
    return member


def _sign_in(client, email, password, **more):
    return client.post(reverse("sign-in"), {"email": email, "password": password, **more})


def _inside(client) -> bool:
    return client.get(reverse("settings-profile")).status_code == 200


class TestSignIn:
    def test_right_password_leads_to_the_wall_with_a_new_session(self, client, ana):
        client.get(reverse("sign-in"))
        session = client.session
        session["seed"] = "planted"
        session.save()
        planted = session.session_key
        client.cookies["sessionid"] = planted
        response = _sign_in(client, ana.user.email.upper(), PASSWORD, keep="on")
        assert response.url == reverse("wall")
        assert client.session.session_key != planted
        assert _inside(client)

    def test_without_keep_the_session_ends_with_the_browser(self, client, ana):
        _sign_in(client, ana.user.email, PASSWORD)
        assert client.session.get_expire_at_browser_close()
        assert client.cookies["sessionid"]["max-age"] == ""

    @pytest.mark.parametrize("email", ["known", "nobody@example.org"])
    def test_wrong_password_says_the_same_of_known_and_unknown(self, client, ana, email):
        response = _sign_in(client, ana.user.email if email == "known" else email, "wrong")
        assert response.status_code == 422
        assert "That password does not fit this e-mail. 9 tries left." in response.content.decode()

    @pytest.mark.parametrize(
        ("wanted", "leads"),
        [
            ("/settings/team/", "/settings/team/"),
            ("https://evil.example/", "/"),
            ("//evil.example/", "/"),
            ("javascript:alert(1)", "/"),
            ("", "/"),
        ],
    )
    def test_next_stays_in_the_house(self, client, ana, wanted, leads):
        assert _sign_in(client, ana.user.email, PASSWORD, next=wanted).url == leads

    def test_person_without_a_team_reads_why(self, client, ana):
        Member.objects.filter(pk=ana.pk).update(is_active=False)
        _sign_in(client, ana.user.email, PASSWORD)
        response = client.get(reverse("wall"), follow=True)
        assert "is in no team at the moment" in response.content.decode()

    def test_person_without_a_password_does_not_get_in_by_an_empty_one(self, client, ana):
        ana.user.set_unusable_password()
        ana.user.save()
        assert _sign_in(client, ana.user.email, "!").status_code == 422

    def test_sign_out_ends_the_session(self, client, ana):
        client.force_login(ana.user)
        client.post(reverse("sign-out"))
        assert not _inside(client)


class TestLockOut:
    @pytest.fixture(autouse=True)
    def _three_tries(self, settings):
        settings.AXES_FAILURE_LIMIT = 3

    def _lock(self, client, email):
        return [_sign_in(client, email, "wrong").status_code for _ in range(3)]

    @pytest.mark.parametrize("email", ["known", "nobody@example.org"])
    def test_last_try_closes_the_door_calmly(self, client, ana, email):
        email = ana.user.email if email == "known" else email
        assert self._lock(client, email) == [422, 422, 429]
        response = _sign_in(client, email, PASSWORD)
        assert response.status_code == 429
        assert "The door is closed for a while" in response.content.decode()
        assert response["Retry-After"] == "1800"

    def test_the_person_elsewhere_and_others_here_still_get_in(self, client, ana):
        self._lock(client, ana.user.email)
        elsewhere = Client(REMOTE_ADDR="203.0.113.9")
        assert _sign_in(elsewhere, ana.user.email, PASSWORD).status_code == 302
        assert _sign_in(client, make_member(team=ana.team).user.email, PASSWORD).status_code == 302

    def test_a_sign_in_link_still_opens(self, client, ana):
        self._lock(client, ana.user.email)
        client.post(reverse("door", args=[setup.sign_in_token(ana.user)]))
        assert _inside(client)


class TestDoor:
    def test_looking_does_not_spend_the_link(self, client, ana):
        url = reverse("door", args=[setup.sign_in_token(ana.user)])
        for _ in range(3):
            page = client.get(url)
            assert "Sign in as Ana Ruiz" in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        assert page["Referrer-Policy"] == "same-origin"
        assert client.post(url).url == reverse("wall")
        assert _inside(client)

    def test_second_use_is_refused(self, client, ana):
        url = reverse("door", args=[setup.sign_in_token(ana.user)])
        client.post(url)
        other = Client()
        for response in (other.get(url), other.post(url)):
            assert response.status_code == 410
            assert "was used or has expired" in response.content.decode()
        assert not _inside(other)

    def test_expired_link_is_refused(self, client, ana):
        url = reverse("door", args=[setup.sign_in_token(ana.user)])
        SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert [client.get(url).status_code, client.post(url).status_code] == [410, 410]

    def test_unknown_token_is_404(self, client):
        url = reverse("door", args=["a" * 43])
        assert [client.get(url).status_code, client.post(url).status_code] == [404, 404]

    def test_takes_the_place_of_another_session(self, client, ana):
        client.force_login(make_member().user)
        client.post(reverse("door", args=[setup.sign_in_token(ana.user)]))
        assert client.session[SESSION_KEY] == str(ana.user.pk)


class TestFirstRun:
    @pytest.fixture
    def admin(self, client):
        team = make_team(name="My studio")
        member = make_member("admin", team=team)
        Project.objects.create(team=team, name="First project", created_by=member)
        member.user.email = setup.FIRST_ADMIN
        member.user.set_unusable_password()
        member.user.save()
        return member

    def test_leads_from_the_link_to_the_wall(self, client, admin):
        door = reverse("door", args=[setup.sign_in_token(admin.user)])
        assert client.post(door).url == reverse("welcome")
        person = {"name": "Ana", "email": "Ana@Studio.example", "password": NEW}
        assert client.post(reverse("welcome"), person).url == reverse("welcome-team")
        named = client.post(reverse("welcome-team"), {"name": "Northlight"})
        assert named.url == reverse("welcome-project")
        assert client.post(reverse("welcome-project"), {"name": "Meltwater"}).url == reverse("wall")
        admin.refresh_from_db()
        assert (admin.team.name, admin.team.projects.get().name) == ("Northlight", "Meltwater")
        assert _sign_in(Client(), "ana@studio.example", NEW).status_code == 302

    def test_says_what_is_missing(self, client, admin):
        client.force_login(admin.user)
        response = client.post(reverse("welcome"), {"name": "", "email": "x", "password": "short"})
        text = response.content.decode()
        assert response.status_code == 422
        assert "Your name is needed" in text
        assert "E-mail must look like" in text
        assert "at least 10 characters" in text

    def test_email_of_somebody_else_is_refused(self, client, admin, ana):
        client.force_login(admin.user)
        person = {"name": "Eve", "email": ana.user.email, "password": NEW}
        assert client.post(reverse("welcome"), person).status_code == 422
        admin.user.refresh_from_db()
        assert (admin.user.email, admin.user.has_usable_password()) == (setup.FIRST_ADMIN, False)

    def test_is_no_way_around_the_current_password(self, client, ana):
        client.force_login(ana.user)
        client.post(reverse("welcome"), {"name": "X", "email": "x@x.example", "password": NEW})
        ana.user.refresh_from_db()
        assert ana.user.check_password(PASSWORD)


class TestInvitation:
    @pytest.fixture
    def admin(self):
        member = make_member("admin")
        make_project(member.team)
        return member

    def test_new_person_joins_and_is_inside(self, client, admin):
        _, token = teams.invite(admin, role="reviewer", email="mei@x.example")
        url = reverse("invitation", args=[token])
        assert "no-store" in client.get(url)["Cache-Control"]
        body = {"name": "Mei", "email": "eve@x.example", "password": NEW}
        assert client.post(url, body).url == reverse("wall")
        assert _inside(client)
        assert admin.team.members.filter(user__email="mei@x.example", role="reviewer").exists()

    def test_person_of_another_team_joins_with_the_account_and_sees_the_new_team(
        self, client, admin, ana
    ):
        client.force_login(ana.user)
        _, token = teams.invite(admin, role="author")
        url = reverse("invitation", args=[token])
        assert "Join as Ana Ruiz" in client.get(url).content.decode()
        client.post(url)
        page = client.get(reverse("settings-team")).content.decode()
        assert admin.team.name in page
        client.post(reverse("switch-team"), {"team": ana.team_id})
        assert admin.user.email not in client.get(reverse("settings-team")).content.decode()

    def test_member_does_not_spend_it(self, client, admin):
        client.force_login(admin.user)
        _, token = teams.invite(admin, role="reviewer")
        client.post(reverse("invitation", args=[token]))
        assert Invitation.known(token).is_usable
        admin.refresh_from_db()
        assert admin.role == "admin"

    def test_spent_and_unknown_are_told_apart(self, client, admin):
        invitation, token = teams.invite(admin, role="author")
        teams.revoke(admin, invitation)
        response = client.get(reverse("invitation", args=[token]))
        assert response.status_code == 410
        assert teams.SPENT in response.content.decode()
        assert client.get(reverse("invitation", args=["b" * 43])).status_code == 404


class TestPassword:
    def test_change_ends_other_sessions_and_open_links_but_not_this_one(self, client, ana):
        other = Client()
        client.force_login(ana.user)
        other.force_login(ana.user)
        token = setup.sign_in_token(ana.user)
        client.post(reverse("password"), {"current": PASSWORD, "new": NEW})
        assert (_inside(client), _inside(other)) == (True, False)
        assert not SignInLink.known(token).is_usable

    @pytest.mark.parametrize(
        ("current", "new", "said"),
        [
            ("wrong", NEW, "That is not your current password."),
            (PASSWORD, "short", "at least 10 characters"),
            (PASSWORD, "password123", "too common"),
        ],
    )
    def test_refused_change_says_why(self, client, ana, current, new, said):
        client.force_login(ana.user)
        response = client.post(reverse("password"), {"current": current, "new": new})
        assert response.status_code == 422
        assert said in response.content.decode()
        ana.user.refresh_from_db()
        assert ana.user.check_password(PASSWORD)


class TestCsrf:
    def test_stale_form_reads_a_sentence(self, ana):
        response = Client(enforce_csrf_checks=True).post(reverse("sign-in"), {})
        assert response.status_code == 403
        assert "Load it again" in response.content.decode()

    def test_stale_htmx_request_gets_a_toast(self, ana):
        client = Client(enforce_csrf_checks=True, headers={"HX-Request": "true"})
        response = client.post(reverse("sign-in"), {})
        assert response["HX-Retarget"] == "#toasts"
        assert "<html" not in response.content.decode()
