"""Limits: set, changed, removed and brought back, in step with what is spent."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from studio import ledger
from studio.core.errors import BudgetExceeded, CapExceeded, InvalidCap, NotAllowed
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Budget, Cap, CapHold, CapPeriod, Every, Job, Member, Project, Team
from studio.pipeline import settle, sweep
from studio.services import caps, jobs
from tests.factories import (
    make_cap,
    make_job,
    make_member,
    make_painting,
    make_price,
    make_project,
    make_team,
)
from tests.houses import in_threads

pytestmark = pytest.mark.django_db

S = JobStatus


@pytest.fixture
def mei(painter):
    """An admin of a team with a project; a job costs 10 credits."""
    mei = make_member("admin", team=make_team(), name="Mei")
    make_project(mei.team)
    return mei


@pytest.fixture
def jonas(mei):
    return make_member(team=mei.team, name="Jonas")


@pytest.fixture
def set_clock(monkeypatch):
    """Moves every clock of the studio, to a day after the prices begin."""

    def move(moment):
        monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(moment))

    return move


def order(member, **more):
    return jobs.order(member, member.team.projects.first(), make_painting(), **more)


def used(cap):
    """(used, limit) of the newest period, in credits."""
    period = cap.periods.latest("starts_on")
    return period.used // MICRO, period.limit // MICRO


class TestAdd:
    def test_counts_what_its_period_has_seen_already(self, mei, jonas):
        held, done, failed = order(jonas), order(jonas), order(jonas)
        jobs.cancel(jonas, failed)
        Job.objects.filter(pk=done.pk).update(status=S.SAVING)
        done.refresh_from_db()
        settle.succeed(done, charge=4 * MICRO, write=lambda: None)
        cap = make_cap(mei, 100)
        assert used(cap) == (14, 100)
        jobs.cancel(jonas, held)
        assert used(cap) == (4, 100)
        done.refresh_from_db()
        ledger.correct(done, 2 * MICRO, native=2 * MICRO, cause="test", actor=mei)
        assert used(cap) == (6, 100)

    def test_counts_only_what_it_is_for(self, mei, jonas):
        order(jonas)
        project = mei.team.projects.first()
        other = make_project(mei.team)
        assert used(make_cap(mei, member=jonas, project=project)) == (10, 100)
        assert used(make_cap(mei, provider="painter")) == (10, 100)
        assert used(make_cap(mei, member=mei)) == (0, 100)
        assert used(make_cap(mei, project=other)) == (0, 100)
        assert used(make_cap(mei, provider="paid")) == (0, 100)

    def test_what_was_ordered_before_the_period_is_not_counted(self, mei, jonas, set_clock):
        set_clock("2031-03-31T12:00Z")
        order(jonas)
        set_clock("2031-04-01T12:00Z")
        order(jonas)
        assert used(make_cap(mei)) == (10, 100)
        assert used(make_cap(mei, every=Every.EVER)) == (20, 100)

    def test_below_what_is_used_is_refused_and_says_how_much_is_needed(self, mei, jonas):
        for _ in range(3):
            order(jonas)
        with pytest.raises(InvalidCap, match=r"30 credits of it are held .* enter at least 30"):
            make_cap(mei, 29)
        assert not Cap.objects.exists()
        assert not CapHold.objects.exists()
        make_cap(mei, 30)
        make_cap(mei, 5, every=Every.DAY, stops=False)

    def test_one_for_each_scope_and_period(self, mei, jonas):
        make_cap(mei, member=jonas)
        make_cap(mei, member=jonas, every=Every.WEEK)
        with pytest.raises(InvalidCap, match="for Jonas, a month, already"):
            make_cap(mei, member=jonas)
        caps.remove(mei, Cap.objects.get(every=Every.MONTH))
        make_cap(mei, member=jonas)

    def test_of_another_team_is_refused(self, mei):
        with pytest.raises(NotAllowed):
            make_cap(mei, member=make_member())
        with pytest.raises(NotAllowed):
            make_cap(mei, project=make_project())
        assert not Cap.objects.exists()

    def test_for_admins_and_of_the_studio_for_its_own(self, mei, jonas):
        with pytest.raises(NotAllowed):
            make_cap(jonas)
        first = Team.objects.order_by("pk").first()
        assert mei.team == first
        with pytest.raises(NotAllowed):
            make_cap(make_member("admin"), of_studio=True)
        order(jonas)
        other = make_member(team=make_team())
        make_project(other.team)
        order(other)
        cap = make_cap(mei, 25, of_studio=True)
        assert used(cap) == (20, 25)
        with pytest.raises(CapExceeded, match="5 are left in the budget of the studio this month"):
            order(other)


class TestHolds:
    @pytest.mark.parametrize(
        "scope",
        [{}, {"project": True}, {"member": True}, {"provider": "painter"},
         {"project": True, "member": True, "provider": "painter"}, {"of_studio": True}],
        ids=["team", "project", "member", "provider", "all", "studio"],
    )  # fmt: skip
    def test_stop_at_the_limit(self, mei, jonas, scope):
        if "project" in scope:
            scope["project"] = mei.team.projects.first()
        if "member" in scope:
            scope["member"] = jonas
        cap = make_cap(mei, 25, **scope)
        order(jonas)
        order(jonas)
        with pytest.raises(CapExceeded):
            order(jonas)
        assert used(cap) == (20, 25)
        assert Budget.objects.get(team=mei.team).held == 20 * MICRO

    def test_all_that_count_or_none(self, mei, jonas):
        wide, narrow = make_cap(mei, 50), make_cap(mei, 15, member=jonas)
        order(jonas)
        with pytest.raises(CapExceeded, match="5 are left in the budget of Jonas this month"):
            order(jonas)
        order(mei)
        assert (used(wide), used(narrow)) == ((20, 50), (10, 15))

    def test_one_that_never_stops_only_counts(self, mei, jonas):
        cap = make_cap(mei, 5, stops=False)
        order(jonas)
        assert used(cap) == (10, 5)

    @pytest.mark.parametrize(
        ("every", "before", "after"),
        [("day", "2031-03-10T22:59Z", "2031-03-10T23:01Z"),
         ("week", "2031-03-16T22:59Z", "2031-03-16T23:01Z"),
         ("month", "2031-03-31T21:59Z", "2031-03-31T22:01Z")],
    )  # fmt: skip
    def test_begin_anew_by_the_teams_clocks(self, mei, jonas, set_clock, every, before, after):
        Team.objects.filter(pk=mei.team_id).update(time_zone="Europe/Vienna")
        mei.team.refresh_from_db()
        jonas.team.refresh_from_db()
        set_clock(before)
        cap = make_cap(mei, 10, every=every)
        order(jonas)
        waiting = order(jonas, may_wait=True)
        assert sweep.budgets() == []
        set_clock(after)
        assert [job.pk for job in sweep.budgets()] == [waiting.pk]
        assert cap.periods.count() == 2
        assert used(cap) == (10, 10)

    def test_for_good_never_begins_anew(self, mei, jonas, set_clock):
        set_clock("2031-03-10T12:00Z")
        cap = make_cap(mei, 10, every=Every.EVER)
        order(jonas)
        set_clock("2039-03-10T12:00Z")
        with pytest.raises(CapExceeded):
            order(jonas)
        assert cap.periods.get().starts_on == date.min


class TestChange:
    def test_raised_lets_waiting_jobs_go_on(self, mei, jonas, django_capture_on_commit_callbacks):
        cap = make_cap(mei, 10)
        order(jonas)
        waiting = order(jonas, may_wait=True)
        with django_capture_on_commit_callbacks(execute=True):
            caps.change(mei, cap, amount=20 * MICRO, warn_at=80, stops=True)
        waiting.refresh_from_db()
        assert (waiting.status, used(cap)) == (S.QUEUED, (20, 20))

    def test_that_it_stops_no_more_does_too(self, mei, jonas, django_capture_on_commit_callbacks):
        cap = make_cap(mei, 5)
        waiting = order(jonas, may_wait=True)
        with django_capture_on_commit_callbacks(execute=True):
            caps.change(mei, cap, amount=5 * MICRO, warn_at=80, stops=False)
        waiting.refresh_from_db()
        assert waiting.status == S.QUEUED

    def test_keeps_what_was_added_on_request(self, mei):
        cap = make_cap(mei, 10)
        CapPeriod.objects.update(extra=5 * MICRO, limit=15 * MICRO)
        caps.change(mei, cap, amount=20 * MICRO, warn_at=80, stops=True)
        assert used(cap) == (0, 25)

    def test_below_what_is_used_changes_nothing(self, mei, jonas):
        cap = make_cap(mei, 10)
        order(jonas)
        with pytest.raises(InvalidCap, match="enter at least 10"):
            caps.change(mei, cap, amount=9 * MICRO, warn_at=80, stops=True)
        assert (Cap.objects.get().amount, used(cap)) == (10 * MICRO, (10, 10))

    def test_is_for_admins_of_its_team(self, mei, jonas):
        cap = make_cap(mei, 10)
        for other in (jonas, make_member("admin")):
            with pytest.raises(NotAllowed):
                caps.change(other, cap, amount=MICRO, warn_at=80, stops=True)
            with pytest.raises(NotAllowed):
                caps.remove(other, cap)


class TestRemove:
    def test_nothing_waits_for_it_any_more(self, mei, jonas, django_capture_on_commit_callbacks):
        cap = make_cap(mei, 5)
        waiting = order(jonas, may_wait=True)
        with django_capture_on_commit_callbacks(execute=True):
            caps.remove(mei, cap)
        waiting.refresh_from_db()
        assert waiting.status == S.QUEUED

    def test_undone_it_has_counted_all_the_time(self, mei, jonas):
        cap = make_cap(mei, 50)
        first = order(jonas)
        caps.remove(mei, cap)
        order(jonas)
        jobs.cancel(jonas, first)
        caps.restore(mei, cap)
        assert used(cap) == (10, 50)

    def test_is_not_undone_beside_another_one(self, mei):
        cap = make_cap(mei)
        caps.remove(mei, cap)
        make_cap(mei)
        with pytest.raises(InvalidCap):
            caps.restore(mei, cap)


class TestWaiting:
    def test_a_full_one_stops_only_what_it_counts(self, mei, jonas):
        make_cap(mei, 5, provider="painter")
        blocked = [order(jonas, may_wait=True) for _ in range(2)]
        free = make_job(S.WAITING, author=jonas, order=make_painting("paid"))
        assert [job.pk for job in sweep.budgets()] == [free.pk]
        assert {Job.objects.get(pk=job.pk).status for job in blocked} == {S.WAITING}

    def test_it_says_which_budget_it_waits_for(self, mei, jonas):
        ledger.grant(mei.team, -1000 * MICRO, actor=None, cause="test")
        make_cap(mei, 5, member=jonas)
        waiting = order(jonas, may_wait=True)
        assert waiting.problem.endswith("0 are left in the budget.")
        ledger.grant(mei.team, 1000 * MICRO, actor=None, cause="test")
        assert sweep.budgets() == []
        waiting.refresh_from_db()
        assert waiting.problem == (
            "This needs 10 credits, 5 are left in the budget of Jonas this month."
        )
        with pytest.raises(BudgetExceeded, match="5 are left in the budget of Jonas"):
            jobs.try_again(jonas, waiting)


def house_for_ten():
    make_price(provider="painter", credits_per_second=7)
    admin = make_member("admin", team=make_team(credits=10_000))
    make_project(admin.team)
    return admin.pk


SCOPES = {
    "studio": lambda _: {"of_studio": True},
    "team": lambda _: {},
    "project": lambda _: {"project": Project.objects.get()},
    "member": lambda admin: {"member": admin},
    "provider": lambda _: {"provider": "painter"},
    "all": lambda admin: {
        "project": Project.objects.get(), "member": admin, "provider": "painter"
    },
}  # fmt: skip


def set_limit(scope, admin_pk, credits=76):
    admin = Member.objects.get(pk=admin_pk)
    return make_cap(admin, credits, **SCOPES[scope](admin)).pk


def take(_number, admin_pk, times=1):
    admin, project = Member.objects.get(pk=admin_pk), Project.objects.get()
    accepted = 0
    for _ in range(times):
        try:
            jobs.order(admin, project, make_painting())
        except BudgetExceeded:
            continue
        accepted += 1
    return accepted


def counted():
    """(used, sum of its parts, held in the books), in credits."""
    parts = sum(hold.amount for hold in CapHold.objects.all())
    held = Budget.objects.get().held
    return tuple(amount // MICRO for amount in (CapPeriod.objects.get().used, parts, held))


class TestAtOnce:
    @pytest.mark.parametrize("scope", SCOPES)
    def test_two_hundred_orders_never_overshoot(self, any_house, scope):
        admin = any_house.inside(house_for_ten)
        any_house.inside(set_limit, scope, admin)
        assert sum(any_house.together(8, take, admin, 25)) == 10
        assert any_house.inside(counted) == (70, 70, 70)

    def test_one_that_is_set_meanwhile_misses_nothing(self, any_house):
        """Some order, one sets the limit: each job is counted, once, whoever came first."""
        admin = any_house.inside(house_for_ten)

        def race():
            def act(number):
                return set_limit("team", admin, 10_000) if number == 3 else take(0, admin, 4)

            return in_threads(8, act)

        any_house.inside(race)
        assert any_house.inside(counted) == (196, 196, 196)
