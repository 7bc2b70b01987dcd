"""The product with one of its safeguards taken out; each runs in a child before it works."""

from django.db import connection

from studio import ledger
from studio.core.status import JobStatus
from studio.models import Job, Take
from studio.models.jobs import JobQuerySet
from studio.pipeline import drive, lease, save, send, settle


def settle_after_the_move():
    """The charge is no longer in the transaction of the success."""

    def succeed(job, *, charge, write):
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

    def succeed(job, *, charge, write):
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
    """An order that may have been sent is sent once more."""
    send.again = drive.send.again = lambda job: send._send(job)


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
    no_lease,
)
