"""Leases: who is working on a job, and whether they still live."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.status import JobStatus
from studio.pipeline import lease
from tests.factories import make_job, make_painting

S = JobStatus


class TestLease:
    def test_dead_processes_of_this_machine_lose_theirs(self, painter):
        host = lease.owner().split(":")[0]
        owners = {
            lease.owner(): True, f"{host}:999999:1:1": False, f"{host}:1:77:1": False,
            "elsewhere:999999:1:1": True,
        }  # fmt: skip
        jobs = {
            owner: make_job(
                S.RUNNING, order=make_painting(), lease_owner=owner, lease_until=lease.until()
            )
            for owner in owners
        }
        assert lease.free_the_dead() == 2
        for owner, kept in owners.items():
            jobs[owner].refresh_from_db()
            assert bool(jobs[owner].lease_owner) is kept

    def test_an_error_ends_it_and_counts_the_try(self, painter):
        job = make_job(S.RUNNING, order=make_painting())

        def fail_inside():
            with lease.leased(job) as ours:
                assert ours
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail_inside()
        job.refresh_from_db()
        assert (job.lease_owner, job.tries) == ("", 1)

    def test_an_expired_one_is_taken_over(self, painter):
        past = timezone.now() - timedelta(seconds=1)
        job = make_job(S.RUNNING, order=make_painting(), lease_owner="x", lease_until=past)
        with lease.leased(job) as ours:
            assert ours
            assert not job.keep_lease("x", lease.until())
