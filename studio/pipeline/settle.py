"""The end of a job: its last move, its takes and its money in one transaction."""

from collections.abc import Callable

from django.db import transaction

from studio import ledger, notices
from studio.core.decision import Decision
from studio.core.errors import ProviderError
from studio.core.status import JobStatus
from studio.models import Job, Member
from studio.pipeline.problems import rest


def succeed(
    job: Job, *, charge: int | None, unit: str = "", write: Callable[[], None], note: str = ""
) -> bool:
    """Write the takes, charge what the provider charged (None: the quote), release the rest.

    `charge` and `unit` are as `ledger.settle` takes them. Raises BudgetExceeded when hold and
    budget together are not enough: then nothing is written, and the job is still saving.
    """
    with transaction.atomic():
        job.lock()
        if job.status != JobStatus.SAVING:
            return False
        write()
        ledger.settle(job, charge=charge, unit=unit, cause="takes stored")
        moved = job.move(JobStatus.SUCCEEDED, progress=100, phase="", note=note)
        notices.job_ended(job)
        return moved


def fail(
    job: Job,
    reason: str,
    *,
    category: str = ProviderError.category,
    charge: int = 0,
    unit: str = "",
    note: str = "",
) -> Decision:
    """The provider's verdict: nothing was made, and what it does not charge for goes back."""
    with transaction.atomic():
        if job.move(JobStatus.FAILED, error=reason, category=category, note=note or reason):
            ledger.settle(job, charge=charge, unit=unit, cause="failed")
            notices.job_ended(job)
    return rest(job)


def cancel(job: Job, *, actor: Member | None, when: Callable[[Job], bool], note: str = "") -> bool:
    """End a job that nobody was paid for yet; False when it has moved on.

    `when` says of the job as it is now whether it may still be cancelled.
    """
    with transaction.atomic():
        job.lock()
        held = job.status != JobStatus.WAITING
        if not when(job) or not job.move(JobStatus.CANCELLED, actor=actor, note=note):
            return False
        if held:
            ledger.settle(job, charge=0, cause="cancelled", actor=actor)
    return True
