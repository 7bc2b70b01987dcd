"""Clips: the tile tells what the jobs and takes behind it say."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from studio.core.status import ACTIVE, JobStatus
from studio.models import Clip, Job, Take


def tiles_that_tell_otherwise() -> Iterator[str]:
    """A clip speaks of its latest active job, else its latest; its cover is its first take."""
    for clip in _with_what_is_true().iterator():
        for name, is_true in _truth(clip).items():
            told = getattr(clip, name)
            if told != is_true:
                yield f"Clip {clip.pk}: {name} is {told}, by its jobs and takes it is {is_true}."
    strangers = Job.objects.exclude(Q(team=F("clip__team"), author__team=F("clip__team")))
    for pk, clip_id in strangers.order_by("pk").values_list("pk", "clip").iterator():
        yield f"Job {pk} is of another team than its clip {clip_id} or its author."


def _with_what_is_true() -> QuerySet[Any]:
    jobs = Job.objects.filter(clip=OuterRef("pk")).order_by("-pk")
    takes = Take.objects.filter(clip=OuterRef("pk")).order_by("number")
    counted = takes.order_by().values("clip").annotate(total=Count("pk")).values("total")
    latest = Coalesce(
        Subquery(jobs.filter(status__in=ACTIVE).values("pk")[:1]), Subquery(jobs.values("pk")[:1])
    )
    rows = Clip.objects.annotate(
        true_job=latest, true_cover=Subquery(takes.values("pk")[:1]),
        true_count=Coalesce(Subquery(counted), 0), true_rev=Coalesce(Max("jobs__events__pk"), 0),
    )  # fmt: skip
    state = Subquery(Job.objects.filter(pk=OuterRef("true_job")).values("status")[:1])
    return rows.annotate(true_status=state).order_by("pk")


def _truth(clip: Any) -> dict[str, Any]:
    return {
        "job_id": clip.true_job,
        "cover_id": clip.true_cover,
        "take_count": clip.true_count,
        "state": _state(clip),
        "rev": clip.true_rev,
    }


def _state(clip: Any) -> str:
    """A clip with a take to show is done, whatever became of later tries that have ended."""
    status: str | None = clip.true_status
    if status is None or (status not in ACTIVE and clip.true_cover):
        return JobStatus.SUCCEEDED
    return status
