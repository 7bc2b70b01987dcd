"""Calls of providers: they make a job due, and move neither state nor money."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio import tasks
from studio.core.errors import MaybeSent
from studio.core.status import JobStatus
from studio.models import Attempt, Event, Job, LedgerEntry
from studio.pipeline import drive
from studio.providers.base import Receipt, Update, Verdict
from studio.services import audit, webhooks
from tests.factories import make_job, make_painting
from tests.pipeline.driving import answering, job_for, send_off, take

S = JobStatus


@pytest.fixture
def hints(monkeypatch):
    """What the workers were told."""
    told = []
    monkeypatch.setattr(tasks, "hint_poll", lambda slug: told.append(slug))
    monkeypatch.setattr(tasks, "follow", lambda some: told.extend(one.step.value for one in some))
    return told


def call(attempt, body=None, *, slug="paid", capture=None):
    """The provider calls."""
    with capture(execute=True):
        webhooks.received(slug, attempt.secret, body)
    attempt.refresh_from_db()
    attempt.job.refresh_from_db()
    return attempt.job


def attempt_of(status, *, outcome="", sent=True, later=timedelta(minutes=5), **fields):
    due = timezone.now() + later if later else None
    job = make_job(status, order=make_painting("paid"), next_step_at=due)
    return Attempt.objects.create(
        job=job, number=1, reference=f"r{job.pk}", outcome=outcome,
        sent_at=timezone.now() if sent else None, **fields,
    )  # fmt: skip


@pytest.fixture
def capture(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


class TestNews:
    def test_of_a_running_job_make_it_due_now(self, paid, hints, capture):
        attempt = attempt_of(S.RUNNING, outcome="accepted", remote_id="theirs")
        job = call(attempt, {"status": "succeeded", "cost": 10**9}, capture=capture)
        assert (job.status, attempt.calls, hints) == (S.RUNNING, 1, ["paid"])
        assert job.next_step_at <= timezone.now()

    def test_that_come_twice_change_nothing_more(self, paid, hints, capture):
        attempt = attempt_of(S.RUNNING, outcome="accepted", remote_id="theirs")
        for _ in range(3):
            call(attempt, capture=capture)
        assert (attempt.calls, hints) == (3, ["paid"])

    def test_move_no_state_and_no_money_whatever_they_say(self, paid, hints, capture):
        for status in (S.RUNNING, S.SAVING, S.SUCCEEDED, S.FAILED):
            attempt = attempt_of(status, outcome="accepted", remote_id="theirs")
            before = (Event.objects.count(), LedgerEntry.objects.count())
            assert call(attempt, {"status": "failed"}, capture=capture).status == status
            assert (Event.objects.count(), LedgerEntry.objects.count()) == before
            assert attempt.calls == 1

    def test_of_a_job_that_waits_for_a_person_do_not_wake_it(self, paid, hints, capture):
        attempt = attempt_of(S.RUNNING, outcome="accepted", remote_id="theirs", later=None)
        assert call(attempt, capture=capture).next_step_at is None
        assert hints == []

    def test_for_another_secret_or_provider_are_nobodys(self, paid, hints, capture):
        attempt = attempt_of(S.RUNNING, outcome="accepted", remote_id="theirs")
        with capture(execute=True):
            webhooks.received("paid", "x" * 43, {})
            webhooks.received("findable", attempt.secret, {})
            webhooks.received("nobody", attempt.secret, {})
        attempt.refresh_from_db()
        assert (attempt.calls, hints) == (0, [])


class TestNewsOfALostOrder:
    @pytest.fixture(autouse=True)
    def _names(self, paid, monkeypatch):
        monkeypatch.setattr(paid, "read_callback", lambda body: body["id"])

    def test_tell_its_name_which_is_asked_for_with_our_key(self, paid, hints, capture, monkeypatch):
        attempt = attempt_of(S.UNCERTAIN, later=None)
        job = call(attempt, {"id": "theirs"}, capture=capture)
        assert (attempt.remote_id, attempt.outcome, hints) == ("theirs", "", ["resolve"])
        assert (job.status, job.next_step_at <= timezone.now()) == (S.UNCERTAIN, True)
        monkeypatch.setattr(paid, "poll", answering(Update(verdict=Verdict.RUNNING)))
        take(job)
        attempt.refresh_from_db()
        job.refresh_from_db()
        assert (job.status, attempt.outcome) == (S.RUNNING, "accepted")

    def test_the_first_name_counts(self, paid, hints, capture):
        attempt = attempt_of(S.UNCERTAIN, later=None)
        for name in ("theirs", "another"):
            call(attempt, {"id": name}, capture=capture)
        assert (attempt.remote_id, attempt.calls) == ("theirs", 2)

    @pytest.mark.parametrize("body", [None, [], {}, 7, {"id": ""}, {"id": "x" * 201}, "id"])
    def test_without_a_name_that_can_be_one_wake_nobody(self, paid, hints, capture, body):
        attempt = attempt_of(S.UNCERTAIN, later=None)
        assert call(attempt, body, capture=capture).next_step_at is None
        assert (attempt.remote_id, attempt.calls, hints) == ("", 1, [])

    def test_without_a_name_make_the_next_search_earlier(self, paid, hints, capture):
        attempt = attempt_of(S.UNCERTAIN)
        assert call(attempt, capture=capture).next_step_at <= timezone.now()
        assert hints == ["resolve"]

    def test_before_anything_was_sent_are_not_about_it(self, paid, hints, capture):
        attempt = attempt_of(S.SENDING, sent=False)
        call(attempt, {"id": "theirs"}, capture=capture)
        assert (attempt.remote_id, hints) == ("", [])

    def test_after_it_was_given_up_say_that_it_may_be_billed_once(
        self, paid, hints, capture, monkeypatch
    ):
        monkeypatch.setattr(paid, "read_callback", lambda body: body["id"])
        attempt = attempt_of(S.CANCELLED, outcome="given up")
        before = LedgerEntry.objects.count()
        for _ in range(3):
            job = call(attempt, {"id": "theirs"}, capture=capture)
        assert (attempt.outcome, attempt.remote_id, attempt.calls) == ("given up", "theirs", 3)
        assert (job.status, hints, LedgerEntry.objects.count()) == (S.CANCELLED, [], before)
        event = job.told.get(status=Event.BILLABLE)
        assert event.note == (
            f"Paid has r{job.pk} as theirs, though it was given up here: it may be billed."
        )
        assert [
            str(one) for one in audit.findings(with_files=False) if one.check == "history"
        ] == []


class TestBeforeTheAnswer:
    """The provider calls while its answer to the order is still on the way."""

    @pytest.fixture(autouse=True)
    def _names(self, paid, monkeypatch):
        monkeypatch.setattr(paid, "read_callback", lambda body: body["id"])

    def sending(self, paid, monkeypatch, answer):
        def submit(brief):
            webhooks.received("paid", Attempt.objects.get().secret, {"id": "theirs"})
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(paid, "submit", submit)
        job = job_for("paid")
        send_off(job)
        return job

    def test_the_answer_counts_when_it_comes(self, paid, monkeypatch):
        job = self.sending(paid, monkeypatch, Receipt(remote_id="as answered"))
        assert job.status == S.RUNNING
        assert job.attempts.get().remote_id == "as answered"

    def test_an_answer_that_gets_lost_leaves_the_name(self, paid, monkeypatch):
        job = self.sending(paid, monkeypatch, MaybeSent("Cut off."))
        assert (job.status, job.next_step_at is None) == (S.UNCERTAIN, False)
        monkeypatch.setattr(paid, "poll", answering(Update(verdict=Verdict.RUNNING)))
        Job.objects.update(next_step_at=timezone.now())
        for decision in drive.catch_up():
            drive.take(decision)
        job.refresh_from_db()
        assert (job.status, job.attempts.get().remote_id) == (S.RUNNING, "theirs")
