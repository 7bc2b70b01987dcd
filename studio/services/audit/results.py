"""Results: a job that succeeded has its takes, and a clip's takes are numbered without holes."""

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce

from studio.core.orders import Order
from studio.core.status import JobStatus
from studio.models import AssetKind, Attempt, Clip, Job, Stream, Take
from studio.pipeline import streams
from studio.pipeline.save import KINDS


def wrong_takes() -> Iterator[str]:
    """As many takes as its provider made; none without success, or where the clip was purged."""
    rows = _with_what_was_made().values_list(
        "pk", "status", "made", "text", "answer", "clip__purged_at"
    )
    for pk, status, have, text, told, gone in rows.iterator():
        ordered = _count(text)
        if gone:
            if have:
                yield f"Job {pk} has {have} takes, though its clip was deleted for good."
        elif ordered is None:
            yield f"Job {pk} has an order that can not be read."
        elif status != JobStatus.SUCCEEDED:
            if have:
                yield f"Job {pk} is {status} and has {have} takes."
        elif have != _made(told, ordered):
            yield f"Job {pk} succeeded with {have} of {_made(told, ordered)} takes."


def _with_what_was_made() -> QuerySet[Any]:
    """Jobs with the number of their takes, their order and what the provider said in the end."""
    takes = Take.objects.filter(job=OuterRef("pk")).order_by().values("job")
    accepted = Attempt.objects.filter(job=OuterRef("pk"), outcome=Attempt.Outcome.ACCEPTED)
    told = accepted.order_by("-number").annotate(text=Cast("answer", TextField())).values("text")
    return Job.objects.annotate(
        made=Coalesce(Subquery(takes.annotate(total=Count("pk")).values("total")), 0),
        text=Cast("stored_order", TextField()),
        answer=Subquery(told[:1]),
    ).order_by("pk")


def _made(told: str | None, ordered: int) -> int:
    """Some of several takes may be refused; a provider that says nothing made them all."""
    try:
        return len(json.loads(told or "")["results"])
    except (ValueError, TypeError, KeyError):
        return ordered


def _count(text: str) -> int | None:
    """How many takes an order asks for; None when it is no order."""
    try:
        return Order.from_json(json.loads(text)).count
    except (ValueError, TypeError, AttributeError):
        return None


def wrong_numbers() -> Iterator[str]:
    """A clip's takes have the numbers 1 to n, each once."""
    numbered: QuerySet[Any] = Clip.objects.order_by("pk").annotate(
        made=Count("takes"),
        different=Count("takes__number", distinct=True),
        first=Min("takes__number"),
        last=Max("takes__number"),
    )
    wrong = numbered.filter(made__gt=0).exclude(first=1, last=F("made"), different=F("made"))
    for pk, made, first, last in wrong.values_list("pk", "made", "first", "last").iterator():
        yield f"Clip {pk} has {made} takes, numbered from {first} to {last} with holes or twice."


def wrong_parts() -> Iterator[str]:
    """A take lies in its job's clip, and its files are of its team and of the right kind."""
    takes = Take.objects.order_by("pk")
    strangers = takes.exclude(clip=F("job__clip"))
    for pk, clip, job in strangers.values_list("pk", "clip", "job").iterator():
        yield f"Take {pk} is in clip {clip}, but its job {job} is of another one."
    for part, kind in KINDS.items():
        right = Q(**{f"{part}__kind": kind, f"{part}__team": F("clip__team")})
        for pk in takes.exclude(right).values_list("pk", flat=True).iterator():
            yield f"Take {pk} has a {part} that is not its team's {kind}."
    empty = takes.filter(Q(width=0) | Q(height=0) | Q(frames=0) | Q(seconds__lte=0) | Q(fps__lte=0))
    for pk in empty.values_list("pk", flat=True).iterator():
        yield f"Take {pk} has no pixels or no length."


def wrong_streams() -> Iterator[str]:
    """A stream's archive or log, and its view, are of its team and of the right kind."""
    for name, kind in streams.KINDS.items():
        rows = Stream.objects.filter(name=name).order_by("pk")
        right = Q(file__kind=kind, file__team=F("take__clip__team"))
        viewed = Q(view=None) | Q(view__kind=AssetKind.PREVIEW, view__team=F("take__clip__team"))
        for pk in rows.exclude(right & viewed).values_list("pk", flat=True).iterator():
            yield f"Stream {pk} ({name}) has a file that is not its team's {kind} or its view."
    unknown = Stream.objects.exclude(name__in=streams.KINDS).order_by("pk")
    for pk, name in unknown.values_list("pk", "name").iterator():
        yield f"Stream {pk} is called {name}, which nobody knows."
