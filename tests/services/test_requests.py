"""Asking for more, and what becomes of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio import ledger
from studio.core.errors import NotAllowed, StudioError, TooLate, TooOften
from studio.core.money import MICRO
from studio.core.notices import Kind
from studio.core.status import JobStatus
from studio.models import Budget, CapRequest, Member, Notice
from studio.services import caps, jobs, requests
from tests.factories import (
    make_cap,
    make_member,
    make_painting,
    make_price,
    make_project,
    make_request,
    make_team,
)
from tests.houses import in_threads

pytestmark = pytest.mark.django_db

S = JobStatus


@pytest.fixture
def mei(painter):
    mei = make_member("admin", team=make_team(), name="Mei")
    make_project(mei.team)
    return mei


@pytest.fixture
def jonas(mei):
    return make_member(team=mei.team, name="Jonas")


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def order(member, **more):
    more = {"may_wait": True, **more}
    return jobs.order(member, member.team.projects.first(), make_painting(), **more)


def told(kind):
    return [(one.member, one.subject, one.text) for one in Notice.objects.filter(kind=kind)]


class TestOrdering:
    """A job costs 10 credits."""

    def test_what_waits_asks_for_what_its_budget_lacks(self, mei, jonas):
        cap = make_cap(mei, 15, member=jonas)
        order(jonas)
        waiting = order(jonas)
        asked = CapRequest.objects.get()
        assert (asked.cap, asked.member, asked.amount) == (cap, jonas, 5 * MICRO)
        title = waiting.clip.title
        assert told(Kind.CREDITS) == [(mei, title, "A job waits for 10 cr of Jonas.")]
        assert Notice.objects.get().get_absolute_url() == "/costs/budgets/"

    def test_more_that_waits_makes_it_one_bigger_request(self, mei, jonas):
        make_cap(mei, 15, member=jonas)
        for _ in range(3):
            order(jonas)
        assert CapRequest.objects.get().amount == 15 * MICRO
        jobs.cancel(jonas, jonas.jobs.latest("pk"))
        order(jonas)
        assert CapRequest.objects.get().amount == 15 * MICRO
        assert len(told(Kind.CREDITS)) == 3

    def test_each_budget_that_is_short_is_asked_about(self, mei, jonas):
        ledger.grant(mei.team, -995 * MICRO, actor=None, cause="test")
        cap = make_cap(mei, 8)
        order(jonas)
        asked = {one.cap: one.amount // MICRO for one in CapRequest.objects.all()}
        assert asked == {None: 5, cap: 2}

    def test_what_fits_asks_for_nothing(self, mei, jonas):
        make_cap(mei, 10)
        order(jonas)
        assert not CapRequest.objects.exists()

    def test_of_the_studio_asks_who_runs_it(self, mei):
        cap = make_cap(mei, 5, of_studio=True)
        other = make_member(team=make_team(), name="Ada")
        make_project(other.team)
        make_member("admin", team=other.team)
        order(other)
        assert told(Kind.CREDITS) == [(mei, "The studio, all teams", "A job waits for 10 cr.")]
        assert CapRequest.objects.get().cap == cap


class TestAsk:
    def test_tells_who_decides_how_much_and_why(self, mei, jonas):
        cap = make_cap(mei, member=jonas)
        requests.ask(jonas, cap, 500 * MICRO, reason="The end is longer.")
        assert told(Kind.CREDITS) == [(mei, "Jonas", "500 cr. The end is longer.")]
        requests.ask(jonas, cap, 600 * MICRO, reason="Much longer.")
        assert CapRequest.objects.get().amount == 600 * MICRO

    def test_not_for_somebody_else_nor_in_another_team(self, mei, jonas):
        cap = make_cap(mei, member=mei)
        for member in (jonas, make_member(), make_member("reviewer", team=mei.team)):
            with pytest.raises(NotAllowed):
                requests.ask(member, cap, MICRO, reason="x")


class TestApprove:
    def test_all_of_it_lets_the_job_go_on(self, mei, jonas, commit):
        cap = make_cap(mei, 5, member=jonas)
        waiting = order(jonas)
        with commit():
            requests.approve(mei, CapRequest.objects.get(), 5 * MICRO)
        waiting.refresh_from_db()
        period = cap.periods.get()
        assert waiting.status == S.QUEUED
        assert (period.limit, period.extra, period.used) == (10 * MICRO, 5 * MICRO, 10 * MICRO)
        row = CapRequest.objects.get()
        assert (row.granted, row.decided_by, row.period) == (5 * MICRO, mei, period)
        assert told(Kind.CREDITS_DECIDED) == [(jonas, "Jonas", "Asked for: 5 cr.")]
        assert Notice.objects.get(kind=Kind.CREDITS_DECIDED).said == "Mei approved 5 cr"

    def test_part_of_it_is_there_and_the_job_waits_on(self, mei, jonas, commit):
        cap = make_cap(mei, 5)
        waiting = order(jonas)
        with commit():
            requests.approve(mei, CapRequest.objects.get(), 2 * MICRO)
        waiting.refresh_from_db()
        assert (waiting.status, cap.periods.get().limit) == (S.WAITING, 7 * MICRO)

    def test_of_the_team_is_a_grant(self, mei, jonas, commit):
        ledger.grant(mei.team, -1000 * MICRO, actor=None, cause="test")
        waiting = order(jonas)
        with commit():
            requests.approve(mei, CapRequest.objects.get(), 10 * MICRO)
        waiting.refresh_from_db()
        assert (waiting.status, Budget.objects.get().granted) == (S.QUEUED, 10 * MICRO)

    def test_it_ends_with_the_period(self, mei, jonas):
        cap = make_cap(mei, 5, every="day")
        requests.approve(mei, make_request(jonas, 5, cap=cap), 5 * MICRO)
        tomorrow = ledger.today_of(mei.team) + timedelta(days=1)
        assert ledger.caps.period_of(cap, tomorrow).limit == 5 * MICRO

    @pytest.mark.parametrize("amount", [0, -1, 51])
    def test_more_than_was_asked_or_nothing_is_refused(self, mei, jonas, amount):
        request = make_request(jonas, 50)
        with pytest.raises(StudioError, match="more than 0 and at most 50 credits"):
            requests.approve(mei, request, amount * MICRO)
        assert CapRequest.objects.open().exists()

    def test_late_or_twice_or_without_its_budget_changes_nothing(self, mei, jonas):
        cap = make_cap(mei)
        late = make_request(jonas, cap=cap, expires_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(TooLate, match="expired"):
            requests.approve(mei, late, MICRO)
        done = make_request(jonas, cap=cap)
        requests.refuse(mei, done)
        with pytest.raises(TooLate, match="Mei has decided"):
            requests.approve(mei, done, MICRO)
        orphan = make_request(jonas, cap=cap)
        caps.remove(mei, cap)
        with pytest.raises(TooLate, match="was removed"):
            requests.approve(mei, orphan, MICRO)
        assert cap.periods.get().extra == 0

    def test_is_for_who_could_change_that_budget(self, mei, jonas):
        own, studio = make_request(jonas), make_request(jonas, cap=make_cap(mei, of_studio=True))
        other = make_member("admin")
        for member, request in [(jonas, own), (other, own), (other, studio)]:
            with pytest.raises(NotAllowed):
                requests.approve(member, request, MICRO)
            with pytest.raises(NotAllowed):
                requests.refuse(member, request)


class TestRefuse:
    def test_is_told(self, mei, jonas):
        requests.refuse(mei, make_request(jonas))
        assert Notice.objects.get(member=jonas).said == "Mei refused"

    def test_withdrawn_is_told_to_nobody(self, mei, jonas):
        request = make_request(jonas)
        with pytest.raises(NotAllowed):
            requests.withdraw(mei, request)
        requests.withdraw(jonas, request)
        assert not CapRequest.objects.open().exists()
        assert not Notice.objects.exists()


class TestRemind:
    def test_tells_once_more_but_not_too_often(self, mei, jonas):
        request = make_request(jonas)
        with pytest.raises(TooOften):
            requests.remind(jonas, request)
        CapRequest.objects.update(asked_at=timezone.now() - timedelta(hours=5))
        requests.remind(jonas, request)
        with pytest.raises(TooOften):
            requests.remind(jonas, request)
        assert len(told(Kind.CREDITS)) == 1

    def test_of_a_job_asks_where_nobody_has(self, mei, jonas):
        make_cap(mei, 5)
        waiting = order(jonas)
        CapRequest.objects.all().delete()
        requests.remind_of(jonas, waiting)
        assert CapRequest.objects.get().amount == 5 * MICRO
        with pytest.raises(TooOften):
            requests.remind_of(jonas, waiting)
        with pytest.raises(NotAllowed):
            requests.remind_of(make_member(team=mei.team), waiting)

    def test_of_one_that_is_over_is_too_late(self, mei, jonas):
        request = make_request(jonas)
        requests.refuse(mei, request)
        with pytest.raises(TooLate):
            requests.remind(jonas, request)


class TestAtOnce:
    def test_two_who_approve_grant_once(self, any_house):
        def begin():
            make_price(provider="painter")
            mei = make_member("admin")
            make_project(mei.team)
            return make_request(make_member(team=mei.team), 50, cap=make_cap(mei, 100)).pk

        def approve():
            def act(_number):
                mei, request = Member.objects.get(role="admin"), CapRequest.objects.get()
                try:
                    requests.approve(mei, request, 50 * MICRO)
                except TooLate:
                    return False
                return True

            won = in_threads(8, act).count(True)
            return won, CapRequest.objects.get().cap.periods.get().limit // MICRO

        any_house.inside(begin)
        assert any_house.inside(approve) == (1, 150)
