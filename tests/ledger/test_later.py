"""Refunds and corrections: rows of their own, in the month that is open."""

import pytest

from studio import ledger
from studio.core.errors import BudgetExceeded, StudioError
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Cap, CapHold, CapPeriod, Job, LedgerEntry
from tests.factories import make_job, make_member, make_painting, make_price, make_team

S = JobStatus


@pytest.fixture
def job(db):
    """It cost 5 of its team's 20 credits, of which a limit counts each."""
    make_price(provider="painter", credits_per_second=5)
    author = make_member(team=make_team(credits=20))
    Cap.objects.create(team=author.team, amount=10 * MICRO)
    return make_job(S.SUCCEEDED, author=author, order=make_painting())


def facts(job):
    job.refresh_from_db()
    job.clip.refresh_from_db()
    budget = ledger.team_budget(job.team)
    assert job.charged == job.clip.charged == CapHold.objects.get(job=job).amount
    assert job.charged == CapPeriod.objects.get().used == budget.spent
    return job.charged // MICRO, budget.available // MICRO


def refund(job, amount):
    micros = amount * MICRO
    return ledger.refund(job, micros, native=micros, cause="kind", actor=job.author)


def correct(job, amount):
    micros = amount * MICRO
    return ledger.correct(job, micros, native=micros, cause="bill", actor=None)


class TestRefund:
    def test_gives_back_to_everybody_who_counted_it(self, job):
        entry = refund(job, 2)
        assert facts(job) == (3, 17)
        assert (entry.kind, entry.spent, entry.available) == ("refund", -2 * MICRO, 2 * MICRO)
        assert entry.corrects == LedgerEntry.objects.get(job=job, kind="charge")
        assert (entry.actor, entry.cause, entry.unit) == (job.author, "kind", "credit")

    def test_may_come_more_than_once_but_not_of_more_than_was_charged(self, job):
        refund(job, 2)
        refund(job, 3)
        assert facts(job) == (0, 20)
        with pytest.raises(StudioError, match="Between 0 and 0 credits can be refunded"):
            refund(job, 1)

    @pytest.mark.parametrize("amount", [0, -1, 6])
    def test_of_another_amount_is_refused(self, job, amount):
        with pytest.raises(StudioError, match="Between 0 and 5 credits can be refunded"):
            refund(job, amount)
        assert facts(job) == (5, 15)

    def test_of_what_somebody_else_gave_back_meanwhile_is_refused(self, job):
        stale = Job.objects.get(pk=job.pk)
        refund(job, 4)
        with pytest.raises(StudioError, match="Only 1 credits are charged for this job now"):
            refund(stale, 4)
        assert facts(job) == (1, 19)

    def test_before_the_job_is_settled_there_is_nothing_to_refund(self, job):
        running = make_job(S.RUNNING, author=job.author, order=make_painting())
        with pytest.raises(StudioError, match="Between 0 and 0 credits"):
            refund(running, 1)


class TestCorrection:
    def test_takes_what_was_missing_also_beyond_a_limit(self, job):
        correct(job, 7)
        assert facts(job) == (12, 8)

    def test_gives_back_what_was_too_much(self, job):
        correct(job, -5)
        assert facts(job) == (0, 20)

    def test_of_a_job_that_cost_nothing_corrects_its_release(self, job):
        failed = make_job(S.FAILED, author=job.author, order=make_painting())
        assert correct(failed, 1).corrects.kind == "release"

    @pytest.mark.parametrize("amount", [0, -6])
    def test_of_nothing_or_of_too_much_is_refused(self, job, amount):
        with pytest.raises(StudioError, match="takes away at most 5 credits, and is not 0"):
            correct(job, amount)

    def test_of_more_than_the_budget_has_is_refused(self, job):
        with pytest.raises(BudgetExceeded, match="takes 16 credits from the budget"):
            correct(job, 16)
        assert facts(job) == (5, 15)

    def test_of_a_job_that_still_holds_is_refused(self, job):
        running = make_job(S.RUNNING, author=job.author, order=make_painting())
        with pytest.raises(StudioError, match="is not settled yet"):
            correct(running, 1)
