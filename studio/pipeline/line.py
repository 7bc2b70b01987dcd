"""queued → sending: who is next when a slot of a lane is free.

Every member gets an equal share of a lane: the next job is of the member with the fewest jobs in
its slots, and among those of the same number the first in line. So a person with one job need not
wait for another one's fifty. The line itself, as pages show it, stays in the order of places.
"""

import uuid
from collections import defaultdict

from django.db import transaction
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.utils import timezone

from studio.core.decision import Decision, Step
from studio.core.errors import InvalidOrder
from studio.core.status import JobStatus
from studio.models import Attempt, Job, Lane
from studio.pipeline import send
from studio.pipeline.problems import guarded, keep_for_a_person
from studio.providers.registry import provider_of

PLACES_SHOWN = 9  # cards of jobs further back say that there are more ahead


def fill(slug: str) -> list[Decision]:
    """Give the lane's free slots to queued jobs; return what follows for each.

    An engine here is told at once. A call to another house may last, so each is a step of its own.
    """
    try:
        provider = provider_of(slug)
    except InvalidOrder as error:
        stranded = Job.objects.queued(slug).ready().select_related("clip")
        return [keep_for_a_person(job, error) for job in stranded]
    decisions = []
    while job := _next(slug):
        decisions.append(_begin(job) if provider.renders_here else _to_send(job))
    if decisions:
        _tell_the_line(slug)
    return decisions


def _begin(job: Job) -> Decision:
    return guarded(send.send, job, give_up=send.keep_in_line)


def _to_send(job: Job) -> Decision:
    return Decision(step=Step.SEND, job_id=job.pk)


def _next(slug: str) -> Job | None:
    """Put one job into a free slot, or nothing.

    The lane's row is locked, so that two workers never fill the same slot.
    """
    Lane.of(slug)
    with transaction.atomic():
        lane = Lane.objects.select_for_update(no_key=True).get(provider=slug)
        while lane.is_open and (job := _first(lane)):
            if _claim(job):
                return job
    return None


def _first(lane: Lane) -> Job | None:
    """The job whose turn it is, None when there is none or every slot is taken."""
    busy = Job.objects.in_slots(lane.provider).order_by()
    shares = dict(busy.values_list("author").annotate(Count("pk")))
    if sum(shares.values()) >= lane.slots:
        return None
    ready = Job.objects.queued(lane.provider).ready().select_related("clip", "price", "team")
    return _fairest(ready, shares).first()


def _fairest(ready: QuerySet[Job], shares: dict[int, int]) -> QuerySet[Job]:
    """Jobs of members with fewer of them in the slots come first, then as they stand in line."""
    having: dict[int, list[int]] = defaultdict(list)
    for author, number in shares.items():
        having[number].append(author)
    turns = [When(author__in=authors, then=Value(number)) for number, authors in having.items()]
    share = Case(*turns, default=Value(0), output_field=IntegerField())
    return ready.order_by(share, "position", "pk") if turns else ready


def _claim(job: Job) -> bool:
    """Move to sending, with the attempt; False when the job was cancelled in this moment."""
    if not job.move(JobStatus.SENDING, next_step_at=timezone.now()):
        return False
    number = job.attempts.count() + 1
    Attempt.objects.create(job=job, number=number, reference=f"dl-{job.pk}-{uuid.uuid4().hex}")
    return True


def _tell_the_line(slug: str) -> None:
    """Everybody behind has moved up; the cards show the place of the first few."""
    for job in Job.objects.queued(slug).select_related("clip")[:PLACES_SHOWN]:
        job.touch()
