"""The bill with its price list, and what to ask for, and whom, where the budget has no room."""

import pytest

from studio import ledger
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Member, Rate
from studio.reports.budgets import granters
from studio.views.asking import asking_of
from studio.views.queue_cards import board_partials
from tests.factories import make_job, make_member, make_price, make_project, make_team
from tests.views.test_orders import TYPED

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    team = make_team(credits=5)
    make_project(team)
    make_price(credits_per_second=2)
    return team


def quoted(client, member, **changes):
    client.force_login(member.user)
    return client.post("/quote/", {**TYPED, "dock": "director", **changes}).content.decode()


class TestBill:
    def test_says_which_price_and_since_when(self, client, team):
        author = make_member(team=team)
        page = quoted(client, author)
        assert "s price, valid since" in page
        assert ">test</span>" in page
        make_price(credits_per_second=3, team=team, source="Set by Mei")
        page = quoted(client, author)
        assert "s own price, valid since" in page
        assert "Set by Mei" in page

    def test_counts_in_the_providers_unit_too(self, client, team):
        author = make_member(team=team)
        Rate.objects.create(unit="SHELL", price=10**10, valid_from=author.joined_at, source="test")
        make_price(amount=40 * MICRO, unit="SHELL", team=team)
        page = quoted(client, author, count="2")
        assert "5 s × 40 SHELL × 2" in page
        assert "400 SHELL" in page

    def test_over_budget_it_says_what_is_missing(self, client, team):
        assert "5 left, 5 missing" in quoted(client, make_member(team=team))


class TestAsking:
    @pytest.mark.parametrize(
        ("names", "label", "who"),
        [
            (["Mei"], "Ask Mei", "Mei"),
            (["Mei", "Bo"], "Ask an admin", "Mei or Bo"),
            (["Mei", "Bo", "Ana", "Jo"], "Ask an admin", "Mei, Bo, Ana or another admin"),
        ],
    )
    def test_names_who_can_grant(self, team, names, label, who):
        for name in names:
            make_member("admin", team=team, name=name)
        asking = asking_of(make_member(team=team), 5)
        assert (asking.label, asking.who_can) == (label, who)

    def test_who_has_left_can_not_be_asked(self, team):
        gone = make_member("admin", team=team, name="Mei")
        Member.objects.filter(pk=gone.pk).update(is_active=False)
        assert granters(team) == []
        assert asking_of(make_member(team=team), 5).who_can == "an admin"

    def test_button_and_sentence(self, client, team):
        make_member("admin", team=team, name="Mei")
        page = quoted(client, make_member(team=team))
        assert "Ask Mei for" in page
        assert '<span class="price">5 cr</span>' in page
        assert "It costs 10 cr, and the budget has 5 cr left." in page
        assert "It waits until Mei grants more." in page

    def test_an_admin_is_led_to_the_grant(self, client, team):
        page = quoted(client, make_member("admin", team=team))
        assert "Let it wait for" in page
        assert "/settings/budget/?amount=5" in page


class TestGrant:
    def test_the_queue_says_how_many_jobs_wait_for_how_much(self, client, team):
        admin = make_member("admin", team=team)
        for _ in range(2):
            make_job(JobStatus.WAITING, author=admin)
        client.force_login(admin.user)
        page = client.get("/queue/").content.decode()
        assert "2 jobs wait for the budget" in page
        ledger.grant(team, -5 * MICRO, actor=None, cause="test")
        page = client.get("/queue/").content.decode()
        assert "2 jobs wait for 4 cr" in page
        assert "/settings/budget/?amount=4" in page

    def test_open_queue_pages_hear_of_it(self, team):
        ledger.grant(team, -5 * MICRO, actor=None, cause="test")
        job = make_job(JobStatus.WAITING, author=make_member(team=team))
        html = board_partials([job.clip_id])[job.clip_id]
        assert 'hx-target="#queue-waiting"' in html
        assert "1 job waits for 2 cr" in html

    @pytest.mark.parametrize(("asked", "shown"), [("55", 'value="55"'), ("0.5", 'value="0.5"')])
    def test_the_link_fills_the_form(self, client, team, asked, shown):
        client.force_login(make_member("admin", team=team).user)
        page = client.get(f"/settings/budget/?amount={asked}").content.decode()
        assert shown in page
        assert "Jobs wait for it" in page

    @pytest.mark.parametrize("asked", ["x", "1e99", "<b>", "0"])
    def test_what_can_not_be_granted_fills_nothing(self, client, team, asked):
        client.force_login(make_member("admin", team=team).user)
        page = client.get("/settings/budget/", {"amount": asked}).content.decode()
        assert "Jobs wait for it" not in page

    def test_an_author_sees_no_form(self, client, team):
        client.force_login(make_member(team=team).user)
        assert "Jobs wait for it" not in client.get("/settings/budget/?amount=5").content.decode()
