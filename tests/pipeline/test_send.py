"""Sending: what an answer, or none, means for state, money and lane."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from studio.core.decision import Step
from studio.core.errors import (
    KeyRejected,
    MaybeSent,
    Moderated,
    OutOfMoney,
    ProviderBusy,
    ProviderConfused,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
    StorageFailed,
    StorageFull,
    UnsafeAddress,
    Unsupported,
)
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Attempt, Event, Job, Lane
from studio.pipeline import answers, drive, lease, problems, send, undecided
from studio.providers.base import Receipt, Result, Update, Verdict
from tests.factories import make_job, make_lane, make_painting
from tests.pipeline.driving import (
    books,
    due_now,
    job_for,
    raising,
    run,
    send_off,
    take,
)

S = JobStatus
HELD, FREE = (990, 10, 0), (1000, 0, 0)

ON_SUBMIT = [
    # error, state, (available, held, spent), outcome, waits for a person
    (ProviderUnavailable("Down."), S.QUEUED, HELD, "unsent", False),
    (ProviderBusy("Later."), S.QUEUED, HELD, "unsent", False),
    (KeyRejected("No key."), S.QUEUED, HELD, "unsent", False),
    (OutOfMoney("No money."), S.QUEUED, HELD, "unsent", False),
    (StorageFull("The disk is full."), S.QUEUED, HELD, "unsent", True),
    (StorageFailed("No such folder."), S.QUEUED, HELD, "unsent", True),
    (UnsafeAddress("Not there."), S.QUEUED, HELD, "unsent", True),
    (ProviderRejected("Not allowed."), S.FAILED, FREE, "refused", None),
    (ProviderRejected("x" * 999 + "\0\ud800"), S.FAILED, FREE, "refused", None),
    (Moderated("Not that."), S.FAILED, FREE, "refused", None),
    (Unsupported("No such setting."), S.FAILED, FREE, "refused", None),
    (MaybeSent("Cut off."), S.UNCERTAIN, HELD, "", True),
    (ProviderConfused("HTML?"), S.UNCERTAIN, HELD, "", True),
    (ProviderError("Odd."), S.UNCERTAIN, HELD, "", True),
    (ValueError("What?"), S.UNCERTAIN, HELD, "", True),
    (MemoryError(), S.UNCERTAIN, HELD, "", True),
]


class TestErrorsOnSubmit:
    @pytest.mark.parametrize(("error", "state", "money", "outcome", "person"), ON_SUBMIT)
    def test_end_state_and_money(self, paid, monkeypatch, error, state, money, outcome, person):
        job = job_for("paid")
        monkeypatch.setattr(paid, "submit", raising(error))
        send_off(job)
        attempt = job.attempts.get()
        assert (job.status, books(job), attempt.outcome) == (state, money, outcome)
        assert bool(attempt.sent_at) is (outcome in {"", "refused"}), "sent, as far as we know"
        if person is not None:
            assert (job.next_step_at is None) is person
        assert len(job.error) <= 300

    def test_unavailable_pauses_instead_of_hammering(self, paid, monkeypatch):
        job = job_for("paid")
        monkeypatch.setattr(paid, "submit", raising(ProviderUnavailable("Down.")))
        send_off(job)
        assert job.attempts.count() == 1
        assert job.next_step_at > timezone.now()
        assert take(job) == []
        assert job.attempts.count() == 1
        assert job.problem == "Down."

    def test_unavailable_for_a_while_is_obeyed_within_reason(self, paid, monkeypatch):
        for asked, waits in [(120, 120), (10**9, 3600)]:
            error = ProviderUnavailable("Down.", retry_after=asked)
            monkeypatch.setattr(paid, "submit", raising(error))
            job = job_for("paid")
            send_off(job)
            seconds = (job.next_step_at - timezone.now()).total_seconds()
            assert waits - 5 < seconds <= waits

    def test_a_refusal_tells_its_kind_and_keeps_the_words_for_the_admin(self, paid, monkeypatch):
        error = Moderated("It shows too much.", raw="HTTP 400 contentPolicyViolation")
        monkeypatch.setattr(paid, "submit", raising(error))
        job = job_for("paid")
        send_off(job)
        assert (job.error, job.category) == ("It shows too much.", "moderation")
        assert job.attempts.get().raw == "HTTP 400 contentPolicyViolation"

    def test_an_engine_here_that_stumbles_is_just_tried_again(self, painter, monkeypatch):
        job = job_for("painter")
        with monkeypatch.context() as patch:
            patch.setattr(painter, "submit", raising(ValueError("odd")))
            send_off(job)
        assert (job.status, job.tries, job.lease_owner) == (S.SENDING, 1, "")
        assert run(due_now(job)).status == S.SUCCEEDED
        assert job.attempts.count() == 1


class TestBeforeItLeaves:
    """Until `sent_at` is written nothing can have left, so nothing is ever uncertain."""

    def test_a_frame_that_vanished_waits_in_line_for_a_person(self, providers):
        for provider in ("painter", "paid"):
            job = job_for(provider, first_frame=4711)
            send_off(job)
            assert (job.status, job.next_step_at) == (S.QUEUED, None)
            assert job.problem == "The first frame is gone; edit the order and add it again."
            assert books(job) == HELD

    def test_an_order_that_nobody_can_read_is_given_back_to_the_line_in_the_end(self, paid):
        job = job_for("paid")
        Job.objects.filter(pk=job.pk).update(stored_order={"nonsense": 1})
        for _ in range(problems.MOST_TRIES):
            send_off(due_now(job))
        assert (job.status, job.next_step_at) == (S.QUEUED, None)
        assert job.problem.startswith("Given up after 8 tries: TypeError")
        assert [attempt.outcome for attempt in job.attempts.all()] == ["unsent"]

    def test_what_may_have_left_is_never_put_back_in_line(self, paid):
        job = make_job(S.SENDING, order=make_painting("paid"))
        Attempt.objects.create(job=job, number=1, reference="r1", sent_at=timezone.now())
        send.keep_in_line(job, StorageFull("No room."))
        assert (job.status, job.problem, job.next_step_at) == (S.SENDING, "No room.", None)
        assert job.attempts.get().outcome == ""

    def test_a_worker_that_died_before_sent_nothing(self, paid):
        job = make_job(S.SENDING, order=make_painting("paid"))
        Attempt.objects.create(job=job, number=1, reference="r1")
        assert run(job).status == S.RUNNING
        assert (job.attempts.count(), paid.knows("r1")) == (1, True)

    def test_a_lane_that_closed_meanwhile_takes_it_back(self, paid):
        job = make_job(S.SENDING, order=make_painting("paid"))
        Attempt.objects.create(job=job, number=1, reference="r1")
        Lane.objects.filter(provider="paid").update(paused_for="No key.")
        send_off(job)
        assert (job.status, job.problem) == (S.QUEUED, "")
        assert not paid.knows("r1")

    def test_a_worker_that_lost_its_lease_sends_nothing(self, paid, monkeypatch):
        """It was stopped for so long, before it wrote that it sends, that another one took over."""
        job = make_job(S.SENDING, order=make_painting("paid"))
        Attempt.objects.create(job=job, number=1, reference="r1")

        def stopped(job, attempt):
            Job.objects.filter(pk=job.pk).update(lease_owner="another")
            return honest(job, attempt)

        honest = send.briefs.of
        monkeypatch.setattr(send.briefs, "of", stopped)
        send_off(job)
        assert (job.status, job.lease_owner) == (S.SENDING, "another")
        assert (job.attempts.get().sent_at, paid.knows("r1")) == (None, False)

    def test_an_attempt_that_went_back_in_line_is_never_sent_by_a_late_worker(
        self, paid, monkeypatch
    ):
        job = make_job(S.SENDING, order=make_painting("paid"))
        attempt = Attempt.objects.create(job=job, number=1, reference="r1")

        def stopped(job, attempt):
            Attempt.objects.filter(pk=attempt.pk).update(outcome="unsent")
            return honest(job, attempt)

        honest = send.briefs.of
        monkeypatch.setattr(send.briefs, "of", stopped)
        send_off(job)
        attempt.refresh_from_db()
        assert (attempt.sent_at, paid.knows("r1")) == (None, False)

    def test_a_pause_longer_than_the_lease_can_bear_stops_the_sending(self, paid, monkeypatch):
        clock = iter([0.0, send.PATIENCE_SECONDS + 1])
        monkeypatch.setattr(send, "time", SimpleNamespace(monotonic=lambda: next(clock)))
        job = job_for("paid")
        send_off(job)
        attempt = job.attempts.earliest("number")
        assert (attempt.outcome, attempt.sent_at) == ("unsent", None)
        assert job.attempts.count() == 2, "it has a slot again, under another reference"
        assert not paid.accepted.exists()

    def test_the_lease_outlasts_the_longest_call(self, paid, monkeypatch):
        seen = []

        def submit(brief):
            job = Job.objects.get()
            seen.append((job.lease_until - timezone.now()).total_seconds())
            seen.append(job.attempts.get().sent_at)
            return Receipt(remote_id=brief.reference)

        monkeypatch.setattr(paid, "submit", submit)
        send_off(job_for("paid"))
        assert seen[0] > send.LONGEST_CALL_SECONDS + send.PATIENCE_SECONDS - 5
        assert seen[1] is not None, "it is written that the order leaves before it does"


class TestAnswer:
    def test_an_engine_here_is_told_again_after_a_crash(self, painter):
        job = make_job(S.SENDING, order=make_painting())
        Attempt.objects.create(job=job, number=1, reference="r1")
        assert run(job).status == S.SUCCEEDED
        assert job.attempts.count() == 1

    def test_that_comes_late_finds_the_job_again(self, paid):
        job = make_job(S.UNCERTAIN, order=make_painting("paid"), next_step_at=None)
        attempt = Attempt.objects.create(
            job=job, number=1, reference="r1", sent_at=timezone.now() - timedelta(minutes=5)
        )
        following = answers.running(job, attempt, Receipt(remote_id="remote"))
        assert (following.step, following.lane) == (Step.POLL, "paid")
        assert (job.status, job.started_at) == (S.RUNNING, attempt.sent_at)

    @pytest.mark.parametrize("ended", [S.FAILED, S.SUCCEEDED])
    def test_after_the_end_changes_nothing(self, paid, ended):
        job = make_job(ended, order=make_painting("paid"))
        attempt = Attempt.objects.create(job=job, number=1, reference="r1")
        before = books(job)
        answers.running(job, attempt, Receipt(remote_id="remote"))
        answers.refused(job, attempt, ProviderRejected("No."))
        assert (job.status, books(job)) == (ended, before)

    def test_to_an_attempt_that_an_admin_gave_up_is_kept_as_a_name_only(self, paid, caplog):
        job = make_job(S.CANCELLED, order=make_painting("paid"))
        attempt = Attempt.objects.create(job=job, number=1, reference="r1", outcome="given up")
        answers.running(job, attempt, Receipt(remote_id="remote"))
        attempt.refresh_from_db()
        assert (attempt.outcome, attempt.remote_id) == ("given up", "remote")
        assert "r1 was given up, and accepted as remote" in caplog.text
        event = job.told.get(status=Event.BILLABLE)
        assert event.note == "Paid has r1 as remote, though it was given up here: it may be billed."
        assert list(undecided.billable(job.team)) == [event]
        Event.objects.update(at=timezone.now() - undecided.REMEMBERED - timedelta(minutes=1))
        assert list(undecided.billable(job.team)) == []

    def test_of_a_worker_that_was_overtaken_clears_nothing(self, paid):
        """Only the one who sends it may say that it was not sent."""
        job = make_job(S.UNCERTAIN, order=make_painting("paid"), next_step_at=None)
        sent = timezone.now()
        attempt = Attempt.objects.create(job=job, number=1, reference="r1", sent_at=sent)
        for follow, error in [
            (answers.refused, ProviderRejected("No.")),
            (answers.unavailable, ProviderUnavailable("Down.")),
            (answers.lost, MaybeSent("Cut off.")),
        ]:
            follow(job, attempt, error)
            attempt.refresh_from_db()
            assert (job.status, books(job)) == (S.UNCERTAIN, HELD)
            assert (attempt.outcome, attempt.sent_at) == ("", sent)

    def test_with_everything_at_once_is_saved_without_asking(self, paid, monkeypatch):
        update = Update(
            verdict=Verdict.SUCCEEDED,
            results=(Result(index=0, links={"video": "https://files.example/a.mp4"}),),
        )
        monkeypatch.setattr(paid, "submit", lambda _: Receipt(remote_id="r", update=update))
        job = job_for("paid")
        following = send_off(job)
        assert ([one.step for one in following], job.status) == ([Step.SAVE], S.SAVING)
        assert Update.from_json(job.attempts.get().answer) == update

    def test_with_a_failure_at_once_settles_it(self, paid, monkeypatch):
        update = Update(
            verdict=Verdict.FAILED, reason="Too dark.", category="rejected", charge=4 * MICRO
        )
        monkeypatch.setattr(paid, "submit", lambda _: Receipt(remote_id="r", update=update))
        job = job_for("paid")
        send_off(job)
        assert (job.status, job.error, job.category) == (S.FAILED, "Too dark.", "rejected")
        assert books(job) == (996, 0, 4)

    def test_that_is_a_success_without_files_is_none_yet(self, paid, monkeypatch):
        update = Update(verdict=Verdict.SUCCEEDED)
        monkeypatch.setattr(paid, "submit", lambda _: Receipt(remote_id="r", update=update))
        job = job_for("paid")
        send_off(job)
        assert (job.status, job.attempts.get().answer) == (S.RUNNING, None)


class TestLanes:
    def test_busy_makes_the_whole_lane_wait(self, paid, monkeypatch):
        monkeypatch.setattr(paid, "submit", raising(ProviderBusy("Later.", retry_after=40)))
        job, other = job_for("paid"), job_for("paid")
        make_lane("paid", slots=1)
        send_off(job)
        lane = Lane.objects.get(provider="paid")
        assert 35 < (lane.busy_until - timezone.now()).total_seconds() <= 40
        assert (job.status, job.problem) == (S.QUEUED, "")
        assert take(job) == []
        assert take(other) == []

    @pytest.mark.parametrize(("error", "kind"), [(KeyRejected, "key"), (OutOfMoney, "money")])
    def test_blocked_pauses_the_lane_and_harms_no_job(self, paid, monkeypatch, error, kind):
        monkeypatch.setattr(paid, "submit", raising(error("Paid does not take the key.")))
        job = job_for("paid")
        send_off(job)
        lane = Lane.objects.get(provider="paid")
        assert (lane.pause, lane.paused_for) == (kind, "Paid does not take the key.")
        assert lane.paused_at is not None
        assert (job.status, job.problem, books(job)) == (S.QUEUED, "", HELD)
        assert drive.catch_up() == []

    def test_the_others_of_a_paused_lane_stand_in_line_and_go_on_afterwards(
        self, paid, monkeypatch
    ):
        jobs = [job_for("paid") for _ in range(3)]
        with monkeypatch.context() as patch:
            patch.setattr(paid, "submit", raising(KeyRejected("No key.")))
            run(jobs[0])
        assert {Job.objects.get(pk=job.pk).status for job in jobs} == {S.QUEUED}
        assert send.lanes.resume("paid")
        assert not send.lanes.resume("paid")
        assert [run(job).status for job in jobs] == [S.RUNNING, S.RUNNING, S.QUEUED]

    def test_one_slot_is_sent_while_another_one_waits_for_its_answer(self, paid):
        """Each call is a step of its own, so that a slow answer keeps nobody waiting."""
        jobs = [job_for("paid") for _ in range(2)]
        following = take(jobs[0])
        assert {(one.step, one.job_id) for one in following} == {
            (Step.SEND, job.pk) for job in jobs
        }  # fmt: skip
        assert drive.take(following[1])[0].step == Step.POLL


def test_the_lease_of_a_dead_sender_is_freed_and_the_order_is_not_sent_again(paid):
    job = make_job(
        S.SENDING, order=make_painting("paid"), lease_owner=f"{lease._here()}:999999:1:1",
        lease_until=lease.until(lease.SENDING_SECONDS),
    )  # fmt: skip
    Attempt.objects.create(job=job, number=1, reference="r1", sent_at=timezone.now())
    for decision in drive.catch_up():
        drive.take(decision)
    job.refresh_from_db()
    assert (job.status, job.next_step_at, books(job)) == (S.UNCERTAIN, None, HELD)
    assert "may have been sent" in job.problem
    assert not paid.knows("r1")
