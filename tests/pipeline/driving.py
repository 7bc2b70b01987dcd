"""Driving jobs through their steps, and looking at what became of them."""

from django.utils import timezone

from studio import ledger
from studio.core.decision import Decision, Step
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Job
from studio.pipeline import drive, sweep
from tests.factories import make_job, make_painting

S = JobStatus
STEP_OF = {S.QUEUED: Step.SEND, S.SENDING: Step.SEND, S.RUNNING: Step.TRACK, S.SAVING: Step.SAVE}


def job_for(provider, **changes):
    fields = {name: changes.pop(name) for name in ("author", "clip") if name in changes}
    return make_job(order=make_painting(provider, **changes), **fields)


def take(job, step=None):
    """Take the step that the job wants now, or that one."""
    job.refresh_from_db()
    decision = Decision(step=step, job_id=job.pk) if step else sweep.next_step(job)
    return drive.take(decision)


def send_off(job):
    """Give the job a slot, and take the one step of sending it; what follows is not done."""
    job.refresh_from_db()
    following = drive.take(sweep.next_step(job))
    if [decision.step for decision in following] == [Step.SEND]:
        following = drive.take(following[0])
    job.refresh_from_db()
    return following


def run(job, *, until=(), most=30):
    """Drive the job until it rests, or is in one of the states `until`."""
    decisions = take(job)
    for _ in range(most):
        job.refresh_from_db()
        if not decisions or job.status in until:
            return job
        decisions += drive.take(decisions.pop(0))
    raise AssertionError(f"{job} is {job.status} and has no end")


def to(state, job):
    """Bring a painter's job into a state by its real steps."""
    job = run(job, until={state})
    assert job.status == state
    return job


def books(job):
    budget = ledger.team_budget(job.team)
    return budget.available // MICRO, budget.held // MICRO, budget.spent // MICRO


def due_now(job):
    Job.objects.filter(pk=job.pk).update(next_step_at=timezone.now())
    job.refresh_from_db()
    return job


def raising(error):
    def method(*_arguments, **_named):
        raise error

    return method


def answering(*answers):
    """Gives each answer once, and the last one for ever; an error is raised."""
    left = list(answers)

    def method(*_arguments, **_named):
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return method
