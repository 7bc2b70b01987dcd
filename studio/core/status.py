"""The states of a job and the moves between them, as data (architecture.md §3)."""

from enum import StrEnum


class JobStatus(StrEnum):
    WAITING = "waiting"  # for a budget; holds nothing
    QUEUED = "queued"
    SENDING = "sending"
    RUNNING = "running"
    SAVING = "saving"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNCERTAIN = "uncertain"  # maybe sent, nobody knows; the hold stays


S = JobStatus

MOVES: dict[JobStatus, frozenset[JobStatus]] = {
    S.WAITING: frozenset({S.QUEUED, S.CANCELLED}),
    S.QUEUED: frozenset({S.SENDING, S.CANCELLED, S.FAILED}),
    S.SENDING: frozenset({S.RUNNING, S.QUEUED, S.FAILED, S.UNCERTAIN}),
    S.RUNNING: frozenset({S.SAVING, S.FAILED, S.CANCELLED, S.UNCERTAIN}),
    S.SAVING: frozenset({S.SUCCEEDED, S.FAILED}),
    S.UNCERTAIN: frozenset({S.RUNNING, S.SAVING, S.QUEUED, S.FAILED, S.CANCELLED}),
    S.SUCCEEDED: frozenset(),
    S.FAILED: frozenset(),
    S.CANCELLED: frozenset(),
}

TERMINAL = frozenset(status for status, targets in MOVES.items() if not targets)
ACTIVE = frozenset(MOVES) - TERMINAL
IN_FLIGHT = frozenset({S.SENDING, S.RUNNING, S.SAVING, S.UNCERTAIN})
MAYBE_WITH_THE_PROVIDER = frozenset({S.SENDING, S.UNCERTAIN})
GOES_ON = frozenset({S.QUEUED, S.SENDING, S.RUNNING, S.SAVING})  # once its problem is solved
OCCUPIES_A_SLOT = frozenset({S.SENDING, S.RUNNING})
