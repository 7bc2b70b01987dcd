"""Orders of many at once never spend more than there is."""

from studio import ledger
from studio.core.errors import BudgetExceeded, StudioError
from studio.core.money import MICRO
from studio.models import Budget, Clip, Job, LedgerEntry, Member, Project
from studio.services import jobs
from tests.factories import make_member, make_painting, make_price, make_project, make_team
from tests.houses import in_threads


def budget_for_ten():
    make_price(provider="painter", credits_per_second=7)
    member = make_member(team=make_team(credits=76))
    make_project(member.team)
    return member.pk


def order(_number, member_pk, times=1):
    member, project = Member.objects.get(pk=member_pk), Project.objects.get()
    accepted = 0
    for _ in range(times):
        try:
            jobs.order(member, project, make_painting())
        except BudgetExceeded:
            continue
        accepted += 1
    return accepted


def books(member_pk):
    budget = Budget.objects.get()
    entries = LedgerEntry.objects.filter(kind="hold")
    return {
        "jobs": Job.objects.count(), "clips": Clip.objects.count(), "holds": entries.count(),
        "held": budget.held, "available": budget.available, "granted": budget.granted,
    }  # fmt: skip


TEN = {"jobs": 10, "clips": 10, "holds": 10, "held": 70 * MICRO, "available": 6 * MICRO,
       "granted": 76 * MICRO}  # fmt: skip


class TestTwoHundredOrders:
    def test_by_threads(self, any_house):
        member = any_house.inside(budget_for_ten)
        accepted = any_house.inside(lambda: in_threads(10, order, member, 20))
        assert sum(accepted) == 10
        assert any_house.inside(books, member) == TEN

    def test_by_processes(self, any_house):
        member = any_house.inside(budget_for_ten)
        assert sum(any_house.together(8, order, member, 25)) == 10
        assert any_house.inside(books, member) == TEN


class TestSettlingAtOnce:
    def test_every_hold_ends_once(self, any_house):
        member = any_house.inside(budget_for_ten)
        any_house.inside(order, 0, member, 10)

        def race():
            pks = list(Job.objects.values_list("pk", flat=True))

            def settle(number):
                """Two threads for each job: one of them is told that it is too late."""
                job = Job.objects.get(pk=pks[number // 2])
                return jobs.settle.cancel(job, actor=None, when=lambda job: job.is_active)

            return in_threads(20, settle)

        assert any_house.inside(race).count(True) == 10
        after = any_house.inside(books, member)
        assert (after["held"], after["available"]) == (0, 76 * MICRO)


class TestGrant:
    def test_nobody_takes_back_what_is_not_there(self, any_house):
        member = any_house.inside(budget_for_ten)

        def race():
            team = Member.objects.get(pk=member).team

            def take_back(_number):
                try:
                    ledger.grant(team, -10 * MICRO, actor=None, cause="test")
                except StudioError:
                    return False
                return True

            return in_threads(10, take_back)

        assert any_house.inside(race).count(True) == 7
        assert any_house.inside(books, member)["available"] == 6 * MICRO
