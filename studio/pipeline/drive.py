"""One step of one job, whoever drives it: a worker that got a message, or a command by itself."""

from collections.abc import Iterator

from studio.core.decision import Decision, Step
from studio.core.status import OCCUPIES_A_SLOT, JobStatus
from studio.models import Job
from studio.pipeline import alerts, lease, line, poller, resolve, save, send, sweep, track
from studio.pipeline.problems import OneStep, guarded, keep_for_a_person
from studio.pipeline.render import ShouldStop, render

S = JobStatus
STARTS_FROM = {
    Step.SEND: {S.QUEUED, S.SENDING},
    Step.RESOLVE: {S.UNCERTAIN},
    Step.TRACK: {S.RUNNING},
    Step.RENDER: {S.RUNNING},
    Step.SAVE: {S.SAVING},
}


def take(decision: Decision, *, should_stop: ShouldStop = lambda: False) -> list[Decision]:
    """Do what is decided if it still applies; return what follows, without Step.REST.

    A message may be doubled or late: the state of the row says whether there is anything to do.
    """
    if decision.step == Step.POLL:
        return _moving(poller.once(decision.lane))
    free = Job.objects.free().select_related("clip", "team", "price")
    job = free.filter(pk=decision.job_id, status__in=STARTS_FROM.get(decision.step, ())).first()
    if job is None:
        return []
    if job.status == JobStatus.QUEUED:
        return _moving(line.fill(job.provider))
    following = [_stepped(decision.step, job, should_stop)]
    if not _in_a_slot(job):
        following += line.fill(job.provider)
    return _moving(following)


def _stepped(step: Step, job: Job, should_stop: ShouldStop) -> Decision:
    steps: dict[Step, OneStep] = {
        Step.SEND: send.send,
        Step.RESOLVE: resolve.resolve,
        Step.TRACK: track.look,
        Step.RENDER: lambda job: render(job, should_stop=should_stop),
        Step.SAVE: save.save,
    }
    give_up = send.keep_in_line if step == Step.SEND else keep_for_a_person
    return guarded(steps[step], job, give_up=give_up)


def watch(slug: str, *, should_stop: ShouldStop) -> Iterator[list[Decision]]:
    """Ask a provider about its jobs for a while; yields what follows, round by round."""
    return map(_moving, poller.watch(slug, should_stop=should_stop))


def _in_a_slot(job: Job) -> bool:
    return job.status in OCCUPIES_A_SLOT and job.next_step_at is not None and not job.problem


def _moving(decisions: list[Decision]) -> list[Decision]:
    return [decision for decision in decisions if decision.step != Step.REST]


def catch_up() -> list[Decision]:
    """Everything that is due now: what a crash, a lost message or a grant left behind."""
    lease.free_the_dead()
    sweep.budgets()
    alerts.tell()
    following = sweep.overdue()
    for provider in sweep.lanes():
        following += line.fill(provider)
    return _moving(following)
