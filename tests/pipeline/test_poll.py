"""Asking remote providers: many jobs at once, and only a verdict changes anything."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.decision import Decision, Step
from studio.core.errors import (
    KeyRejected,
    ProviderBusy,
    ProviderConfused,
    ProviderRejected,
    ProviderUnavailable,
)
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Attempt, Event, Job, Lane
from studio.pipeline import drive, news, pace, poll
from studio.providers.base import Provider, Result, Update, Verdict
from tests.factories import make_job, make_lane, make_painting
from tests.pipeline.driving import answering, books, job_for, raising, send_off

S = JobStatus
HELD = (990, 10, 0)
RUNNING = Update(verdict=Verdict.RUNNING)
LINKED = Result(index=0, links={"video": "https://files.example/a.mp4"})


def running(provider="paid", *, age=timedelta(seconds=10), **fields):
    """A job that its provider accepted so long ago, under the name “remote-<pk>”."""
    job = make_job(
        S.RUNNING, order=make_painting(provider), started_at=timezone.now() - age, **fields
    )
    Attempt.objects.create(
        job=job, number=1, reference=f"r{job.pk}", remote_id=f"remote-{job.pk}",
        outcome="accepted", sent_at=job.started_at,
    )  # fmt: skip
    return job


@pytest.fixture
def says(paid, monkeypatch):
    """Let the provider give these answers, the last one for ever."""

    def says(*answers):
        monkeypatch.setattr(paid, "poll", answering(*answers))

    return says


def ask(job):
    """One round about a lane whose job is due."""
    Job.objects.filter(pk=job.pk).update(next_step_at=timezone.now())
    following = drive.take(Decision(step=Step.POLL, lane=job.provider))
    job.refresh_from_db()
    return following


def pause_of(job):
    return (job.next_step_at - timezone.now()).total_seconds()


class TestVerdicts:
    @pytest.mark.parametrize("reason", ["Too dark.", ""])
    def test_a_failure_gives_everything_back(self, says, reason):
        job = running()
        says(Update(verdict=Verdict.FAILED, reason=reason, category="moderation", raw="{}"))
        ask(job)
        assert (job.status, books(job), job.category) == (S.FAILED, (1000, 0, 0), "moderation")
        assert job.error == (reason or "The provider could not make this, and gave no reason.")
        assert job.attempts.get().raw == "{}"

    def test_a_failure_that_is_charged_all_the_same_is_paid(self, says):
        job = running()
        says(Update(verdict=Verdict.FAILED, reason="Half done.", charge=4 * MICRO))
        ask(job)
        assert (job.status, books(job), job.charged) == (S.FAILED, (996, 0, 4), 4 * MICRO)

    def test_what_is_moderated_costs_nothing_whatever_the_provider_says(self, says):
        job = running()
        says(Update(verdict=Verdict.FAILED, reason="Refused.", category="moderation",
                    charge=2_500_000, raw="word for word"))  # fmt: skip
        ask(job)
        assert (job.status, books(job), job.charged) == (S.FAILED, (1000, 0, 0), 0)
        assert job.error == "Refused."
        assert job.told.last().note == (
            "Refused. Paid says that it charged 2.5 credit; the team pays nothing."
        )
        assert job.attempts.get().raw == "word for word"

    def test_a_charge_that_nobody_can_pay_waits_for_a_person_with_its_hold(self, says):
        job = running()
        says(Update(verdict=Verdict.FAILED, reason="Half done.", charge=5_000 * MICRO))
        ask(job)
        assert (job.status, books(job), job.next_step_at) == (S.RUNNING, HELD, None)
        assert job.problem.startswith("The charge of 5,000 credits is more than the budget has")

    def test_a_success_is_kept_word_for_word_and_saved(self, says):
        job = running()
        done = Update(verdict=Verdict.SUCCEEDED, results=(LINKED,), charge=7, raw="x\0\ud800")
        says(done)
        assert ask(job) == [Decision(step=Step.SAVE, job_id=job.pk)]
        assert job.status == S.SAVING
        attempt = job.attempts.get()
        assert Update.from_json(attempt.answer).results == (LINKED,)
        assert attempt.raw == "x?", "as every database takes it"

    @pytest.mark.parametrize("update", [RUNNING, Update(verdict=Verdict.SUCCEEDED)])
    def test_neither_running_nor_a_success_without_files_is_one(self, says, update):
        job = running()
        says(update)
        assert ask(job) == []
        assert (job.status, books(job), job.problem) == (S.RUNNING, HELD, "")

    def test_one_that_is_stored_already_is_followed_without_asking(self, paid, monkeypatch):
        job = running()
        done = Update(verdict=Verdict.SUCCEEDED, results=(LINKED,))
        Attempt.objects.update(answer=done.to_json())
        monkeypatch.setattr(paid, "poll", raising(AssertionError("asked")))
        assert ask(job)[0].step == Step.SAVE

    def test_a_free_slot_is_filled_at_once(self, says):
        make_lane("paid", slots=1)
        job, waiting = running(), job_for("paid")
        says(Update(verdict=Verdict.FAILED))
        assert ask(job) == [Decision(step=Step.SEND, job_id=waiting.pk)]

    def test_for_a_job_that_another_worker_took_meanwhile_is_left_to_it(self, paid, monkeypatch):
        job = running()

        def poll_one(_):
            Job.objects.filter(pk=job.pk).update(
                lease_owner="x", lease_until=timezone.now() + timedelta(minutes=1)
            )
            return Update(verdict=Verdict.FAILED)

        monkeypatch.setattr(paid, "poll", poll_one)
        assert ask(job) == []
        assert job.status == S.RUNNING

    def test_which_came_to_a_job_that_moved_on_changes_nothing(self, says):
        job = running()
        says(Update(verdict=Verdict.FAILED))
        stale = Job.objects.get(pk=job.pk)
        ask(job)
        poll.news.verdict(
            stale, update=Update(verdict=Verdict.FAILED), attempt=job.attempts.get().pk
        )
        assert Event.objects.filter(job=job, status=S.FAILED).count() == 1


class TestNoAnswer:
    @pytest.mark.parametrize(
        "error",
        [ProviderUnavailable("Down."), ProviderConfused("HTML?"), ProviderRejected("No such job."),
         KeyError("id")],
    )  # fmt: skip
    def test_is_no_verdict(self, says, error):
        job = running()
        says(error)
        assert ask(job) == []
        assert (job.status, job.problem, books(job)) == (S.RUNNING, "", HELD)
        assert pause_of(job) > 20

    def test_to_one_job_does_not_cost_the_others_theirs(self, paid, monkeypatch):
        odd, good = running(), running()

        def poll_one(remote_id):
            if remote_id == f"remote-{odd.pk}":
                raise KeyError("id")
            return Update(verdict=Verdict.FAILED, reason="No.")

        monkeypatch.setattr(paid, "poll", poll_one)
        ask(odd)
        good.refresh_from_db()
        assert (odd.status, good.status) == (S.RUNNING, S.FAILED)

    def test_to_a_question_about_one_job_alone_is_heeded_too(self, paid, monkeypatch):
        """Where asking for all at once stumbles, an error of one of them is just its answer."""
        job = running()
        monkeypatch.setattr(paid, "poll_many", raising(KeyError("id")))
        monkeypatch.setattr(paid, "poll", raising(ProviderUnavailable("Down.", retry_after=50)))
        ask(job)
        assert 40 < pause_of(job) < 60

    def test_a_provider_that_wants_to_be_left_alone_is(self, says):
        job, other = running(), running()
        says(ProviderBusy("Later.", retry_after=50))
        ask(job)
        assert 40 < pause_of(job) < 60
        lane = Lane.objects.get(provider="paid")
        assert 40 < (lane.busy_until - timezone.now()).total_seconds() <= 50
        says(Update(verdict=Verdict.FAILED))
        ask(other)
        assert other.status == S.RUNNING, "nobody asks before that"

    def test_a_key_that_is_not_taken_pauses_the_lane_but_not_the_asking(self, says):
        job = running()
        says(KeyRejected("No key."), Update(verdict=Verdict.FAILED))
        ask(job)
        assert Lane.objects.get(provider="paid").paused_for == "No key."
        assert (job.status, job.problem) == (S.RUNNING, "")
        ask(job)
        assert job.status == S.FAILED

    def test_that_says_nothing_of_a_job_is_none(self, paid, monkeypatch):
        job = running()
        monkeypatch.setattr(paid, "poll_many", lambda _: {})
        assert ask(job) == []
        assert pause_of(job) > 0


class TestPace:
    @pytest.mark.parametrize(
        ("age", "low", "high"),
        [(0, 2, 3), (60, 3, 5), (600, 8, 12), (3000, 15, 25), (9000, 25, 35)],
    )
    def test_a_job_that_takes_long_is_asked_about_seldom(self, says, settings, age, low, high):
        settings.GIVE_UP_MINUTES = 10_000
        job = running(age=timedelta(seconds=age))
        says(RUNNING)
        ask(job)
        assert low < pause_of(job) < high

    def test_a_job_may_ask_for_its_own_pause(self, says):
        job = running()
        says(Update(verdict=Verdict.RUNNING, retry_after=100))
        ask(job)
        assert 85 < pause_of(job) < 115

    def test_jobs_that_began_together_spread_out(self):
        assert len({pace.spread(10) for _ in range(20)}) > 1

    def test_a_job_that_a_webhook_made_due_meanwhile_stays_due(self, paid, monkeypatch):
        job = running()

        def poll_one(_):
            Job.objects.filter(pk=job.pk).update(next_step_at=timezone.now())
            return RUNNING

        monkeypatch.setattr(paid, "poll", poll_one)
        ask(job)
        assert pause_of(job) <= 0


class TestProgress:
    def test_is_shown_when_one_can_see_it(self, says):
        job = running()
        says(*(Update(verdict=Verdict.RUNNING, progress=percent) for percent in (0, 1, 40, 40)))
        seen = []
        for _ in range(4):
            ask(job)
            seen.append((job.progress, Event.objects.filter(job=job).latest("pk").pk))
        assert [progress for progress, _ in seen] == [0, 0, 40, 40]
        assert seen[0][1] == seen[1][1] < seen[2][1] == seen[3][1]

    def test_of_a_job_that_moved_on_is_not_shown(self, says):
        job = running()
        stale = Job.objects.get(pk=job.pk)
        job.move(S.CANCELLED)
        events = Event.objects.count()
        news.progress(stale, percent=50)
        assert Event.objects.count() == events

    def test_may_go_back_and_must_not_go_out_of_bounds(self, says):
        job = running(progress=60)
        says(Update(verdict=Verdict.RUNNING, progress=30))
        ask(job)
        assert job.progress == 30
        says(Update(verdict=Verdict.RUNNING, progress=900))
        ask(job)
        assert job.progress == 100


class TestWithoutEnd:
    def test_is_told_once_and_asked_on_seldom(self, says):
        job = running(age=timedelta(minutes=61))
        says(Update(verdict=Verdict.RUNNING, raw='{"status": "pending_review"}'))
        ask(job)
        assert job.problem.startswith("Paid has not finished within 60 minutes.")
        assert (job.status, books(job)) == (S.RUNNING, HELD)
        assert pause_of(job) > 100
        assert job.attempts.get().raw == '{"status": "pending_review"}'
        events = Event.objects.count()
        ask(job)
        assert Event.objects.count() == events

    def test_leaves_its_slot_to_others(self, says):
        make_lane("paid", slots=1)
        job, waiting = running(age=timedelta(minutes=61)), job_for("paid")
        says(RUNNING)
        assert ask(job) == [Decision(step=Step.SEND, job_id=waiting.pk)]

    def test_can_still_come_to_its_end(self, says):
        job = running(age=timedelta(hours=9), problem="Paid has not finished.")
        says(Update(verdict=Verdict.SUCCEEDED, results=(LINKED,)))
        ask(job)
        assert (job.status, job.problem) == (S.SAVING, "")

    def test_with_a_success_that_never_has_files_too(self, says):
        job = running(age=timedelta(minutes=61))
        says(Update(verdict=Verdict.SUCCEEDED))
        ask(job)
        assert (job.status, bool(job.problem), books(job)) == (S.RUNNING, True, HELD)

    def test_after_as_long_as_the_setting_says(self, says, settings):
        settings.GIVE_UP_MINUTES = 5
        job = running(age=timedelta(minutes=6))
        says(RUNNING)
        ask(job)
        assert "within 5 minutes" in job.problem


class TestManyAtOnce:
    def test_costs_the_same_queries_however_many_bring_nothing_new(
        self, says, django_assert_max_num_queries, django_assert_num_queries
    ):
        says(RUNNING)
        jobs = [running() for _ in range(3)]
        with django_assert_max_num_queries(12) as few:
            ask(jobs[0])
        jobs += [running() for _ in range(20)]
        Job.objects.update(next_step_at=timezone.now())
        with django_assert_num_queries(len(few)):
            ask(jobs[0])

    def test_is_one_call(self, paid, monkeypatch):
        calls = []

        def poll_many(ids):
            calls.append(sorted(ids))
            return Provider.poll_many(paid, ids)

        monkeypatch.setattr(paid, "poll_many", poll_many)
        monkeypatch.setattr(paid, "poll", answering(RUNNING))
        jobs = [running() for _ in range(3)]
        ask(jobs[0])
        assert calls == [sorted(f"remote-{job.pk}" for job in jobs)]

    def test_takes_no_more_than_a_round_can_bear(self, says, monkeypatch):
        monkeypatch.setattr(poll, "MOST_AT_ONCE", 2)
        says(Update(verdict=Verdict.FAILED))
        jobs = [running() for _ in range(3)]
        ask(jobs[2])
        left = Job.objects.filter(status=S.RUNNING)
        assert left.count() == 1

    def test_a_job_with_two_accepted_attempts_is_asked_about_by_the_later_one(
        self, paid, monkeypatch
    ):
        job = running()
        Attempt.objects.create(
            job=job, number=2, reference="again", remote_id="second", outcome="accepted"
        )
        asked = []
        monkeypatch.setattr(paid, "poll", lambda name: asked.append(name) or RUNNING)
        ask(job)
        assert asked == ["second"]

    def test_nothing_is_asked_about_what_was_just_sent_elsewhere(self, paid, monkeypatch):
        monkeypatch.setattr(pace, "first", lambda: timedelta(seconds=2))
        job = job_for("paid")
        send_off(job)
        monkeypatch.setattr(paid, "poll", raising(AssertionError("asked")))
        assert drive.take(Decision(step=Step.POLL, lane="paid")) == []
