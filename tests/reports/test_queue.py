from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.status import JobStatus
from studio.reports import queue
from tests.factories import make_job, make_member, make_order

S = JobStatus
pytestmark = pytest.mark.django_db


def ended(seconds, *, minutes_ago=0, **order):
    end = timezone.now() - timedelta(minutes=minutes_ago)
    return make_job(
        S.SUCCEEDED, order=make_order(**order), ended_at=end,
        started_at=end - timedelta(seconds=seconds),
    )  # fmt: skip


class TestPlaces:
    def test_counts_everybody_in_the_lane(self, django_assert_num_queries):
        author = make_member()
        first = make_job(author=author)
        make_job()
        make_job(author=author, next_step_at=None, problem="Waits for a person.")
        make_job(S.RUNNING, author=author)
        third = make_job(author=author)
        with django_assert_num_queries(1):
            assert queue.places(author.team) == {first.pk: 1, third.pk: 3}


class TestUsualSeconds:
    def test_is_the_median_of_jobs_of_the_same_shape(self, django_assert_num_queries):
        for seconds in (10, 20, 90):
            ended(seconds)
        ended(500, duration=10)
        with django_assert_num_queries(1):
            usual = queue.usual_seconds("animatic")
        assert usual.of(make_order()) == 20
        assert usual.of(make_order(duration=10)) == 500
        assert usual.of(make_order(resolution="1080p")) is None

    def test_only_the_latest_count(self, monkeypatch):
        monkeypatch.setattr(queue, "LATEST", 2)
        ended(1000, minutes_ago=60)
        ended(4, minutes_ago=2)
        ended(6, minutes_ago=1)
        assert queue.usual_seconds("animatic").of(make_order()) == 5

    def test_a_clock_that_was_set_back(self):
        ended(-30)
        assert queue.usual_seconds("animatic").of(make_order()) == 0

    def test_failed_jobs_say_nothing(self):
        make_job(S.FAILED)
        assert queue.usual_seconds("animatic").of(make_order()) is None
