"""The take that wins a comparison: it is approved, and stands above the others of its clip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from studio import permissions
from studio.core.errors import TooLate
from studio.core.review import Verdict
from studio.models import Member, Take
from studio.services import decisions
from studio.services.decisions import Step

MOST_STARS = 5
FEWEST_STARS = 4  # of a winner

# Take → its stars.
Stars = Mapping[int, int]


@dataclass(frozen=True, kw_only=True)
class Won:
    """What a pick changed: the stars of each take before and now, and what the member says of it."""

    before: Stars
    now: Stars
    steps: Sequence[Step]


@transaction.atomic
def pick(member: Member, winner: Take, *, over: Sequence[Take]) -> Won:
    """Let it win over these takes, which may be of other clips: each clip keeps its own takes.

    The member approves it, and it gets a star more than the best of them and of its own clip, at least four. Where there are
    no five and a half, other takes of its clip give one back; no take is rejected. What it returns
    is for `take_back`.
    """
    permissions.require(permissions.can_review(member, winner.clip), "pick a winner")
    said = decisions.decide(member=member, take=winner, verdict=Verdict.APPROVE)
    winner.clip.lock()
    now = _lifted(winner, over)
    before = dict(Take.objects.filter(pk__in=now).values_list("pk", "stars"))
    changed = {pk: stars for pk, stars in now.items() if stars != before[pk]}
    _give(changed)
    winner.clip.touch()
    return Won(before={pk: before[pk] for pk in changed}, now=changed, steps=said.steps)


@transaction.atomic
def take_back(member: Member, winner: Take, won: Won) -> None:
    """Say again what was said before, and give each take the stars that it had.

    Raises TooLate where somebody gave others since.
    """
    permissions.require(permissions.can_review(member, winner.clip), "pick a winner")
    decisions.take_back(member=member, steps=won.steps)
    winner.clip.lock()
    ours = Take.objects.filter(clip=winner.clip, pk__in=won.now)
    if dict(ours.values_list("pk", "stars")) != dict(won.now):
        raise TooLate("Somebody has given other stars since; nothing was changed.")
    _give(won.before)
    winner.clip.touch()


def _lifted(winner: Take, over: Sequence[Take]) -> dict[int, int]:
    """The stars of the winner, and of those beside it that would have as many."""
    beside = dict(
        Take.objects.filter(clip=winner.clip_id).exclude(pk=winner.pk).values_list("pk", "stars")
    )
    others = Take.objects.filter(pk__in=[take.pk for take in over]).exclude(pk=winner.pk)
    highest = max([*beside.values(), *others.values_list("stars", flat=True), 0])
    stars = min(max(highest + 1, FEWEST_STARS), MOST_STARS)
    return {winner.pk: stars} | {pk: stars - 1 for pk, found in beside.items() if found >= stars}


def _give(stars: Stars) -> None:
    for pk, number in stars.items():
        Take.objects.filter(pk=pk).update(stars=number)
