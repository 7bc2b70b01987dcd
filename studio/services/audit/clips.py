"""Clips: the tile tells what the jobs and takes behind it say."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from studio.core.status import ACTIVE, JobStatus
from studio.models import Clip, Event, Job, Note, Take

# What a tile tells, and what it is by its jobs and takes.
TRUTH = {
    "job_id": "true_job", "cover_id": "true_cover", "take_count": "true_count", "rev": "true_rev",
    "charged": "true_charge", "review": "true_review", "stars": "true_stars",
    "note_count": "true_notes",
}  # fmt: skip
COVER = list(TRUTH).index("cover_id")


def tiles_that_tell_otherwise() -> Iterator[str]:
    """A clip speaks of its latest active job, else its latest; its cover is its best take."""
    rows = _with_what_is_true().values_list("pk", "true_status", "state", *TRUTH, *TRUTH.values())
    for pk, status, state, *both in rows.iterator():
        told, is_true = both[: len(TRUTH)], both[len(TRUTH) :]
        right = _state(status, cover=is_true[COVER])
        if told != is_true or state != right:
            yield from _differences(pk, [*told, state], [*is_true, right])
    strangers = Job.objects.exclude(Q(team=F("clip__team"), author__team=F("clip__team")))
    for pk, clip_id in strangers.order_by("pk").values_list("pk", "clip").iterator():
        yield f"Job {pk} is of another team than its clip {clip_id} or its author."


def _with_what_is_true() -> QuerySet[Any]:
    jobs = Job.objects.filter(clip=OuterRef("pk")).order_by("-pk")
    takes = Take.objects.filter(clip=OuterRef("pk"))
    best = takes.best_first()
    costs = jobs.order_by().values("clip").annotate(total=Sum("charged")).values("total")
    events = Event.objects.filter(clip=OuterRef("pk")).order_by("-pk")
    notes = Note.objects.standing().threads().filter(clip=OuterRef("pk")).order_by()
    noted = notes.values("clip").annotate(total=Count("pk")).values("total")
    counted = takes.order_by().values("clip").annotate(total=Count("pk")).values("total")
    latest = Coalesce(
        Subquery(jobs.filter(status__in=ACTIVE).values("pk")[:1]), Subquery(jobs.values("pk")[:1])
    )
    rows = Clip.objects.annotate(
        true_job=latest, true_cover=Subquery(best.values("pk")[:1]),
        true_count=Coalesce(Subquery(counted), 0), true_charge=Coalesce(Subquery(costs), 0),
        true_rev=Coalesce(Subquery(events.values("pk")[:1]), 0),
        true_review=Coalesce(Subquery(best.values("review")[:1]), Value("")),
        true_stars=Coalesce(Subquery(best.values("stars")[:1]), 0),
        true_notes=Coalesce(Subquery(noted), 0),
    )  # fmt: skip
    state = Subquery(Job.objects.filter(pk=OuterRef("true_job")).values("status")[:1])
    return rows.annotate(true_status=state).order_by("pk")


def _differences(pk: int, told: list[Any], is_true: list[Any]) -> Iterator[str]:
    for name, said, right in zip((*TRUTH, "state"), told, is_true, strict=True):
        if said != right:
            yield f"Clip {pk}: {name} is {said}, by its jobs and takes it is {right}."


def _state(status: str | None, *, cover: int | None) -> str:
    """A clip with a take to show is done, whatever became of later tries that have ended."""
    if status is None or (status not in ACTIVE and cover):
        return JobStatus.SUCCEEDED
    return status
