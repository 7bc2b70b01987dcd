"""The review queue: takes that wait for one member's decision, in the order in which they come."""

from dataclasses import dataclass
from typing import Self

from django.db.models import Exists, OuterRef, Q

from studio.models import Decision, Electorate, Member, Project, Take
from studio.models.clips import TakeQuerySet

MOST_COUNTED = 1_000  # nobody needs to know it better, and counting on would slow the page


def is_asked(member: Member, project: Project) -> bool:
    """Whether this person's decisions count there."""
    return Electorate.of(project).waits_for(member)


def waiting(member: Member, project: Project) -> TakeQuerySet:
    """Of the oldest clip first, by their numbers.

    Those whose status is open, where this person counts by the rule and has said nothing yet.
    """
    takes = Take.objects.all()
    if not is_asked(member, project):
        return takes.none()
    own = Decision.objects.filter(take=OuterRef("pk"), member=member)
    open_ones = takes.to_review().filter(clip__project=project, clip__trashed_at=None)
    return open_ones.exclude(Exists(own)).order_by("clip", "number")


def count(takes: TakeQuerySet, *, most: int = MOST_COUNTED) -> int:
    """How many they are, up to one more than `most`.

    In their order, by which SQLite finds the small index of takes to review.
    """
    return takes[: most + 1].count()


def after(clip: int, number: int) -> Q:
    """What comes later in the queue than that take; the first part is what an index finds."""
    return Q(clip__gte=clip) & (Q(clip__gt=clip) | Q(number__gt=number))


def before(clip: int, number: int) -> Q:
    return Q(clip__lte=clip) & (Q(clip__lt=clip) | Q(number__lt=number))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a take stands in the queue: from 1, or None where it does not wait.

    `following` and `previous` are the takes around it, each time going around at the ends; None
    where no other one waits.
    """

    position: int | None
    total: int
    following: Take | None
    previous: Take | None

    @classmethod
    def of(cls, take: Take, member: Member, project: Project) -> Self:
        queue = waiting(member, project).select_related("clip", "video")
        others = queue.exclude(pk=take.pk)
        key = (take.clip_id, take.number)
        total, is_one = count(queue), queue.filter(pk=take.pk).exists()
        return cls(
            position=count(queue.filter(before(*key))) + 1 if is_one else None,
            total=total,
            following=following(others, take),
            previous=others.filter(before(*key)).last() or others.last(),
        )


def following(others: TakeQuerySet, take: Take) -> Take | None:
    """The next one after this take; after the last one comes the first."""
    return others.filter(after(take.clip_id, take.number)).first() or others.first()
