"""Waiting: who does the work, and when there is no use in waiting."""

from datetime import timedelta
from threading import Event

import pytest
from django.utils import timezone

from studio.core.status import JobStatus
from studio.management import lock
from studio.management.waiting import Wait, obstacle, workers_run
from studio.models import Attempt, Job, Lane
from tests import factories


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


class TestWorkersRun:
    def test_not_on_a_folder_that_no_up_has_seen(self, folder):
        assert not workers_run()

    def test_while_up_holds_the_folder_and_not_after(self, folder):
        with lock.only_one(folder, address="http://127.0.0.1:8000/"):
            assert workers_run()
        assert not workers_run()

    def test_not_after_a_crash_that_left_the_file(self, folder):
        (folder / "up.lock").write_text('{"address": "", "pid": 1}')
        assert not workers_run()
        with lock.only_one(folder, address="http://127.0.0.1:8000/"):
            assert workers_run()

    def test_always_with_a_queue_that_other_machines_share(self, folder, settings):
        settings.BROKER_URL = "redis://elsewhere"
        assert workers_run()


@pytest.mark.django_db
class TestObstacle:
    def test_none_while_the_job_can_go_on_by_itself(self):
        assert obstacle(factories.make_job(JobStatus.QUEUED)) is None
        assert obstacle(factories.make_job(JobStatus.SUCCEEDED, next_step_at=None)) is None

    def test_a_job_that_waits_for_a_person_says_why(self):
        job = factories.make_job(JobStatus.SAVING, next_step_at=None, problem="The disk is full.")
        assert obstacle(job) == "The disk is full."

    def test_a_step_that_is_under_way_is_none(self):
        job = factories.make_job(JobStatus.SAVING, next_step_at=None, lease_owner="here:1:2:3")
        assert obstacle(job) is None

    def test_a_lane_that_waits_for_an_admin_holds_up_what_stands_in_it(self):
        why = "Paid does not accept the key."
        Lane.objects.update_or_create(provider="animatic", defaults={"slots": 1, "paused_for": why})
        assert obstacle(factories.make_job(JobStatus.QUEUED)) == why
        assert obstacle(factories.make_job(JobStatus.RUNNING)) is None

    @pytest.mark.parametrize(("seconds", "waits"), [(1, True), (90, False)])
    def test_an_answer_that_was_lost_is_waited_for_a_minute(self, seconds, waits):
        job = factories.make_job(JobStatus.UNCERTAIN, problem="No answer came back.")
        sent = timezone.now() - timedelta(seconds=seconds)
        Attempt.objects.create(job=job, number=1, reference="dl-1", sent_at=sent)
        assert obstacle(job) == (None if waits else "No answer came back.")


@pytest.mark.django_db
class TestWait:
    def test_ends_at_once_when_told_to(self):
        job = factories.make_job(JobStatus.QUEUED)
        stop = Event()
        stop.set()
        Wait(job, stop=stop, show=lambda job: None).until_the_end()
        assert job.status == JobStatus.QUEUED

    def test_ends_when_only_a_person_can_help(self):
        job = factories.make_job(JobStatus.SAVING, next_step_at=None, problem="The disk is full.")
        shown = []
        Wait(job, stop=Event(), show=lambda job: shown.append(job.status)).until_the_end()
        assert shown == ["saving"]

    def test_leaves_work_to_the_workers_of_a_running_studio(self, folder):
        factories.make_lane()
        job = factories.make_job(JobStatus.QUEUED)
        stop, looks = Event(), []

        def look(job):
            looks.append(job.status)
            if len(looks) > 3:
                stop.set()

        with lock.only_one(folder, address="http://127.0.0.1:8000/"):
            Wait(job, stop=stop, show=look).until_the_end()
        assert Job.objects.get().status == JobStatus.QUEUED
