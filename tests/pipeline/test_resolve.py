"""Orders that may have been sent: found again where that is possible, and never cleared."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.errors import (
    KeyRejected,
    MaybeSent,
    ProviderBusy,
    ProviderConfused,
    ProviderRejected,
    ProviderUnavailable,
    StorageFailed,
    Unsupported,
)
from studio.core.status import JobStatus
from studio.models import Attempt, Job, Lane
from studio.pipeline import answers, drive, pace, problems, resolve
from studio.providers.base import Receipt, Update, Verdict
from tests.factories import make_job, make_painting
from tests.pipeline.driving import answering, books, due_now, job_for, raising, run, send_off, take

S = JobStatus
HELD = (990, 10, 0)
SENT = "dl-7-0123456789abcdef0123456789abcdef"


def uncertain(provider, *, sent=timedelta(minutes=1), **fields):
    """A job whose attempt may have been sent so long ago."""
    job = make_job(S.UNCERTAIN, order=make_painting(provider))
    Attempt.objects.create(
        job=job, number=1, reference=f"{SENT[:-4]}{job.pk:04}", sent_at=timezone.now() - sent,
        **fields,
    )  # fmt: skip
    return job


def knows(provider, job):
    """The provider has the order of this job's attempt."""
    reference = job.attempts.get().reference
    with provider.accepted.open("a") as log:
        log.write(f"{reference}\n")
    (provider.folder / reference).write_text("A door")
    return reference


def search(job):
    """Look once, and tell what the job is then."""
    for decision in take(due_now(job)):
        assert decision.step != "resolve", "it would go round"
    job.refresh_from_db()
    return job.status


class TestLostAnswer:
    @pytest.mark.parametrize("provider", ["replaying", "findable"])
    def test_is_found_by_itself_and_made_once(self, providers, provider):
        job = job_for(provider, prompt="lose the answer")
        send_off(job)
        assert (job.status, books(job)) == (S.UNCERTAIN, HELD)
        assert job.problem == answers.ASKS
        assert job.next_step_at > timezone.now(), "after a moment"
        assert search(job) == S.RUNNING
        assert run(due_now(run(due_now(job)))).status == S.SUCCEEDED
        assert len(providers[provider].accepted.read_text().splitlines()) == 1
        assert job.attempts.get().outcome == "accepted"

    def test_of_a_provider_without_a_handle_waits_for_a_person(self, paid):
        job = job_for("paid", prompt="lose the answer")
        send_off(job)
        assert (job.status, job.next_step_at, books(job)) == (S.UNCERTAIN, None, HELD)
        assert job.problem == answers.PERSON
        assert job.attempts.get().raw == "HTTP 200 {"
        assert drive.catch_up() == []

    @pytest.mark.parametrize("provider", ["replaying", "findable"])
    def test_of_a_worker_that_died_is_looked_for_at_once(self, providers, provider):
        job = make_job(S.SENDING, order=make_painting(provider))
        Attempt.objects.create(job=job, number=1, reference=SENT, sent_at=timezone.now())
        knows(providers[provider], job)
        assert run(job).status in {S.RUNNING, S.SUCCEEDED}
        assert len(providers[provider].accepted.read_text().splitlines()) == 1


SAYS_NOTHING = [
    ProviderUnavailable("Down."), ProviderBusy("Later."), KeyRejected("No key."),
    ProviderRejected("No."), Unsupported("No such setting."), ProviderConfused("HTML?"),
    MaybeSent("Cut off."),
]  # fmt: skip


class TestSticky:
    @pytest.mark.parametrize("error", SAYS_NOTHING, ids=lambda error: type(error).__name__)
    @pytest.mark.parametrize(
        ("provider", "call"), [("replaying", "submit"), ("findable", "look_up")]
    )
    def test_no_later_answer_clears_it(self, providers, monkeypatch, provider, call, error):
        job = uncertain(provider)
        monkeypatch.setattr(providers[provider], call, raising(error))
        assert search(job) == S.UNCERTAIN
        assert books(job) == HELD
        assert job.attempts.get().outcome == ""
        assert job.next_step_at > timezone.now()

    def test_not_found_is_no_proof(self, providers):
        job = uncertain("findable")
        assert search(job) == S.UNCERTAIN
        assert job.next_step_at > timezone.now()
        knows(providers["findable"], job)
        assert search(job) == S.RUNNING

    def test_a_second_sending_says_that_it_is_one(self, providers, monkeypatch):
        briefs = []

        def submit(brief):
            briefs.append(brief)
            return Receipt(remote_id="r")

        monkeypatch.setattr(providers["replaying"], "submit", submit)
        job = uncertain("replaying")
        search(job)
        assert [(brief.again, brief.reference) for brief in briefs] == [
            (True, job.attempts.get().reference)
        ]  # fmt: skip

    def test_a_key_that_is_not_taken_pauses_the_lane_and_nothing_is_sent_until_it_is(
        self, providers, monkeypatch
    ):
        job = uncertain("replaying")
        with monkeypatch.context() as patch:
            patch.setattr(providers["replaying"], "submit", raising(KeyRejected("No key.")))
            search(job)
        assert Lane.objects.get(provider="replaying").paused_for == "No key."
        assert search(job) == S.UNCERTAIN
        assert not providers["replaying"].accepted.exists()
        Lane.objects.update(paused_for="")
        assert search(job) == S.RUNNING

    def test_a_frame_that_vanished_meanwhile_keeps_it_too(self, providers, monkeypatch):
        job = uncertain("replaying")
        monkeypatch.setattr(resolve.briefs, "of", raising(StorageFailed("The frame is gone.")))
        assert search(job) == S.UNCERTAIN
        assert (job.problem, job.next_step_at, books(job)) == ("The frame is gone.", None, HELD)

    def test_what_nobody_expected_is_shown_after_a_few_tries(self, providers, monkeypatch):
        job = uncertain("findable")
        monkeypatch.setattr(providers["findable"], "look_up", raising(ValueError("odd")))
        for _ in range(problems.MOST_TRIES):
            assert search(job) == S.UNCERTAIN
        assert job.problem == "Given up after 8 tries: ValueError: odd"
        assert (job.next_step_at, books(job)) == (None, HELD)


class TestPatience:
    def test_pauses_grow_with_the_time_that_it_is_missing(self):
        seconds = [pace.search(missing).total_seconds() for missing in (0, 20, 100, 7200)]
        assert seconds == [5, 10, 50, 300]

    def test_a_provider_that_asks_for_more_is_obeyed(self, providers, monkeypatch):
        job = uncertain("findable", sent=timedelta())
        error = ProviderBusy("Later.", retry_after=900)
        monkeypatch.setattr(providers["findable"], "look_up", raising(error))
        search(job)
        assert (job.next_step_at - timezone.now()).total_seconds() > 890

    def test_after_a_day_a_person_is_asked(self, providers):
        job = uncertain("findable", sent=timedelta(days=1, minutes=1))
        assert search(job) == S.UNCERTAIN
        assert (job.problem, job.next_step_at, books(job)) == (answers.PERSON, None, HELD)

    def test_a_message_for_a_job_that_was_found_is_nothing_to_do(self, providers):
        job = uncertain("findable")
        stale = drive.Decision(step="resolve", job_id=job.pk)
        knows(providers["findable"], job)
        search(job)
        assert drive.take(stale) == []

    def test_it_is_left_to_the_worker_that_has_the_lease(self, providers):
        job = uncertain("findable")
        Job.objects.get(pk=job.pk).take_lease("another", timezone.now() + timedelta(minutes=1))
        assert resolve.resolve(job).step == "rest"


class TestNamed:
    """A name came by the address that only the provider of this attempt knows."""

    def test_counts_once_the_provider_knows_it(self, paid, monkeypatch):
        job = uncertain("paid", remote_id="theirs")
        monkeypatch.setattr(paid, "poll", answering(Update(verdict=Verdict.RUNNING)))
        assert search(job) == S.RUNNING
        attempt = job.attempts.get()
        assert (attempt.outcome, attempt.remote_id) == ("accepted", "theirs")

    @pytest.mark.parametrize(
        "answer",
        [
            ProviderRejected("No such job."),
            ProviderConfused("HTML?"),
            ProviderUnavailable("Down."),
            Update(verdict=Verdict.SUCCEEDED, raw='{"reference": "dl-9-' + "f" * 32 + '"}'),
        ],
        ids=["unknown", "confused", "down", "another order"],
    )
    def test_proves_nothing_before_that(self, paid, monkeypatch, answer):
        job = uncertain("paid", remote_id="theirs")
        monkeypatch.setattr(paid, "poll", answering(answer))
        assert search(job) == S.UNCERTAIN
        assert books(job) == HELD
        assert job.next_step_at > timezone.now(), "it may be known later"

    def test_of_another_job_is_not_taken(self, paid, monkeypatch):
        other = make_job(S.RUNNING, order=make_painting("paid"))
        Attempt.objects.create(
            job=other, number=1, reference="r", remote_id="theirs", outcome="accepted"
        )
        job = uncertain("paid", remote_id="theirs")
        monkeypatch.setattr(paid, "poll", answering(Update(verdict=Verdict.RUNNING)))
        assert search(job) == S.UNCERTAIN

    def test_that_fits_our_reference_is_taken(self, paid, monkeypatch):
        job = uncertain("paid", remote_id="theirs")
        raw = f'{{"external_task_id": "{job.attempts.get().reference}"}}'
        monkeypatch.setattr(paid, "poll", answering(Update(verdict=Verdict.RUNNING, raw=raw)))
        assert search(job) == S.RUNNING

    def test_with_a_verdict_goes_straight_on(self, paid, monkeypatch):
        job = uncertain("paid", remote_id="theirs")
        failed = Update(verdict=Verdict.FAILED, reason="Too dark.")
        monkeypatch.setattr(paid, "poll", answering(failed))
        assert search(job) == S.FAILED
        assert job.error == "Too dark."
