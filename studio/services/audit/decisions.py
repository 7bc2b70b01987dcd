"""Decisions: each take is what its project's rule makes of what people said about it."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Exists, F, OuterRef, Q

from studio.core.review import ReviewStatus
from studio.models import Decision, Take
from studio.services.verdicts import statuses, subjects

CHUNK = 1_000


def wrong_reviews() -> Iterator[str]:
    """Also names who decided about a take that is not theirs."""
    yield from _undecided()
    said = Exists(Decision.objects.filter(take=OuterRef("pk")))
    decided = Take.objects.filter(said).order_by("pk").values_list("pk", flat=True).iterator()
    while chunk := list(islice(decided, CHUNK)):
        yield from _wrong(chunk)
    own = Q(member__team=F("take__clip__team")) | Q(guest__share__team=F("take__clip__team"))
    for pk, take in Decision.objects.exclude(own).order_by("pk").values_list("pk", "take"):
        yield f"Decision {pk} about take {take} is by somebody of another team."


def _undecided() -> Iterator[str]:
    """Takes that nobody has decided about wait for it; rehearsals do not."""
    waits = Q(job__intended__isnull=True, review=ReviewStatus.REVIEW)
    rests = Q(job__intended__isnull=False, review="")
    silent = Take.objects.filter(decisions=None).exclude(waits | rests).order_by("pk")
    for pk, review in silent.values_list("pk", "review").iterator():
        yield f"Take {pk} is “{review}”, and nobody has decided about it."


def _wrong(takes: list[int]) -> Iterator[str]:
    asked = subjects(Take.objects.filter(pk__in=takes))
    for one, is_true in zip(asked, statuses(asked), strict=True):
        if one.review != is_true:
            yield f"Take {one.pk} is “{one.review}”, by its decisions it is “{is_true}”."
