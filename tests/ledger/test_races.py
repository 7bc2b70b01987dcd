"""Two hundred orders at once against a limit with room for ten, and everything else that races.

`--races 100` repeats them.
"""

import pytest
from django.db import IntegrityError, connection

from studio import ledger
from studio.core.errors import BudgetExceeded, StudioError
from studio.core.money import MICRO
from studio.ledger import books, holds
from studio.models import Budget, Cap, CapHold, CapPeriod, Job, LedgerEntry, Member, Project
from studio.services import audit, batches, jobs
from tests.factories import make_member, make_painting, make_price, make_project, make_team
from tests.houses import empty, in_threads
from tests.ledger.world import SCOPES, scope_of

SLUGS = ("painter", "paid")
ON_POSTGRES = pytest.param("postgres", marks=pytest.mark.services)
LIMIT = 76 * MICRO  # ten jobs at 7, and some more


def studio_with_a_limit(scope):
    make_price(provider="painter", credits_per_second=7)
    member = make_member(team=make_team(credits=10_000))
    make_project(member.team)
    Cap.objects.create(amount=LIMIT, **scope_of(scope, member))
    return member.pk


def order(_number, member_pk, times):
    member, project = Member.objects.get(pk=member_pk), Project.objects.get()
    accepted = 0
    for _ in range(times):
        try:
            jobs.order(member, project, make_painting())
        except BudgetExceeded:
            continue
        accepted += 1
    return accepted


def in_four_threads(_number, member_pk, times):
    return sum(in_threads(4, order, member_pk, times))


def used():
    """What the limit says, what its jobs say, and what the audit says."""
    wrong = [str(one) for one in audit.findings(with_files=False)]
    uses = CapHold.objects.values_list("amount", flat=True)
    period = CapPeriod.objects.get()
    return period.used // MICRO, len(uses), sum(uses) // MICRO, Job.objects.count(), wrong


class TestTwoHundredOrders:
    @pytest.mark.parametrize("scope", SCOPES)
    def test_ten_are_accepted_and_no_more(self, any_house, request, scope):
        """Five processes with four threads each, as two hundred people would come."""
        for _ in range(request.config.getoption("--races")):
            any_house.inside(empty)
            member = any_house.inside(studio_with_a_limit, scope)
            assert sum(any_house.together(5, in_four_threads, member, 10)) == 10
            assert any_house.inside(used) == (70, 10, 70, 10, [])


def two_teams_and_the_studio():
    """The studio limits what all teams give to each of two providers."""
    for slug in SLUGS:
        make_price(provider=slug, credits_per_second=1)
        Cap.objects.create(provider=slug, amount=1_000 * MICRO)
    people = [make_member(team=make_team(credits=1_000)) for _ in range(2)]
    for member in people:
        make_project(member.team)
    return [member.pk for member in people]


def order_of_both(number, people):
    """To both providers with one press, the one team in another order than the other."""
    member = Member.objects.get(pk=people[number % 2])
    slugs = SLUGS if number % 2 else SLUGS[::-1]
    for _ in range(10):
        wanted = [
            batches.Wanted(order=make_painting(slug), shot=shot) for shot, slug in enumerate(slugs)
        ]
        batches.order_all(member, member.team.projects.get(), wanted)


class TestLimitsOfTheStudio:
    def test_nobody_waits_in_a_circle(self, any_house):
        people = any_house.inside(two_teams_and_the_studio)
        any_house.together(4, order_of_both, people)
        used = any_house.inside(lambda: list(CapPeriod.objects.values_list("used", flat=True)))
        assert used == [40 * MICRO, 40 * MICRO]


def team_of_twenty():
    make_price(provider="painter", credits_per_second=7)
    member = make_member(team=make_team(credits=20))
    make_project(member.team)
    return member.pk


def change_at_once(member_pk):
    """Twenty threads grant, take back, order and settle; what the database refuses is refused."""
    team = Member.objects.get(pk=member_pk).team

    def one(number):
        try:
            if number % 2:
                order(number, member_pk, 2)
            else:
                ledger.grant(team, (5 - number) * MICRO, actor=None, cause="test")
        except (StudioError, IntegrityError):
            return False
        return True

    in_threads(20, one)


def settle_at_once(member_pk):
    """Five threads settle each job, as if five messages had come; how many did."""
    order(0, member_pk, 2)
    keys = list(Job.objects.values_list("pk", flat=True))

    def one(number):
        job = Job.objects.get(pk=keys[number % len(keys)])
        try:
            ledger.settle(job, charge=None, cause="test")
        except (AssertionError, IntegrityError, StudioError):
            return False
        return True

    return in_threads(5 * len(keys), one).count(True)


def books_add_up():
    """Nothing was lost, made, or taken that was not there."""
    budget = Budget.objects.get()
    rows = LedgerEntry.objects.order_by("number")
    sums = {part: sum(getattr(row, part) for row in rows) for part in books.PARTS}
    granted = sum(row.granted for row in rows if row.kind == "grant")
    kept = {part: getattr(budget, part) for part in books.PARTS}
    there = budget.available + budget.held + budget.spent
    numbered = [row.number for row in rows] == list(range(1, len(rows) + 1))
    return kept == sums and granted == there and numbered and budget.entries == len(rows)


def conserved():
    """What the budget has in its parts is what was granted."""
    budget = Budget.objects.get()
    rows = LedgerEntry.objects.filter(kind="grant").values_list("granted", flat=True)
    return budget.available + budget.held + budget.spent == sum(rows)


def drained():
    """Nobody holds more than was granted."""
    rows = list(LedgerEntry.objects.all())
    return sum(row.held for row in rows) <= sum(row.granted for row in rows)


def settled_once():
    """No job has been charged twice."""
    charges = LedgerEntry.objects.filter(kind="charge").values_list("job", flat=True)
    return len(charges) == len(set(charges))


def drain_at_once(member_pk):
    in_threads(16, order, member_pk, 2)


def read_without_a_lock():
    """A budget is read and written while others do the same."""
    execute("ALTER TABLE studio_ledgerentry DROP CONSTRAINT entry_number_once")

    def locked(team):
        budget = Budget.objects.get(team=team)
        budget.team = team
        return budget

    books.locked = locked


def settle_unasked():
    """Nobody looks whether the hold has ended."""
    execute("DROP INDEX entry_once_per_job_and_kind")
    holds._require_open_hold = lambda job: None


# Each with what the database is told afterwards, so that it guards its rows again.
MUTANTS = {
    read_without_a_lock: (
        "ALTER TABLE studio_ledgerentry ADD CONSTRAINT entry_number_once UNIQUE (team_id, number)"
    ),
    settle_unasked: (
        "CREATE UNIQUE INDEX entry_once_per_job_and_kind ON studio_ledgerentry (job_id, kind)"
        " WHERE kind IN ('hold', 'charge', 'release')"
    ),
}


def execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def broken_in_ten_tries(mutant, race, holds_true):
    """Whether the mutant, in a child of its own, ever breaks what is true."""
    mutant()
    for _ in range(10):
        empty()
        race(team_of_twenty())
        if not holds_true():
            return True
    return False


class TestRaces:
    """Invariants 5, 6, 7 and 9 of the Ledger Conformance Kit."""

    def test_duplicates_collapse(self, any_house):
        member = any_house.inside(team_of_twenty)
        assert any_house.inside(settle_at_once, member) == 2
        assert any_house.inside(settled_once)
        assert any_house.inside(books_add_up)

    def test_nothing_is_lost_or_made(self, any_house):
        member = any_house.inside(team_of_twenty)
        any_house.inside(change_at_once, member)
        assert any_house.inside(books_add_up)

    def test_nobody_takes_what_is_not_there(self, any_house):
        member = any_house.inside(team_of_twenty)
        any_house.inside(drain_at_once, member)
        assert any_house.inside(drained)
        assert any_house.inside(books_add_up)

    @pytest.mark.parametrize("any_house", [ON_POSTGRES], indirect=True)
    @pytest.mark.parametrize(
        ("mutant", "race", "holds_true"),
        [
            pytest.param(settle_unasked, settle_at_once, settled_once, id="5 duplicates collapse"),
            pytest.param(read_without_a_lock, change_at_once, books_add_up, id="6 nothing is lost"),
            pytest.param(read_without_a_lock, change_at_once, conserved, id="7 value is conserved"),
            pytest.param(read_without_a_lock, drain_at_once, drained, id="9 no overdraft"),
        ],
    )
    def test_is_lost_by_its_mutant(self, any_house, mutant, race, holds_true):
        try:
            assert any_house.inside(broken_in_ten_tries, mutant, race, holds_true)
        finally:
            any_house.inside(empty)
            any_house.inside(execute, MUTANTS[mutant])
