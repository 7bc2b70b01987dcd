"""What an admin decides about an order that may have been sent: each way out, and its money."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio import ledger
from studio.core.errors import BudgetExceeded, InvalidOrder, NotAllowed, TooLate
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Attempt, Event, Job, LedgerEntry
from studio.pipeline import answers, track
from studio.providers.base import Receipt, Update, Verdict
from studio.services import audit, uncertain
from tests.factories import make_job, make_member, make_painting
from tests.pipeline.driving import books, run

S = JobStatus
HELD = (990, 10, 0)


@pytest.fixture
def admin(paid):
    return make_member("admin")


def lost(admin, status=S.UNCERTAIN, **fields):
    """A job of a colleague that may have been sent."""
    author = make_member(team=admin.team)
    fields = {"next_step_at": None, **fields}
    job = make_job(status, author=author, order=make_painting("paid"), **fields)
    Attempt.objects.create(
        job=job, number=1, reference=f"r{job.pk}", sent_at=timezone.now() - timedelta(hours=1)
    )
    return job


def last_event(job):
    event = job.told.last()
    return event.status, event.actor, event.note


WAYS = [
    lambda admin, job: uncertain.adopt(admin, job, remote_id="theirs"),
    uncertain.resend,
    uncertain.release,
]


class TestAdopt:
    def test_goes_on_under_the_providers_name(self, admin):
        job = lost(admin)
        uncertain.adopt(admin, job, remote_id="theirs")
        attempt = job.attempts.get()
        assert (job.status, books(job)) == (S.RUNNING, HELD)
        assert (attempt.outcome, attempt.remote_id) == ("accepted", "theirs")
        assert job.started_at == attempt.sent_at
        assert last_event(job) == (S.RUNNING, admin, "Found at Paid as theirs")

    def test_a_name_that_another_job_has_is_refused(self, admin):
        other, job = lost(admin), lost(admin)
        uncertain.adopt(admin, other, remote_id="theirs")
        with pytest.raises(InvalidOrder, match=f"“theirs” belongs to job {other.pk}"):
            uncertain.adopt(admin, job, remote_id="theirs")
        job.refresh_from_db()
        assert (job.status, job.attempts.get().outcome) == (S.UNCERTAIN, "")

    def test_the_same_name_at_another_provider_is_another_order(self, admin):
        job = lost(admin)
        other = make_job(S.RUNNING, order=make_painting("findable"))
        Attempt.objects.create(job=other, number=1, reference="r", remote_id="theirs")
        uncertain.adopt(admin, job, remote_id="theirs")
        assert job.status == S.RUNNING


class TestResend:
    def test_stands_in_its_place_in_line_under_another_reference(self, admin, paid):
        job = lost(admin)
        place = job.position
        uncertain.resend(admin, job)
        assert (job.status, job.position, books(job)) == (S.QUEUED, place, HELD)
        assert last_event(job) == (
            S.QUEUED,
            admin,
            f"Sent again, though r{job.pk} may be paid as well",
        )
        run(job)
        first, second = job.attempts.order_by("number")
        assert (first.outcome, second.outcome) == ("given up", "accepted")
        assert first.reference != second.reference

    def test_a_late_answer_to_the_first_leaves_the_second_alone(self, admin, paid):
        job = lost(admin)
        first = job.attempts.get()
        uncertain.resend(admin, job)
        run(job)
        answers.running(job, first, Receipt(remote_id="the first"))
        assert [one.outcome for one in job.attempts.order_by("number")] == ["given up", "accepted"]
        assert job.attempts.get(number=1).remote_id == "the first", "there may be a bill for it"
        assert track.accepted_attempt(job).number == 2


class TestRelease:
    def test_gives_the_hold_back_and_says_who_did_it(self, admin):
        job = lost(admin)
        uncertain.release(admin, job)
        assert (job.status, books(job), job.charged) == (S.CANCELLED, (1000, 0, 0), 0)
        assert job.attempts.get().outcome == "given up"
        entry = LedgerEntry.objects.get(job=job, kind="release")
        assert (entry.actor, entry.cause) == (admin, f"given up by {admin}")
        assert last_event(job)[:2] == (S.CANCELLED, admin)

    def test_of_a_job_that_its_provider_does_not_end(self, admin):
        job = lost(admin, S.RUNNING, problem="Paid has not finished.", next_step_at=timezone.now())
        Attempt.objects.update(outcome="accepted", remote_id="theirs")
        uncertain.release(admin, job)
        assert (job.status, books(job)) == (S.CANCELLED, (1000, 0, 0))
        assert job.attempts.get().remote_id == "theirs"

    def test_not_of_one_that_is_just_running(self, admin):
        job = lost(admin, S.RUNNING, next_step_at=timezone.now())
        with pytest.raises(TooLate):
            uncertain.release(admin, job)
        assert books(job) == HELD


def stuck(admin, **fields):
    """A job that its provider has made, and whose file never came."""
    told = {"problem": "The result is not there yet, or not any more (HTTP 404).", "tries": 8}
    job = lost(admin, S.SAVING, **{**told, **fields})
    answer = Update(verdict=Verdict.SUCCEEDED, charge=7 * MICRO).to_json()
    Attempt.objects.update(outcome="accepted", remote_id="theirs", answer=answer)
    return job


class TestFetch:
    def test_asks_for_the_files_again_and_says_who_did(self, admin):
        job = stuck(admin)
        uncertain.fetch(admin, job)
        job.refresh_from_db()
        assert (job.status, job.problem, job.tries, books(job)) == (S.SAVING, "", 1, HELD)
        assert job.next_step_at <= timezone.now()
        assert last_event(job)[:2] == (Event.FETCH, admin)

    def test_a_link_that_works_by_now_ends_well(self, admin, paid):
        job = stuck(admin)
        (paid.folder / "theirs").write_text("A red door.")
        paid.poll("theirs")  # it says that it is ready the second time
        uncertain.fetch(admin, job)
        run(job)
        assert (job.status, books(job)) == (S.SUCCEEDED, (990, 0, 10))


class TestCharge:
    @pytest.mark.parametrize("amount", [1, 7 * MICRO, 10 * MICRO, 40 * MICRO])
    def test_spends_what_the_admin_says_and_releases_the_rest(self, admin, amount):
        job = stuck(admin)
        uncertain.charge(admin, job, amount=amount)
        budget = ledger.team_budget(admin.team)
        assert (budget.held, budget.spent) == (0, amount)
        assert budget.available + budget.spent == 1000 * MICRO
        assert (job.status, job.category, job.charged) == (S.FAILED, "provider", amount)
        entry = LedgerEntry.objects.get(job=job, kind="charge")
        assert (entry.actor, entry.cause) == (admin, f"charged by {admin}")
        assert last_event(job)[:2] == (S.FAILED, admin)
        assert "though no file came" in last_event(job)[2]
        assert job.attempts.get().outcome == "accepted"

    def test_more_than_there_is_changes_nothing(self, admin):
        job = stuck(admin)
        with pytest.raises(BudgetExceeded):
            uncertain.charge(admin, job, amount=1001 * MICRO)
        job.refresh_from_db()
        assert (job.status, books(job)) == (S.SAVING, HELD)


class TestReleaseOfAStuckOne:
    def test_gives_the_hold_back(self, admin):
        job = stuck(admin)
        uncertain.release(admin, job)
        assert (job.status, books(job), job.charged) == (S.FAILED, (1000, 0, 0), 0)
        assert job.attempts.get().outcome == "given up"
        assert last_event(job)[:2] == (S.FAILED, admin)

    @pytest.mark.parametrize("decide", [uncertain.adopt, uncertain.resend])
    def test_is_no_lost_order(self, admin, decide):
        extra = {"remote_id": "x"} if decide is uncertain.adopt else {}
        with pytest.raises(TooLate, match="needs no decision"):
            decide(admin, stuck(admin), **extra)

    @pytest.mark.parametrize("fields", [{"problem": ""}, {"next_step_at": timezone.now()}])
    @pytest.mark.parametrize("status", [S.SAVING, S.SUCCEEDED, S.UNCERTAIN])
    def test_what_goes_on_by_itself_or_is_no_saving_can_not_be_charged(self, admin, status, fields):
        job = lost(admin, status, **{"problem": "Slow.", **fields})
        for decide in (uncertain.fetch, lambda *them: uncertain.charge(*them, amount=1)):
            with pytest.raises(TooLate):
                decide(admin, job)


STUCK_WAYS = [
    uncertain.fetch,
    lambda admin, job: uncertain.charge(admin, job, amount=3 * MICRO),
    uncertain.release,
]


class TestEveryWayOfAStuckOne:
    @pytest.mark.parametrize("decide", STUCK_WAYS)
    def test_is_for_admins_of_the_team(self, admin, decide):
        job = stuck(admin)
        for member in (make_member("author", team=admin.team), job.author, make_member("admin")):
            with pytest.raises(NotAllowed):
                decide(member, job)
        assert (Job.objects.get().status, books(job)) == (S.SAVING, HELD)

    @pytest.mark.parametrize("decide", STUCK_WAYS)
    def test_waits_while_somebody_fetches(self, admin, decide):
        job = stuck(admin)
        Job.objects.update(lease_owner="x", lease_until=timezone.now() + timedelta(minutes=1))
        with pytest.raises(TooLate, match="right now"):
            decide(admin, job)

    @pytest.mark.parametrize("decide", STUCK_WAYS)
    def test_leaves_books_that_balance(self, admin, decide):
        decide(admin, stuck(admin))
        assert [str(one) for one in audit.findings(with_files=False) if one.check != "clips"] == []

    @pytest.mark.parametrize("decide", [uncertain.release, STUCK_WAYS[1]])
    def test_decided_once_is_decided(self, admin, decide):
        job = stuck(admin)
        decide(admin, job)
        for again in STUCK_WAYS:
            with pytest.raises(TooLate):
                again(admin, Job.objects.get())


class TestEveryWay:
    @pytest.mark.parametrize("decide", WAYS)
    def test_is_for_admins_of_the_team(self, admin, decide):
        job = lost(admin)
        for member in (make_member("author", team=admin.team), job.author, make_member("admin")):
            with pytest.raises(NotAllowed):
                decide(member, job)
        assert Job.objects.get().status == S.UNCERTAIN

    @pytest.mark.parametrize("decide", WAYS)
    def test_is_too_late_once_the_order_was_found(self, admin, decide):
        job = lost(admin)
        answers.running(Job.objects.get(), job.attempts.get(), Receipt(remote_id="found"))
        with pytest.raises(TooLate, match="needs no decision"):
            decide(admin, job)
        assert Job.objects.get().status == S.RUNNING
        assert job.attempts.get().outcome == "accepted"

    @pytest.mark.parametrize("decide", WAYS)
    def test_waits_while_somebody_asks_the_provider(self, admin, decide):
        job = lost(admin)
        later = timezone.now() + timedelta(minutes=1)
        Job.objects.update(lease_owner="x", lease_until=later)
        with pytest.raises(TooLate, match="asking the provider right now"):
            decide(admin, job)

    @pytest.mark.parametrize("decide", WAYS)
    def test_leaves_books_that_balance(self, admin, decide):
        decide(admin, lost(admin))
        assert [str(one) for one in audit.findings(with_files=False) if one.check != "clips"] == []
        budget = ledger.team_budget(admin.team)
        assert budget.available + budget.held == 1000 * MICRO
