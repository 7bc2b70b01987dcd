"""History: a job's events lead, by allowed moves, to the state that it is in."""

from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from studio.core.status import MOVES, TERMINAL, JobStatus
from studio.models import Event, Job

ALLOWED: dict[str, frozenset[JobStatus]] = {str(status): moves for status, moves in MOVES.items()}


def last_words() -> Iterator[str]:
    """The last event that is a move says what the job's row says."""
    moves = _moves().filter(job=OuterRef("pk"))
    last = Subquery(moves.order_by("-pk").values("status")[:1])
    wrong = Job.objects.annotate(last=last).filter(Q(last=None) | ~Q(status=F("last")))
    for pk, status, told in wrong.order_by("pk").values_list("pk", "status", "last").iterator():
        yield f"Job {pk} is {status}, its last event says {told or 'nothing'}."


def forbidden_moves() -> Iterator[str]:
    """Each event follows from the one before; so a job ends once."""
    moves = _moves().order_by("job_id", "pk")
    before: tuple[int, str] = (0, "")
    for pk, job, status in moves.values_list("pk", "job_id", "status").iterator():
        if job == before[0] and status not in ALLOWED.get(before[1], ()):
            yield f"Job {job} went from {before[1]} to {status} (event {pk})."
        before = (job, status)


def _moves() -> QuerySet[Event]:
    return Event.objects.exclude(job=None).exclude(status__in=Event.NO_MOVES)


def ended_but_busy() -> Iterator[str]:
    """An ended job has an end, and nobody works on it; a living one has none."""
    ended = Q(status__in=TERMINAL)
    at_rest = Q(ended_at__isnull=False, next_step_at=None, lease_owner="", lease_until=None)
    wrong = Job.objects.filter((ended & ~at_rest) | (~ended & Q(ended_at__isnull=False)))
    for pk, status in wrong.order_by("pk").values_list("pk", "status").iterator():
        yield f"Job {pk} is {status}, its end, lease or next step say otherwise."
