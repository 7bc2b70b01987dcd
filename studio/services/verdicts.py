"""Takes as a project's rule sees them: what all decisions about each make of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils import timezone

from studio.models import Decision, Electorate, Project, Take
from studio.models.electorate import Voice


class Subject(NamedTuple):
    """A take that is decided about."""

    pk: int
    clip: int
    project: int
    number: int
    review: str
    is_rehearsal: bool


def subjects(takes: QuerySet[Take]) -> list[Subject]:
    is_rehearsal = ExpressionWrapper(Q(job__intended__isnull=False), BooleanField())
    rows = takes.order_by("pk").values_list(
        "pk", "clip_id", "clip__project_id", "number", "review", is_rehearsal
    )
    return [Subject(*row) for row in rows]


def follow_decisions(asked: Sequence[Subject]) -> list[Subject]:
    """Let each take be what the rule of its project makes of it; give those that changed.

    Their projects are locked, and so are their clips, whose days the caller has to mark.
    """
    changed: dict[str, list[Subject]] = defaultdict(list)
    for subject, review in zip(asked, statuses(asked), strict=True):
        if review != subject.review:
            changed[review].append(subject)
    for review, found in changed.items():
        takes = Take.objects.filter(pk__in=[one.pk for one in found])
        takes.update(review=review, reviewed_at=timezone.now())
    return [one for found in changed.values() for one in found]


def statuses(asked: Sequence[Subject]) -> list[str]:
    """What each should be, in the same order."""
    voting = electorates({one.project for one in asked})
    said = _said_of(one.pk for one in asked)
    return [voting[one.project].status(said[one.pk], rehearsed=one.is_rehearsal) for one in asked]


def lock_projects(projects: Iterable[int]) -> None:
    """Until the transaction ends nobody decides in these projects, nor about how they decide.

    Else a take that is decided about for the first time could miss a rule that is just changing.
    Projects are locked before clips.
    """
    rows = Project.objects.filter(pk__in=set(projects)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def electorates(projects: Iterable[int]) -> dict[int, Electorate]:
    found = Project.objects.filter(pk__in=set(projects))
    return {project.pk: Electorate.of(project) for project in found}


def _said_of(takes: Iterable[int]) -> dict[int, list[Voice]]:
    """All decisions about each, oldest first."""
    said: dict[int, list[Voice]] = defaultdict(list)
    found = Decision.objects.filter(take__in=list(takes)).order_by("decided_at", "pk")
    for take, member, verdict in found.values_list("take", "member", "verdict"):
        said[take].append(Voice(member, verdict))
    return said
