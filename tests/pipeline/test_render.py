"""Rendering: errors, cancelling, and workers that are to stop."""

import errno

import pytest

from studio.core.decision import Decision, Step
from studio.core.errors import ProviderError, ProviderRejected, StorageFailed
from studio.core.status import JobStatus
from studio.models import Event, Job
from studio.pipeline import drive, problems, sweep
from studio.providers.base import Verdict
from tests.pipeline.driving import books, due_now, job_for, raising, run, take, to

S = JobStatus


ON_RENDER = [
    (ProviderRejected("Can not."), S.FAILED, (1000, 0, 0), ""),
    (ProviderError("Odd."), S.RUNNING, (990, 10, 0), "Odd."),
    (OSError(errno.ENOSPC, "full"), S.RUNNING, (990, 10, 0),
     "The disk is full. Free some space, then press Try again."),
    (StorageFailed("The stored file is gone."), S.RUNNING, (990, 10, 0),
     "The stored file is gone."),
]  # fmt: skip


class TestErrorsOnRender:
    @pytest.mark.parametrize(("error", "state", "money", "problem"), ON_RENDER)
    def test_end_state_and_money(self, painter, monkeypatch, error, state, money, problem):
        job = to(S.RUNNING, job_for("painter"))
        monkeypatch.setattr(painter, "render", raising(error))
        take(job, Step.RENDER)
        job.refresh_from_db()
        assert (job.status, books(job), job.problem) == (state, money, problem)
        assert job.next_step_at is None
        assert job.lease_owner == ""

    def test_what_nobody_expected_is_tried_a_few_times_and_then_shown(self, painter, monkeypatch):
        job = to(S.RUNNING, job_for("painter"))
        monkeypatch.setattr(painter, "render", raising(ValueError("bad frame")))
        pauses = []
        for _ in range(problems.MOST_TRIES):
            due_now(job)
            assert take(job, Step.RENDER) == []
            job.refresh_from_db()
            if job.next_step_at:
                pauses.append(job.next_step_at)
        assert job.problem == "Given up after 8 tries: ValueError: bad frame"
        assert job.next_step_at is None
        assert len(pauses) == problems.MOST_TRIES - 1
        assert books(job) == (990, 10, 0)

    def test_a_job_whose_worker_always_dies_is_not_driven_for_ever(self, painter):
        job = to(S.RUNNING, job_for("painter"))
        Job.objects.filter(pk=job.pk).update(tries=problems.MOST_TRIES)
        assert take(job) == []
        job.refresh_from_db()
        assert job.problem == "Given up after 8 tries without an end."

    def test_an_engine_that_ends_without_a_result_does_not_go_round(self, painter, monkeypatch):
        job = to(S.RUNNING, job_for("painter"))
        monkeypatch.setattr(painter, "render", lambda *_, **__: None)
        assert take(job, Step.RENDER) == []
        job.refresh_from_db()
        assert job.problem == "Painter ended without a result."

    def test_pauses_grow_up_to_five_minutes(self):
        seconds = [problems.pause_after(tries).total_seconds() for tries in (1, 2, 3, 7, 60)]
        assert seconds == [5, 10, 20, 300, 300]


class TestStopping:
    def test_a_job_cancelled_while_it_renders_stops(self, painter, monkeypatch):
        job = to(S.RUNNING, job_for("painter"))
        monkeypatch.setattr("studio.pipeline.render.HEARTBEAT_SECONDS", 0)
        forgotten = []
        monkeypatch.setattr(painter, "forget", forgotten.append)

        def tell_and_cancel(report):
            def wrapped(*arguments):
                Job.objects.get(pk=job.pk).move(S.CANCELLED)
                return report(*arguments)

            return wrapped

        honest = painter.render
        monkeypatch.setattr(
            painter, "render",
            lambda brief, name, *, report: honest(brief, name, report=tell_and_cancel(report)),
        )  # fmt: skip
        assert take(job, Step.RENDER) == []
        job.refresh_from_db()
        assert job.status == S.CANCELLED
        assert painter.poll(job.attempts.get().remote_id).verdict == Verdict.RUNNING
        assert forgotten == [job.attempts.get().remote_id]

    def test_what_ended_jobs_left_behind_is_tidied_up_at_a_start(self, painter, monkeypatch):
        ended, running = to(S.RUNNING, job_for("painter")), to(S.RUNNING, job_for("painter"))
        names = [job.attempts.get().remote_id for job in (ended, running)]
        ended.move(S.FAILED)
        forgotten = []
        monkeypatch.setattr(painter, "kept", lambda: names)
        monkeypatch.setattr(painter, "forget", forgotten.append)
        assert sweep.leftovers() == 1
        assert forgotten == names[:1]

    def test_a_worker_that_is_to_end_leaves_the_job_due(self, painter):
        job = to(S.RUNNING, job_for("painter"))
        drive.take(Decision(step=Step.RENDER, job_id=job.pk), should_stop=lambda: True)
        job.refresh_from_db()
        assert (job.status, job.lease_owner, job.tries) == (S.RUNNING, "", 0)
        assert job in Job.objects.due()
        assert run(job).status == S.SUCCEEDED

    def test_progress_is_told_and_keeps_one_event(self, painter, monkeypatch):
        monkeypatch.setattr("studio.pipeline.render.HEARTBEAT_SECONDS", 0)
        job = to(S.RUNNING, job_for("painter"))
        take(job, Step.RENDER)
        job.refresh_from_db()
        assert (job.progress, job.phase) == (100, "Painting")
        assert Event.objects.filter(job=job, status=Event.TOUCH).count() == 1

    def test_a_heartbeat_within_the_pause_writes_nothing(self, painter):
        job = to(S.RUNNING, job_for("painter"))
        beat = drive.render.__globals__["Heartbeat"](job, lambda: False)
        assert beat(1, 9, "x") is False, "nobody holds the lease"
        assert beat(2, 9, "x") is True, "too early to look again"
