"""What became of money: how a cost report counts a take, or a job that made none."""

from enum import StrEnum

from studio.core.review import ReviewStatus
from studio.core.status import JobStatus


class Outcome(StrEnum):
    APPROVED = "approved"
    CHANGES = "changes"
    REJECTED = "rejected"
    UNDECIDED = "undecided"  # somebody looked at it
    UNSEEN = "unseen"  # nobody ever did
    REHEARSAL = "rehearsal"
    FAILED = "failed"
    CANCELLED = "cancelled"
    OPEN = "open"  # the job has not ended


WASTED = frozenset({Outcome.FAILED, Outcome.CANCELLED, Outcome.REJECTED, Outcome.UNSEEN})

LABELS = {
    Outcome.APPROVED: "Approved",
    Outcome.CHANGES: "Needs changes",
    Outcome.REJECTED: "Rejected",
    Outcome.UNDECIDED: "No decision yet",
    Outcome.UNSEEN: "Never looked at",
    Outcome.REHEARSAL: "Rehearsals",
    Outcome.FAILED: "Failed",
    Outcome.CANCELLED: "Cancelled",
    Outcome.OPEN: "Still running",
}

_DECIDED: dict[str, Outcome] = {
    ReviewStatus.APPROVED: Outcome.APPROVED,
    ReviewStatus.CHANGES: Outcome.CHANGES,
    ReviewStatus.REJECTED: Outcome.REJECTED,
}
_WITHOUT_TAKES: dict[str, Outcome] = {
    JobStatus.FAILED: Outcome.FAILED,
    JobStatus.CANCELLED: Outcome.CANCELLED,
}


def of_take(review: str, *, is_rehearsal: bool, was_seen: bool) -> Outcome:
    """`review` is what the project's rule makes of it; `was_seen` if anybody opened its clip."""
    if is_rehearsal:
        return Outcome.REHEARSAL
    return _DECIDED.get(review) or (Outcome.UNDECIDED if was_seen else Outcome.UNSEEN)


def of_job(status: str, *, is_rehearsal: bool, was_seen: bool) -> Outcome:
    """A job that has no takes, because it made none or because nobody knows what they were."""
    if status == JobStatus.SUCCEEDED:
        return of_take("", is_rehearsal=is_rehearsal, was_seen=was_seen)
    return _WITHOUT_TAKES.get(status, Outcome.OPEN)
