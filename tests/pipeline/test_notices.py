"""The pipeline says what concerns people, in the transaction in which it happens."""

import pytest

from studio.core.errors import OutOfMoney, ProviderRejected, StorageFull
from studio.core.notices import Kind
from studio.models import Lane, Notice
from studio.pipeline import lanes, news, problems, settle
from studio.services import uncertain
from tests.factories import make_job, make_member
from tests.pipeline.driving import S, job_for, run

pytestmark = pytest.mark.django_db


def told():
    return list(Notice.objects.order_by("pk").values_list("member", "kind", "facts__text"))


class TestEnds:
    def test_done(self, painter):
        job = run(job_for("painter"))
        assert job.status == S.SUCCEEDED
        assert told() == [(job.author_id, Kind.JOB_DONE, "")]
        assert Notice.objects.get().take == job.takes.get()

    def test_failed(self, providers):
        job = make_job(S.RUNNING)
        settle.fail(job, "The provider made nothing.")
        settle.fail(job, "The provider made nothing.")
        assert told() == [(job.author_id, Kind.JOB_FAILED, "The provider made nothing.")]

    def test_refused(self, paid):
        job = run(job_for("paid", prompt="refuse me"))
        assert (job.status, issubclass(ProviderRejected, Exception)) == (S.FAILED, True)
        assert told() == [(job.author_id, Kind.JOB_FAILED, job.error)]

    def test_given_up_by_an_admin(self, paid):
        job = job_for("paid", prompt="lose the answer")
        run(job)
        mei = make_member("admin", team=job.team)
        Notice.objects.all().delete()
        if job.status == S.UNCERTAIN:
            uncertain.release(mei, job)
        assert told() == []  # cancelled is no end that anybody waits for


class TestStops:
    def test_waits_for_a_person(self, providers):
        job = make_job(S.SAVING)
        problems.keep_for_a_person(job, StorageFull("The disk is full."))
        assert told() == [(job.author_id, Kind.JOB_STOPPED, "The disk is full.")]

    def test_one_that_ended_meanwhile_waits_for_nobody(self, providers):
        job = make_job(S.FAILED)
        problems.keep_for_a_person(job, StorageFull("The disk is full."))
        assert told() == []

    def test_late_is_told_once_however_often_it_is_asked_about(self, paid):
        job = make_job(S.RUNNING, order=job_for("paid").order)
        Notice.objects.all().delete()
        for _ in range(3):
            news.overdue(job, answer=None, attempt=0)
        assert [kind for _, kind, _ in told()] == [Kind.JOB_STOPPED]


class TestLane:
    def test_pause_is_told_to_admins_when_it_begins(self, paid):
        mei = make_member("admin")
        for words in ("No money.", "Still no money."):
            lanes.pause("paid", OutOfMoney(words))
        assert told() == [(mei.pk, Kind.LANE_PAUSED, "No money.")]
        assert Lane.objects.get(provider="paid").paused_for == "Still no money."
        lanes.resume("paid")
        lanes.pause("paid", OutOfMoney("Again."))
        assert len(told()) == 2
