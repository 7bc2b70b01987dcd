"""The line: who gets a free slot."""

import pytest

from studio.core.errors import StorageFull
from studio.core.status import JobStatus
from studio.models import Job, Lane
from studio.pipeline import line, problems
from tests.factories import make_job, make_lane, make_member, make_painting
from tests.pipeline.driving import job_for, to

S = JobStatus


class TestSlots:
    def test_lane_is_filled_first_in_line_first(self, providers):
        jobs = [job_for("painter") for _ in range(3)]
        line.fill("painter")
        states = [Job.objects.get(pk=job.pk).status for job in jobs]
        assert states == [S.RUNNING, S.RUNNING, S.QUEUED]

    def test_a_stuck_job_leaves_its_slot_to_others(self, painter):
        make_lane("painter", slots=1)
        stuck, other = to(S.RUNNING, job_for("painter")), job_for("painter")
        problems.keep_for_a_person(stuck, StorageFull("No room."))
        line.fill("painter")
        other.refresh_from_db()
        assert other.status == S.RUNNING

    def test_a_provider_without_a_lane_has_one_slot(self, painter):
        Lane.objects.all().delete()
        jobs = [job_for("painter") for _ in range(2)]
        assert len(line.fill("painter")) == 1
        assert Job.objects.get(pk=jobs[1].pk).status == S.QUEUED

    def test_who_was_cancelled_in_this_moment_is_passed_over(self, painter, monkeypatch):
        """The row changes between the look at the line and the move."""
        first, second = job_for("painter"), job_for("painter")
        honest = Job.move

        def move(job, to, **changes):
            if job.pk == first.pk and to == S.SENDING:
                Job.objects.filter(pk=first.pk).update(status=S.CANCELLED)
            return honest(job, to, **changes)

        monkeypatch.setattr(Job, "move", move)
        assert [decision.job_id for decision in line.fill("painter")] == [second.pk]

    def test_a_job_in_a_slot_that_is_overdue_leaves_it_to_others(self, paid):
        make_lane("paid", slots=1)
        make_job(S.RUNNING, order=make_painting("paid"), problem="It takes too long.")
        job = job_for("paid")
        assert [decision.job_id for decision in line.fill("paid")] == [job.pk]


class TestFairShare:
    """Three slots, and people with different appetites."""

    @pytest.fixture(autouse=True)
    def _slots(self, painter):
        make_lane("painter", slots=3)

    def served(self):
        """Who gets the next slots, in order."""
        return [Job.objects.get(pk=one.job_id).author for one in line.fill("painter")]

    def order(self, author, count=1):
        return [job_for("painter", author=author) for _ in range(count)]

    def test_one_job_of_a_person_goes_before_the_second_of_another(self):
        ana, ben, cleo = (make_member() for _ in range(3))
        self.order(ana, 5)
        self.order(ben)
        self.order(cleo)
        assert self.served() == [ana, ben, cleo]

    def test_alone_a_person_gets_every_slot_in_the_order_of_the_line(self):
        jobs = self.order(make_member(), 4)
        assert [one.job_id for one in line.fill("painter")] == [job.pk for job in jobs[:3]]

    def test_who_has_fewest_in_the_slots_is_next(self):
        ana, ben = make_member(), make_member()
        first, *_ = self.order(ana, 9)
        assert self.served() == [ana, ana, ana]
        self.order(ben, 2)
        Job.objects.get(pk=first.pk).move(S.FAILED)
        assert self.served() == [ben]

    def test_equals_go_by_their_place_in_line(self):
        ana, ben = make_member(), make_member()
        (late,), (early,) = self.order(ana), self.order(ben)
        Job.objects.filter(pk=late.pk).update(position=10**6)
        make_lane("painter", slots=1)
        assert [one.job_id for one in line.fill("painter")] == [early.pk]

    def test_jobs_in_other_lanes_do_not_count(self):
        ana, ben = make_member(), make_member()
        make_job(S.RUNNING, order=make_painting("paid"), author=ana)
        (first,), _ = self.order(ana), self.order(ben)
        make_lane("painter", slots=1)
        assert [one.job_id for one in line.fill("painter")] == [first.pk]

    def test_the_line_that_is_shown_stays_in_the_order_of_places(self):
        ana, ben = make_member(), make_member()
        make_lane("painter", slots=1)
        jobs = self.order(ana, 3) + self.order(ben)
        line.fill("painter")
        assert list(Job.objects.queued("painter")) == jobs[1:]
