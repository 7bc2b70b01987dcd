"""Settings pages: links shown once, parts for htmx, and what each role gets to see."""

import re

import pytest
from django.urls import reverse

from studio import ledger
from studio.core.money import MICRO
from studio.models import Invitation, PriceVersion, SignInLink, StoredAccount
from tests.factories import make_job, make_member, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    member = make_member("admin")
    make_project(member.team)
    client.force_login(member.user)
    return member


def _htmx(part: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": f"section#{part}"}


class TestLinksShownOnce:
    def test_invitation(self, client, admin, settings):
        settings.PUBLIC_URL = "https://studio.example"
        response = client.post(reverse("invite"), {"role": "author"})
        (token,) = re.findall(r'"https://studio.example/join/([^/"]+)/"', response.content.decode())
        assert Invitation.known(token).team == admin.team
        assert "no-store" in response["Cache-Control"]
        assert token not in client.get(reverse("settings-team")).content.decode()

    def test_sign_in_link(self, client, admin):
        other = make_member(team=admin.team)
        response = client.post(reverse("member-link", args=[other.pk]))
        (token,) = re.findall(r'"http://testserver/door/([^/"]+)/"', response.content.decode())
        assert SignInLink.known(token).user == other.user
        assert token not in client.get(reverse("settings-team")).content.decode()


class TestParts:
    def test_htmx_gets_the_part_whose_root_has_its_name(self, client, admin):
        body = {"able": "animatic/animatic-1", "per": "second", "amount": "2"}
        response = client.post(reverse("price"), body, headers=_htmx("prices"))
        text = response.content.decode().strip()
        assert text.startswith('<div class="stack stack-4" id="prices"')
        assert "valid from now on" in text
        assert "HX-Target" in response["Vary"]

    def test_wrong_value_gives_the_form_back_with_it(self, client, admin):
        body = {"able": "animatic/animatic-1", "per": "second", "amount": "-3"}
        response = client.post(reverse("price"), body)
        text = response.content.decode()
        assert response.status_code == 422
        assert "Amount must be a number from 0 to 100,000" in text
        assert 'value="-3"' in text
        assert not PriceVersion.objects.filter(team=admin.team).exists()

    @pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", "x", "", "0.0000001"])
    def test_no_amount_is_no_amount(self, client, admin, value):
        body = {"amount": value, "reason": "test"}
        assert client.post(reverse("grant"), body).status_code == 422

    def test_preview_changes_nothing(self, client, admin):
        body = {"able": "animatic/animatic-1", "per": "second", "amount": "2"}
        response = client.post(reverse("price-preview"), body, headers=_htmx("price-preview"))
        assert "would cost <b>10 cr</b>" in response.content.decode()
        assert not PriceVersion.objects.filter(team=admin.team).exists()


class TestAccount:
    def test_what_the_environment_says_is_not_stored_as_if_the_page_had(
        self, client, admin, settings
    ):
        told = {"key": "sk-canary-4f2a", "base_url": "https://a.example", "slots": 3,
                "enabled": True}  # fmt: skip
        settings.PROVIDERS = {**settings.PROVIDERS, "runware": told}
        client.post(reverse("account", args=["runware"]), {"base_url": "https://b.example"})
        row = StoredAccount.objects.get(provider="runware")
        assert (row.key, row.base_url, row.slots, row.enabled) == ("", "", None, None)


class TestGrant:
    def test_gives_and_takes_back_with_the_reason_in_the_ledger(self, client, admin):
        client.post(reverse("grant"), {"amount": "500", "reason": "for the trailer"})
        client.post(reverse("grant"), {"amount": "-200", "reason": "too much"})
        assert ledger.team_budget(admin.team).available == 1300 * MICRO
        page = client.get(reverse("settings-budget")).content.decode()
        assert "for the trailer" in page
        assert "−200" in page

    def test_not_more_than_is_free(self, client, admin):
        response = client.post(reverse("grant"), {"amount": "-1001", "reason": "all"})
        assert response.status_code == 422
        assert "Only 1,000 credits are free to take back." in response.content.decode()


class TestWhatOthersSee:
    @pytest.mark.parametrize("role", ["author", "reviewer"])
    def test_no_mail_addresses_links_or_forms_of_the_team(self, client, admin, role):
        client.force_login(make_member(role, team=admin.team).user)
        page = client.get(reverse("settings-team")).content.decode()
        assert admin.user.name in page
        for word in (admin.user.email, "Let go", "Sign-in link", "Invitations"):
            assert word not in page

    def test_reviewer_reads_why_there_is_no_budget_and_sees_no_credits(self, client, admin):
        client.force_login(make_member("reviewer", team=admin.team).user)
        response = client.get(reverse("settings-budget"))
        assert response.status_code == 403
        assert "You may not see the budget. Ask an admin" in response.content.decode()
        assert "stat-credits" not in client.get(reverse("settings-profile")).content.decode()


class TestLists:
    @pytest.mark.parametrize(
        "route",
        [
            "settings-team",
            "settings-projects",
            "settings-providers",
            "settings-prices",
            "settings-budget",
        ],
    )
    def test_number_of_queries_does_not_grow(
        self, client, admin, route, django_assert_max_num_queries
    ):
        def more() -> None:
            make_job(author=make_member(team=admin.team))
            make_project(admin.team)

        more()
        with django_assert_max_num_queries(18) as first:
            client.get(reverse(route))
        for _ in range(4):
            more()
        with django_assert_max_num_queries(len(first)):
            client.get(reverse(route))


class TestProjects:
    def test_new_project_is_opened_and_can_be_switched(self, client, admin):
        client.post(reverse("projects"), {"name": "Cliff"})
        assert client.session["project"] == admin.team.projects.get(name="Cliff").pk
        first = admin.team.projects.first()
        client.post(reverse("switch-project"), {"project": first.pk})
        assert client.session["project"] == first.pk

    @pytest.mark.parametrize("value", ["", "x", "9" * 30, "²"])
    def test_nonsense_is_404(self, client, admin, value):
        assert client.post(reverse("switch-project"), {"project": value}).status_code == 404
        assert client.post(reverse("switch-team"), {"team": value}).status_code == 404

    def test_taken_name_is_said(self, client, admin):
        client.post(reverse("projects"), {"name": "Cliff"})
        response = client.post(reverse("projects"), {"name": "Cliff"})
        assert response.status_code == 422
        assert "There is a project “Cliff” already" in response.content.decode()
