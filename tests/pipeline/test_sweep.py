"""The sweep: what is due is found, whatever got lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.decision import Step
from studio.core.status import JobStatus
from studio.models import Event, Job, Lane
from studio.pipeline import drive, sweep
from tests.factories import make_job, make_member, make_painting, make_team
from tests.pipeline.driving import books, job_for

S = JobStatus


class TestSweep:
    def test_finds_everything_that_is_due(self, painter, paid):
        sending = make_job(S.SENDING, order=make_painting())
        running = make_job(S.RUNNING, order=make_painting())
        saving = make_job(S.SAVING, order=make_painting())
        lost = make_job(S.UNCERTAIN, order=make_painting())
        later = timezone.now() + timedelta(minutes=1)
        for state, fields in [
            (S.RUNNING, {"next_step_at": later}), (S.RUNNING, {"next_step_at": None}),
            (S.SAVING, {"lease_until": later, "lease_owner": "x"}),
            (S.UNCERTAIN, {"next_step_at": None}), (S.FAILED, {}), (S.SUCCEEDED, {}),
            (S.WAITING, {}),
        ]:  # fmt: skip
            make_job(state, order=make_painting(), **fields)
        found = {(decision.job_id, decision.step) for decision in sweep.overdue()}
        assert found == {
            (sending.pk, Step.SEND), (running.pk, Step.TRACK), (saving.pk, Step.SAVE),
            (lost.pk, Step.RESOLVE),
        }  # fmt: skip

    def test_remote_jobs_are_asked_about_lane_by_lane(self, painter, paid):
        for provider in ("paid", "paid", "findable"):
            make_job(S.RUNNING, order=make_painting(provider))
        assert {(one.step, one.lane) for one in sweep.overdue()} == {
            (Step.POLL, "paid"), (Step.POLL, "findable")
        }  # fmt: skip
        assert len(sweep.overdue()) == 2

    def test_a_lane_that_somebody_watches_is_left_to_them(self, paid):
        make_job(S.RUNNING, order=make_painting("paid"))
        Lane.watch("paid", "another", seconds=60)
        assert sweep.overdue() == []

    def test_lanes_are_those_where_somebody_is_ready(self, painter, paid):
        job_for("painter")
        make_job(order=make_painting("paid"), next_step_at=None)
        assert sweep.lanes() == ["painter"]

    @pytest.mark.parametrize(
        "closed", [{"paused_for": "No key."}, {"busy_until": timezone.now() + timedelta(hours=9)}]
    )
    def test_a_closed_lane_is_not_filled(self, paid, closed):
        job_for("paid")
        Lane.objects.filter(provider="paid").update(**closed)
        assert sweep.lanes() == []

    def test_a_provider_that_is_no_more_stops_nobody_else(self, painter, providers):
        lost = [job_for("paid"), make_job(S.RUNNING, order=make_painting("paid"))]
        good = job_for("painter")
        del providers["paid"]
        for decision in drive.catch_up():
            drive.take(decision)
        for job in lost:
            job.refresh_from_db()
            assert job.problem == "Provider must be painter, replaying or findable, not “paid”."
            assert job.next_step_at is None
        good.refresh_from_db()
        assert good.status == S.RUNNING

    def test_one_broken_job_does_not_stop_the_others(self, painter):
        broken, good = job_for("painter"), job_for("painter")
        Job.objects.filter(pk=broken.pk).update(stored_order={"nonsense": 1})
        drive.catch_up()
        good.refresh_from_db()
        assert good.status == S.RUNNING

    def test_waiting_jobs_get_their_hold_oldest_first(self, painter):
        author = make_member(team=make_team(credits=25))
        waiting = [
            make_job(S.WAITING, author=author, order=make_painting(), problem="Too little.")
            for _ in range(3)
        ]
        assert [job.pk for job in sweep.budgets(author.team)] == [job.pk for job in waiting[:2]]
        states = [Job.objects.get(pk=job.pk) for job in waiting]
        assert [(job.status, job.problem) for job in states] == [
            (S.QUEUED, ""), (S.QUEUED, ""),
            (S.WAITING, "This needs 10 credits, 5 are left in the budget."),
        ]  # fmt: skip
        assert books(waiting[0]) == (5, 20, 0)

    def test_a_budget_that_somebody_else_took_leaves_the_job_waiting(self, painter, monkeypatch):
        job = make_job(S.WAITING, author=make_member(team=make_team(credits=0)),
                       order=make_painting())  # fmt: skip
        monkeypatch.setattr(sweep.ledger, "short_of", lambda _: [])
        assert not sweep.promote(job)
        job.refresh_from_db()
        assert (job.status, Event.objects.filter(job=job, status=S.QUEUED).count()) == (
            S.WAITING, 0
        )  # fmt: skip
