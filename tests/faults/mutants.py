"""The product with one of its safeguards taken out; each runs in a child before it works."""

from django.db import connection
from django.utils import timezone

from studio import ledger
from studio.core.status import JobStatus
from studio.models import Job, Take
from studio.models.jobs import JobQuerySet
from studio.pipeline import brief as briefs
from studio.pipeline import lease, resolve, save, send, settle


def settle_after_the_move():
    """The charge is no longer in the transaction of the success."""

    def succeed(job, *, charge, write, **_):
        write()
        if job.move(JobStatus.SUCCEEDED, progress=100, phase=""):
            ledger.settle(job, charge=charge, cause="takes stored")
        return True

    save.settle.succeed = settle.succeed = succeed


def takes_before_the_success():
    """Takes are written by themselves, and nothing says that each is there just once."""
    constraint = next(each for each in Take._meta.constraints if each.name == "take_result_once")
    with connection.schema_editor() as editor:
        if "take_result_once" in connection.introspection.get_constraints(
            connection.cursor(), Take._meta.db_table
        ):
            editor.remove_constraint(Take, constraint)
    Take._meta.constraints.remove(constraint)
    honest = settle.succeed

    def succeed(job, *, charge, write, **_):
        write()
        return honest(job, charge=charge, write=lambda: None)

    save.settle.succeed = settle.succeed = succeed


def release_on_restart():
    """Whatever was in the air at the start is thought to be lost, and its hold given back."""
    honest = lease.free_the_dead
    started = []

    def free_the_dead():
        freed = honest()
        if not started:
            started.append(True)
            for job in Job.objects.filter(status__in=[JobStatus.SENDING, JobStatus.RUNNING]):
                settle.fail(job, "Lost.")
        return freed

    lease.free_the_dead = free_the_dead


def send_again_after_a_crash():
    """An order that may have been sent is sent once more, as if nothing had been."""

    def lost(job, attempt, error=None):
        return send._submit(job, attempt, briefs.of(job, attempt))

    send.answers.lost = lost


def mark_after_sending():
    """It is written that the order leaves when it has left."""
    honest = send._mark

    def _submit(job, attempt, brief):
        following = submit(job, attempt, brief)
        honest(job)
        return following

    submit, send._submit = send._submit, _submit
    send._mark = lambda _job: True


def trust_a_refusal_of_the_second_sending():
    """What is not found, or refused the second time, is thought not to have been sent."""

    def _later(job, attempt, *, asked):
        job.move(JobStatus.QUEUED, next_step_at=timezone.now())
        return resolve.rest(job)

    resolve._later = _later


def no_lease():
    """Every worker thinks that a job is its own."""
    JobQuerySet.free = lambda self: self
    Job.take_lease = lambda *_: True
    Job.keep_lease = lambda *_, **__: True


MUTANTS = (
    settle_after_the_move,
    takes_before_the_success,
    release_on_restart,
    send_again_after_a_crash,
    mark_after_sending,
    trust_a_refusal_of_the_second_sending,
    no_lease,
)
