"""Who asks: one worker for each lane, for as long as something is under way."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from studio.core.decision import Decision, Step
from studio.core.status import JobStatus
from studio.models import Job, Lane
from studio.pipeline import drive, lease, poll, poller
from studio.providers.base import Update, Verdict
from tests.factories import make_job, make_painting
from tests.pipeline.driving import answering, raising
from tests.pipeline.test_poll import running

S = JobStatus
POLL = Decision(step=Step.POLL, lane="paid")


@pytest.fixture
def clock(monkeypatch):
    """Time that passes only in naps."""
    clock = SimpleNamespace(now=0.0, naps=[])

    def sleep(seconds):
        clock.naps.append(seconds)
        clock.now += seconds
        Job.objects.filter(status=S.RUNNING).update(next_step_at=timezone.now())

    time = SimpleNamespace(monotonic=lambda: clock.now, sleep=sleep)
    monkeypatch.setattr(poller, "time", time)
    return clock


def watch(should_stop=lambda: False):
    return list(drive.watch("paid", should_stop=should_stop))


class TestWatch:
    def test_goes_on_until_nothing_is_under_way(self, paid, monkeypatch, clock):
        job = running()
        answers = [Update(verdict=Verdict.RUNNING)] * 3 + [Update(verdict=Verdict.FAILED)]
        monkeypatch.setattr(paid, "poll", answering(*answers))
        assert watch() == [[], [], [], []]
        job.refresh_from_db()
        assert job.status == S.FAILED
        assert len(clock.naps) == 3
        assert Lane.objects.get(provider="paid").poller == ""

    def test_naps_until_the_next_one_is_due_but_never_long(self, paid, monkeypatch, clock):
        running(age=timedelta(hours=1))
        monkeypatch.setattr(
            paid, "poll", answering(Update(verdict=Verdict.RUNNING), Update(verdict=Verdict.FAILED))
        )
        watch()
        assert clock.naps == [poller.LONGEST_NAP]

    def test_hands_over_after_a_while(self, paid, monkeypatch, clock):
        running()
        monkeypatch.setattr(paid, "poll", answering(Update(verdict=Verdict.RUNNING)))
        assert watch()[-1] == [POLL]
        assert poller.WATCH_SECONDS < clock.now < poller.WATCH_SECONDS + 2
        assert Lane.objects.get(provider="paid").polls_until is None

    def test_ends_when_the_worker_is_to_end(self, paid, monkeypatch, clock):
        running()
        monkeypatch.setattr(paid, "poll", raising(AssertionError("asked")))
        assert watch(should_stop=lambda: True) == [[POLL]]

    def test_leaves_the_lane_to_whoever_has_it(self, paid, monkeypatch, clock):
        running()
        Lane.watch("paid", "another", seconds=60)
        monkeypatch.setattr(paid, "poll", raising(AssertionError("asked")))
        assert watch() == []
        assert drive.take(POLL) == []
        assert Lane.objects.get(provider="paid").poller == "another"

    def test_takes_over_from_a_worker_that_died(self, paid, monkeypatch, clock):
        running()
        Lane.watch("paid", f"{lease._here()}:999999:1:1", seconds=60)
        monkeypatch.setattr(paid, "poll", answering(Update(verdict=Verdict.FAILED)))
        assert POLL in drive.catch_up()
        assert watch() == [[]]

    def test_a_living_one_of_another_machine_keeps_it(self, paid):
        Lane.watch("paid", "elsewhere:999999:1:1", seconds=60)
        lease.free_the_dead()
        assert Lane.objects.get(provider="paid").poller == "elsewhere:999999:1:1"

    def test_gives_the_lane_back_whatever_happens(self, paid, monkeypatch, clock):
        running()
        monkeypatch.setattr(poll, "ask", raising(ZeroDivisionError()))
        with pytest.raises(ZeroDivisionError):
            watch()
        assert Lane.objects.get(provider="paid").poller == ""

    def test_of_a_lane_that_nobody_laid(self, paid, clock):
        Lane.objects.all().delete()
        assert watch() == [[]]

    def test_is_no_busy_loop_for_a_job_in_other_hands(self, paid, monkeypatch, clock):
        later = timezone.now() + timedelta(minutes=1)
        make_job(
            S.RUNNING, order=make_painting("paid"), lease_owner="x", lease_until=later,
            started_at=timezone.now(),
        )  # fmt: skip
        assert watch() == [[]]
