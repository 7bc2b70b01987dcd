"""What people are told: written in the same transaction as what caused it.

Whoever changes something says so here, by a function of `causes`; who hears of it, and by which
ways, is decided in `writing`.
"""

from studio.notices.causes import (
    decided,
    decision_withdrawn,
    endpoint_off,
    guest_finished,
    job_ended,
    job_stopped,
    lane_paused,
    mentioned,
    note_removed,
    note_written,
    share_opened,
    take_reviewed,
    task_done,
)
from studio.notices.money import cap_passed, credits_asked, credits_decided
from studio.notices.writing import About, send_test, tell

__all__ = [
    "About",
    "cap_passed",
    "credits_asked",
    "credits_decided",
    "decided",
    "decision_withdrawn",
    "endpoint_off",
    "guest_finished",
    "job_ended",
    "job_stopped",
    "lane_paused",
    "mentioned",
    "note_removed",
    "note_written",
    "send_test",
    "share_opened",
    "take_reviewed",
    "task_done",
    "tell",
]
