"""The end of a job: its last move, its takes and its money in one transaction."""

from collections.abc import Callable

from django.db import transaction

from studio import ledger
from studio.core.decision import Decision, Step
from studio.core.money import CREDIT, in_credits
from studio.core.status import JobStatus
from studio.models import Job, Member


def succeed(job: Job, *, charge: int | None, write: Callable[[], None]) -> bool:
    """Write the takes, charge what the provider charged (None: the quote), release the rest."""
    with transaction.atomic():
        write()
        if not job.move(JobStatus.SUCCEEDED, progress=100, phase=""):
            return False
        ledger.settle(job, charge=_in_credits(job, charge), cause="takes stored")
    return True


def _in_credits(job: Job, native: int | None) -> int:
    if native is None:
        return job.quoted
    if job.price.unit == CREDIT:
        return native
    return in_credits(native, credit_price=job.team.credit_price)


def fail(job: Job, reason: str) -> Decision:
    """The provider's verdict: nothing was made, the whole hold goes back."""
    with transaction.atomic():
        if job.move(JobStatus.FAILED, error=reason, note=reason):
            ledger.settle(job, charge=0, cause="failed")
    return Decision(step=Step.SEND, job_id=job.pk)


def cancel(job: Job, *, actor: Member | None, note: str = "") -> bool:
    """End a job that nobody was paid for yet; False when it has moved on."""
    with transaction.atomic():
        held = job.status != JobStatus.WAITING
        if not job.move(JobStatus.CANCELLED, actor=actor, note=note):
            return False
        if held:
            ledger.settle(job, charge=0, cause="cancelled", actor=actor)
    return True
