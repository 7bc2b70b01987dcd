"""One step of one job, whoever drives it: a worker that got a message, or a command by itself."""

from collections.abc import Callable

from studio.core.decision import Decision, Step
from studio.core.status import OCCUPIES_A_SLOT, JobStatus
from studio.models import Job
from studio.pipeline import lease, save, send, sweep, track
from studio.pipeline.render import ShouldStop, render

S = JobStatus
STARTS_FROM = {
    Step.SEND: {S.QUEUED, S.SENDING},
    Step.TRACK: {S.RUNNING},
    Step.RENDER: {S.RUNNING},
    Step.SAVE: {S.SAVING},
}


def take(decision: Decision, *, should_stop: ShouldStop = lambda: False) -> list[Decision]:
    """Do what is decided if it still applies; return what follows, without Step.REST.

    A message may be doubled or late: the state of the row says whether there is anything to do.
    """
    steps: dict[Step, Callable[[Job], list[Decision]]] = {
        Step.SEND: _send,
        Step.TRACK: lambda job: [track.poll(job)],
        Step.RENDER: lambda job: [render(job, should_stop=should_stop)],
        Step.SAVE: lambda job: [save.save(job)],
    }
    free = Job.objects.free().select_related("clip", "team", "price")
    job = free.filter(pk=decision.job_id, status__in=STARTS_FROM.get(decision.step, ())).first()
    if job is None:
        return []
    before = job.status
    following = steps[decision.step](job)
    if before in OCCUPIES_A_SLOT and job.status not in OCCUPIES_A_SLOT:
        following += send.fill(job.provider)
    return [next_one for next_one in following if next_one.step != Step.REST]


def _send(job: Job) -> list[Decision]:
    if job.status == JobStatus.QUEUED:
        return send.fill(job.provider)
    with lease.leased(job) as ours:
        return [send.again(job)] if ours else []


def catch_up() -> list[Decision]:
    """Everything that is due now: what a crash, a lost message or a grant left behind."""
    sweep.budgets()
    following = sweep.overdue()
    for provider in sweep.lanes():
        following += send.fill(provider)
    return [next_one for next_one in following if next_one.step != Step.REST]
