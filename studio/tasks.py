"""Celery shells: take a step of a job and pass on what follows. A message is only a hint."""

import logging
from collections.abc import Iterable
from typing import Any

from celery import shared_task
from kombu.exceptions import OperationalError

from studio.core.decision import Decision, Step
from studio.ledger import totals
from studio.models import ReportSchedule, notices, schedules
from studio.pipeline import billing, chains, deliveries, hooks, letters, purge
from studio.pipeline import drive as pipeline
from studio.pipeline.deliveries import Way

STALE_SECONDS = 60

logger = logging.getLogger(__name__)

QUEUES = {
    Step.SEND: "drive",
    Step.RESOLVE: "drive",
    Step.POLL: "poll",
    Step.TRACK: "drive",
    Step.RENDER: "render",
    Step.SAVE: "media",
}


@shared_task(name="studio.drive", acks_late=True, ignore_result=True)
def drive(job_id: int, step: str = Step.SEND) -> None:
    """Take one step of one job; a worker that is told to stop leaves the rest to the next."""
    from celery.worker import state as worker  # heavy, and only a worker needs it

    decision = Decision(step=Step(step), job_id=job_id)
    follow(pipeline.take(decision, should_stop=lambda: worker.should_stop is not None))


@shared_task(name="studio.poll", acks_late=True, ignore_result=True)
def poll(provider: str) -> None:
    """Ask a provider about all its running jobs, again and again for a while."""
    from celery.worker import state as worker

    rounds = pipeline.watch(provider, should_stop=lambda: worker.should_stop is not None)
    for following in rounds:
        follow(following)


@shared_task(name="studio.sweep", acks_late=True, ignore_result=True, expires=30)
def sweep() -> None:
    """Drive whatever is due: a lost message costs seconds, not a job."""
    follow(pipeline.catch_up())
    for chain_id in chains.unfinished():
        hint_join(chain_id)
    hint_bills()
    hint_errands()
    if purge.is_due():
        hint_purge()
    if ReportSchedule.objects.due().exists():
        _send(report, queue=QUEUES[Step.SAVE])


@shared_task(name="studio.purge", acks_late=True, ignore_result=True)
def purge_trash() -> None:
    """Delete what was in the trash for its time; what one batch leaves the next sweep finds."""
    purge.purge()


@shared_task(name="studio.totals", acks_late=True, ignore_result=True, expires=60)
def add_up() -> None:
    """Make the totals of days that changed; what one batch leaves the next beat finds."""
    totals.catch_up()


@shared_task(name="studio.report", acks_late=True, ignore_result=True)
def report() -> None:
    """Have the reports made that are due: they are read in a room above this one."""
    schedules.due.send(sender=ReportSchedule)


@shared_task(name="studio.join", acks_late=True, ignore_result=True)
def join(chain_id: int) -> None:
    """Make one film of a chain; a worker that is told to stop leaves it to the next."""
    from celery.worker import state as worker

    chains.make(chain_id, should_stop=lambda: worker.should_stop is not None)


@shared_task(name="studio.bill", acks_late=True, ignore_result=True)
def bill(bill_id: int) -> None:
    """Read a bill or take it away; the provider's next one may have waited for that."""
    from celery.worker import state as worker

    if billing.work(bill_id, should_stop=lambda: worker.should_stop is not None):
        hint_bills()


ERRANDS = {Way.MAIL: letters.tell, Way.POST: hooks.tell}


@shared_task(name="studio.deliver", acks_late=True, ignore_result=True)
def deliver(way: str, pk: int) -> None:
    """Tell one person by mail, or one endpoint, whatever is due."""
    ERRANDS[Way(way)](pk)


def follow(decisions: Iterable[Decision]) -> None:
    for decision in decisions:
        if decision.step == Step.POLL:
            hint_poll(decision.lane)
        else:
            _send(drive, decision.job_id, decision.step, queue=QUEUES[decision.step],
                  countdown=decision.after_seconds)  # fmt: skip


def hint(job_id: int) -> None:
    """Say that a job may be able to go on."""
    _send(drive, job_id, queue=QUEUES[Step.SEND])


def hint_poll(provider: str) -> None:
    """Say that a remote provider may have news."""
    _send(poll, provider, queue=QUEUES[Step.POLL])


def hint_join(chain_id: int) -> None:
    """Say that somebody wants a film of a chain."""
    _send(join, chain_id, queue=QUEUES[Step.RENDER])


def hint_bill(bill_id: int) -> None:
    """Say that a bill is to be read, or taken away."""
    _send(bill, bill_id, queue=QUEUES[Step.SAVE])


def hint_bills() -> None:
    """Say it of each that waits."""
    for bill_id in billing.due():
        hint_bill(bill_id)


def hint_errands() -> None:
    """Say what has to be sent outside: an errand each, so that none waits for another."""
    for errand in deliveries.errands():
        _send(deliver, errand.way, errand.pk, queue=QUEUES[Step.SAVE])


def connect() -> None:
    """What somebody is told at once begins its way with the commit."""
    notices.told.connect(
        lambda **_: hint_errands(), weak=False, dispatch_uid="studio.tasks.hint_errands"
    )


def hint_purge() -> None:
    """Say that something in the trash has to go."""
    _send(purge_trash, queue=QUEUES[Step.SAVE])


def hint_sweep() -> None:
    """Say that something is due."""
    _send(sweep, queue=QUEUES[Step.SEND])


def _send(task: Any, *args: int | str, queue: str, countdown: float = 0) -> None:
    """A queue that is down loses the hint, never the job: the sweep finds it later.

    So does a hint that nobody took in time, or they would pile up before busy workers.
    """
    options = {"queue": queue, "countdown": countdown, "expires": STALE_SECONDS}
    try:
        task.apply_async(args, retry=False, **options)
    except OperationalError:
        logger.warning("The queue does not answer; the sweep will find the work.")
