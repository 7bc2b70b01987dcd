"""Another worker got there first: every step then leaves things as they are."""

from studio.core.errors import StudioError
from studio.core.status import JobStatus
from studio.models import Attempt, Job
from studio.pipeline import answers, drive, lease, problems, save, settle, sweep
from tests.engines import make_files
from tests.factories import make_job, make_painting

S = JobStatus


def moved_on(state, to, provider="painter"):
    """A job as a slow worker remembers it, and as it is now."""
    job = make_job(state, order=make_painting(provider))
    assert Job.objects.get(pk=job.pk).move(to)
    return job


class TestSomebodyWasFaster:
    def test_a_failure_after_a_cancel_settles_nothing(self, painter):
        job = moved_on(S.RUNNING, S.CANCELLED)
        settle.fail(job, "Too late.")
        assert (job.status, job.error) == (S.CANCELLED, "")

    def test_unsent_after_the_end_stays_ended(self, paid):
        job = moved_on(S.SENDING, S.FAILED, "paid")
        attempt = Attempt.objects.create(job=job, number=1, reference="r")
        answers.back_in_line(job, attempt, next_step_at=None)
        assert job.status == S.FAILED

    def test_a_promotion_after_a_cancel_holds_nothing(self, painter):
        assert not sweep.promote(moved_on(S.WAITING, S.CANCELLED))

    def test_a_problem_of_an_ended_job_is_not_shown(self, painter):
        job = moved_on(S.RUNNING, S.CANCELLED)
        problems.keep_for_a_person(job, StudioError("No."))
        assert (job.problem, job.status) == ("", S.CANCELLED)

    def test_a_job_that_another_worker_has_is_left_to_it(self, painter):
        job = make_job(S.RUNNING, order=make_painting())
        Job.objects.get(pk=job.pk).take_lease("another", lease.until())
        problems.keep_for_a_person(job, StudioError("No."))
        assert (job.problem, job.lease_owner) == ("", "another")

    def test_takes_that_were_stored_for_nothing_are_not_forgotten(self, painter, monkeypatch):
        job = make_job(S.SAVING, order=make_painting())
        monkeypatch.setattr(save.settle, "succeed", lambda *_, **__: False)
        Attempt.objects.create(job=job, number=1, reference="r", remote_id="r", outcome="accepted")
        (painter.folder / "r").mkdir()
        (painter.folder / "r" / "count").write_text("1")
        make_files(painter.folder / "r" / "0")
        painter.forget = None
        assert save.save(job).step == "rest"

    def test_an_unknown_job_or_step_is_nothing_to_do(self, painter):
        assert drive.take(drive.Decision(step=drive.Step.REST, job_id=1)) == []
        assert drive.take(drive.Decision(step=drive.Step.SEND, job_id=4711)) == []
