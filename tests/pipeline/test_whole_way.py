"""From the order to the takes, and every step done twice."""

import pytest
from django.utils import timezone

from studio.core.decision import Step
from studio.core.status import JobStatus
from studio.models import Event, Job, Take
from studio.pipeline import drive, lease, save, send
from tests.factories import make_job, make_painting
from tests.pipeline.driving import STEP_OF, books, due_now, job_for, run, take, to

S = JobStatus


class TestTheWholeWay:
    def test_an_engine_here(self, painter):
        job = run(job_for("painter", count=2))
        assert job.status == S.SUCCEEDED
        assert [take.number for take in job.takes.order_by("index")] == [1, 2]
        assert books(job) == (980, 0, 20)
        assert job.clip.cover.number == 1
        assert not list(painter.folder.glob("two-at-once"))

    def test_a_remote_is_asked_again_when_its_row_says(self, paid):
        job = run(job_for("paid"))
        assert job.status == S.RUNNING
        assert job.next_step_at > timezone.now()
        assert run(due_now(job)).status == S.SUCCEEDED
        assert books(job) == (990, 0, 10)

    def test_a_second_job_of_a_clip_numbers_its_takes_on(self, painter):
        first = run(job_for("painter"))
        second = run(job_for("painter", author=first.author, clip=first.clip))
        assert second.takes.get().number == 2


class TestEveryStepTwice:
    @pytest.mark.parametrize("state", [S.QUEUED, S.RUNNING, S.SAVING])
    def test_a_doubled_message_changes_nothing(self, painter, state):
        job = job_for("painter")
        if state != S.QUEUED:
            to(state, job)
        step = STEP_OF[state]
        run(job)
        events = Event.objects.count()
        assert take(job, step) == []
        assert Event.objects.count() == events
        assert Take.objects.count() == 1
        assert books(job) == (990, 0, 10)

    def test_rendering_twice_makes_the_takes_once(self, painter):
        job = to(S.RUNNING, job_for("painter"))
        assert take(job, Step.RENDER) == take(job, Step.RENDER)
        assert run(job).takes.count() == 1

    def test_saving_is_left_to_the_worker_that_has_the_lease(self, painter):
        job = to(S.SAVING, job_for("painter"))
        Job.objects.get(pk=job.pk).take_lease("another", lease.until())
        assert save.save(job).step == Step.REST
        assert take(job, Step.SAVE) == []
        assert job.takes.count() == 0

    def test_sending_and_rendering_too(self, painter):
        for state, step in [(S.SENDING, send.send), (S.RUNNING, drive.render)]:
            job = make_job(state, order=make_painting())
            Job.objects.get(pk=job.pk).take_lease("another", lease.until())
            assert step(job).step == Step.REST

    def test_a_success_that_came_too_late_stores_nothing(self, painter):
        job = to(S.SAVING, job_for("painter"))
        Job.objects.get(pk=job.pk).move(S.FAILED)
        assert save.save(Job.objects.get(pk=job.pk)).step == Step.REST
        assert not drive.save.settle.succeed(job, charge=None, write=lambda: None)
        assert Take.objects.count() == 0
