"""The page of budgets: what it shows, its forms, what they refuse, and the requests to decide."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.ledger import today_of
from studio.models import Cap, CapPeriod, CapRequest
from studio.reports.caps import PAGE, caps_of, requests_of
from studio.views.queue_cards import board_partials
from tests.factories import (
    make_cap,
    make_job,
    make_member,
    make_price,
    make_project,
    make_request,
    make_team,
)
from tests.views.test_orders import TYPED

pytestmark = pytest.mark.django_db

ADD = {"every": "month", "amount": "500", "warn_at": "80", "stops": "on"}


@pytest.fixture
def mei(db):
    mei = make_member("admin", team=make_team(name="Northlight"), name="Mei")
    make_project(mei.team)
    return mei


@pytest.fixture
def jonas(mei):
    return make_member(team=mei.team, name="Jonas")


@pytest.fixture
def page(client):
    """What somebody sees, as text."""

    def get(member, query=""):
        client.force_login(member.user)
        return client.get(f"/costs/budgets/{query}").content.decode()

    return get


def use(cap, credits):
    CapPeriod.objects.filter(cap=cap).update(used=credits * MICRO)


class TestPanel:
    def test_says_how_much_is_used_of_what(self, mei, page):
        use(make_cap(mei, 12_000), 6990)
        shown = page(mei)
        assert "Northlight, all projects" in shown
        assert '<span class="dim">6,990</span> <span class="faint">of 12,000</span>' in shown
        assert "Warns at 80 %, stops at 100 %" in shown
        assert f"Budgets, {today_of(mei.team):%B}" in shown

    @pytest.mark.parametrize(
        ("credits", "said"),
        [(1505, "95 cr left, then Jonas asks Mei"), (1600, "Nothing left, Jonas asks Mei")],
    )
    def test_near_its_end_it_says_what_comes_then(self, mei, jonas, page, credits, said):
        use(make_cap(mei, 1600, member=jonas), credits)
        assert said in page(mei)

    def test_one_that_never_stops_says_so(self, mei, page):
        use(make_cap(mei, 2000, stops=False), 3000)
        assert "never stops" in page(mei)

    def test_is_what_the_report_includes(self, mei):
        make_cap(mei)
        budgets = caps_of(mei.team, today_of(mei.team))
        assert [row.title for row in budgets.rows] == ["Northlight, all projects"]
        assert not budgets.may_add

    def test_only_admins_find_edit_and_add(self, mei, jonas, page):
        make_cap(mei)
        assert "Edit budget for" in page(mei)
        shown = page(jonas)
        assert "Edit budget for" not in shown
        assert "New budget" not in shown

    def test_those_of_the_studio_are_for_who_runs_it(self, mei, page):
        make_cap(mei, of_studio=True)
        assert "The studio, all teams" in page(mei)
        other = make_member("admin")
        make_project(other.team)
        assert 'id="budget-' not in page(other).replace('id="budget-parts', "")

    def test_another_team_has_its_own(self, mei, page):
        make_cap(mei, member=mei)
        other = make_member("admin")
        make_project(other.team)
        assert "Mei" not in page(other)

    def test_goes_on_page_by_page(self, mei, page):
        for number in range(PAGE + 1):
            make_cap(mei, member=make_member(team=mei.team, name=f"Person no {number}"))
        first = Cap.objects.order_by("pk")[PAGE - 1]
        assert f"?after={first.pk}" in page(mei)
        assert 'class="budget" id="budget-' in page(mei, f"?after={first.pk}")
        assert "There are no more budgets" in page(mei, f"?after={Cap.objects.latest('pk').pk}")

    @pytest.mark.parametrize("query", ["?after=x", "?before=-1", f"?after={'9' * 30}"])
    def test_keys_that_are_none_are_passed_over(self, mei, page, query):
        assert "Budgets" in page(mei, query)

    def test_queries_do_not_grow(self, mei, client, django_assert_max_num_queries):
        client.force_login(mei.user)
        for number in range(10):
            jonas = make_member(team=mei.team, name=f"Person {number}")
            cap = make_cap(mei, member=jonas, project=mei.team.projects.first())
            make_request(jonas, cap=cap)
            make_request(jonas, cap=cap, decided_at=timezone.now(), decided_by=mei)
        with django_assert_max_num_queries(24):
            client.get("/costs/budgets/")


class TestAdd:
    def add(self, client, by, /, **changes):
        client.force_login(by.user)
        return client.post("/costs/budgets/add/", {**ADD, **changes})

    def test_whole(self, mei, jonas, client):
        project = mei.team.projects.first()
        answer = self.add(
            client, mei, member=jonas.pk, project=project.pk, provider="runware", amount="12.5"
        )
        assert answer.url == "/costs/budgets/"
        cap = Cap.objects.get()
        assert (cap.member, cap.project, cap.provider) == (jonas, project, "runware")
        assert (cap.amount, cap.warn_at, cap.stops, cap.every) == (12_500_000, 80, True, "month")

    def test_with_htmx_the_parts_come_back(self, mei, client):
        client.force_login(mei.user)
        headers = {"HX-Request": "true", "HX-Target": "div#budget-parts"}
        answer = client.post("/costs/budgets/add/", ADD, headers=headers)
        assert answer.content.decode().strip().startswith('<div class="stack stack-4" id="budget-p')
        assert "The budget counts from now on." in answer.content.decode()

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("amount", "-1", "Amount must be a number of credits above 0"),
            ("amount", "0", "Amount must be a number of credits above 0"),
            ("amount", "1000000000000", "at most 100,000,000"),
            ("amount", "many", "Amount must be a number"),
            ("amount", "NaN", "Amount must be a number"),
            ("amount", "Infinity", "Amount must be a number"),
            ("amount", "1e99", "Amount must be a number"),
            ("amount", "0.0000001", "Amount must be a number"),
            ("amount", "", "Amount must be a number"),
            ("warn_at", "0", "Warn at must be a whole number from 1 to 100"),
            ("warn_at", "101", "Warn at must be a whole number from 1 to 100"),
            ("warn_at", "half", "Warn at must be a whole number from 1 to 100"),
            ("every", "year", "Begins anew must be a day, a week, a month or for good."),
            ("every", "", "Begins anew must be a day, a week, a month or for good."),
            ("provider", "nobody", "Provider must be one of the list, not “nobody”."),
            ("project", "0", "Project must be one of the list."),
            ("member", "me", "Person must be one of the list."),
        ],
    )
    def test_bad_values_are_named_and_kept(self, mei, client, field, value, said):
        answer = self.add(client, mei, **{field: value})
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert said in shown
        assert shown.count('class="error"') == 1
        if field in {"amount", "warn_at"} and value:
            assert f'value="{value}"' in shown
        assert not Cap.objects.exists()

    def test_rows_of_another_team_are_not_in_the_list(self, mei, client):
        stranger = make_member()
        theirs = make_project(stranger.team)
        for changes in ({"member": stranger.pk}, {"project": theirs.pk}):
            answer = self.add(client, mei, **changes)
            assert answer.status_code == 422
            assert "must be one of the list." in answer.content.decode()

    def test_the_same_twice_is_refused_in_words(self, mei, client):
        make_cap(mei)
        answer = self.add(client, mei)
        assert answer.status_code == 422
        assert "for Northlight, all projects, a month, already; edit that one." in (
            answer.content.decode()
        )

    def test_below_what_is_held_is_refused_in_words(self, mei, jonas, client):
        make_price(credits_per_second=30)
        make_job(JobStatus.QUEUED, author=jonas)
        answer = self.add(client, mei, amount="29")
        assert answer.status_code == 422
        assert "30 credits of it are held or spent already; enter at least 30" in (
            answer.content.decode()
        )

    def test_of_all_teams_is_no_field_for_others(self, mei, client):
        other = make_member("admin")
        make_project(other.team)
        self.add(client, other, of_studio="on")
        assert Cap.objects.get().team == other.team

    def test_of_all_teams_has_no_person(self, mei, jonas, client):
        answer = self.add(client, mei, of_studio="on", member=jonas.pk)
        assert "has no project and no person" in answer.content.decode()


class TestEdit:
    def test_its_form_is_open_with_what_it_has(self, mei, page):
        cap = make_cap(mei, 250, warn_at=70)
        shown = page(mei, f"{cap.pk}/")
        assert 'value="250"' in shown
        assert 'value="70"' in shown

    def test_saved(self, mei, client):
        cap = make_cap(mei, 250)
        client.force_login(mei.user)
        answer = client.post(f"/costs/budgets/{cap.pk}/", {"amount": "300", "warn_at": "90"})
        assert answer.status_code == 302
        cap.refresh_from_db()
        assert (cap.amount, cap.warn_at, cap.stops) == (300 * MICRO, 90, False)
        assert cap.periods.get().limit == 300 * MICRO

    def test_refused_the_form_stays_open(self, mei, client):
        cap = make_cap(mei, 250)
        client.force_login(mei.user)
        answer = client.post(f"/costs/budgets/{cap.pk}/", {"amount": "x", "warn_at": "90"})
        assert answer.status_code == 422
        assert 'value="x"' in answer.content.decode()

    def test_removed_can_be_undone(self, mei, client):
        cap = make_cap(mei)
        client.force_login(mei.user)
        shown = client.post(f"/costs/budgets/{cap.pk}/remove/").content.decode()
        assert "The budget of Northlight, all projects is removed." in shown
        assert f"/costs/budgets/{cap.pk}/restore/" in shown
        assert not Cap.objects.standing().exists()
        client.post(f"/costs/budgets/{cap.pk}/restore/")
        assert Cap.objects.standing().exists()


class TestRequests:
    def test_an_admin_decides(self, mei, jonas, page, client):
        row = make_request(jonas, 55, reason="The end is longer.", cap=make_cap(mei, 100))
        shown = page(mei)
        assert "The end is longer." in shown
        assert 'value="55"' in shown
        client.post(f"/costs/budgets/requests/{row.pk}/approve/", {"amount": "40"})
        row.refresh_from_db()
        assert row.granted == 40 * MICRO
        assert "40 cr approved by Mei" in page(mei)

    def test_too_much_is_said_in_its_row(self, mei, jonas, client):
        row = make_request(jonas, 55)
        client.force_login(mei.user)
        answer = client.post(f"/costs/budgets/requests/{row.pk}/approve/", {"amount": "56"})
        assert answer.status_code == 422
        assert "at most 55 credits" in answer.content.decode()

    def test_one_that_has_expired_is_shown_as_such(self, mei, jonas, page, client):
        row = make_request(jonas, expires_at=timezone.now() - timedelta(days=1))
        assert "Expired, nobody decided" in page(mei)
        answer = client.post(f"/costs/budgets/requests/{row.pk}/approve/", {"amount": "5"})
        assert answer.status_code == 422
        assert "This request has expired" in answer.content.decode()

    def test_an_author_asks_and_sees_only_their_own(self, mei, jonas, page, client):
        make_request(make_member(team=mei.team, name="Ana"))
        client.force_login(jonas.user)
        cap = make_cap(mei, member=jonas)
        client.post("/costs/budgets/ask/", {"cap": cap.pk, "amount": "5", "reason": "Snow."})
        shown = page(jonas)
        assert "Snow." in shown
        assert "Remind" in shown
        assert "Approve" not in shown
        assert "Ana" not in shown

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"amount": "-5"}, "Credits must be a number of credits above 0"),
            ({"reason": ""}, "Reason is needed"),
            ({"reason": "x" * 201}, "Reason may have at most 200 characters."),
            ({"cap": "0"}, "Budget must be one of the list."),
        ],
    )
    def test_bad_values_are_named(self, mei, jonas, client, changes, said):
        client.force_login(jonas.user)
        body = {"amount": "5", "reason": "Snow.", **changes}
        answer = client.post("/costs/budgets/ask/", body)
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
        assert not CapRequest.objects.exists()

    def test_somebody_elses_budget_is_not_in_the_list(self, mei, jonas, client):
        cap = make_cap(mei, member=mei)
        client.force_login(jonas.user)
        answer = client.post("/costs/budgets/ask/", {"cap": cap.pk, "amount": "5", "reason": "x"})
        assert answer.status_code == 422

    def test_ended_ones_go_on_page_by_page(self, mei, jonas):
        for _ in range(PAGE + 1):
            make_request(jonas, decided_at=timezone.now(), decided_by=mei)
        first = requests_of(mei)
        rest = requests_of(mei, before=first.before)
        assert (len(first.ended), len(rest.ended), rest.before) == (PAGE, 1, None)
        assert first.ended[0].state == "refused"


class TestOrdering:
    """The form for an order: five seconds at 2 credits each."""

    @pytest.fixture
    def quoted(self, client, mei):
        make_price(credits_per_second=2)

        def quote(member):
            client.force_login(member.user)
            return client.post("/quote/", {**TYPED, "dock": "director"}).content.decode()

        return quote

    def test_the_button_asks_and_says_whose_budget_is_short(self, mei, jonas, quoted):
        make_cap(mei, 4, member=jonas)
        shown = quoted(jonas)
        assert "Ask Mei for" in shown
        assert '<span class="price">6 cr</span>' in shown
        assert "and the budget of Jonas this month has 4 cr left." in shown
        assert "It waits until Mei grants more." in shown
        assert "4 left, 6 missing" in shown

    def test_an_admin_is_led_to_that_budget(self, mei, quoted):
        cap = make_cap(mei, 4)
        shown = quoted(mei)
        assert "Let it wait for" in shown
        assert f"/costs/budgets/{cap.pk}/" in shown

    def test_the_bill_has_each_budget_and_is_amber_at_its_warning(self, mei, jonas, quoted):
        make_cap(mei, 12, member=jonas)
        make_cap(mei, 500)
        shown = quoted(jonas)
        assert "12 left, then 2" in shown
        assert "500 left, then 490" in shown
        assert shown.count('class="num warn"') == 1

    def test_one_of_another_provider_does_not_matter(self, mei, jonas, quoted):
        make_cap(mei, 4, provider="runware")
        assert "Ask Mei" not in quoted(jonas)

    def test_the_waiting_tile_says_who_was_asked_and_reminds(self, mei, jonas, client, quoted):
        make_cap(mei, 4, member=jonas)
        client.force_login(jonas.user)
        client.post("/orders/", {**TYPED, "ask": "1", "shown_price": 10 * MICRO})
        job = jonas.jobs.get()
        assert job.status == JobStatus.WAITING
        shown = client.get("/").content.decode()
        assert "4 are left in the budget of Jonas this month." in shown
        assert "Mei was asked." in shown
        assert f"/jobs/{job.pk}/remind/" in shown
        assert client.post(f"/jobs/{job.pk}/remind/").status_code == 429

    def test_the_queue_says_what_is_missing_where(self, mei, jonas, quoted):
        make_cap(mei, 1, member=jonas)
        job = make_job(JobStatus.WAITING, author=jonas)
        html = board_partials([job.clip_id])[job.clip_id]
        assert "1 job waits for more of a budget." in html
        assert "1 cr are missing in the budget of Jonas this month." in html
        assert "There is room" not in html
