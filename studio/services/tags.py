"""Tags: words of the team that clips are marked with, compared without regard to case."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q

from studio import permissions
from studio.core.errors import InvalidTag
from studio.core.words import short, storable
from studio.ledger import days
from studio.models import Clip, Member, Tag, Team, search

LONGEST_NAME = 40
MOST = 1000
NOT_IN_TAGS = set('",:#')


@dataclass(frozen=True, kw_only=True)
class Marked:
    """The tag's word, and the clips that got or lost it."""

    name: str
    clips: list[int]


@dataclass(frozen=True, kw_only=True)
class Used:
    """A tag of the team, and how many of the clips in question have it."""

    name: str
    count: int


def used(team: Team, clips: Collection[Clip]) -> list[Used]:
    """Every tag of the team, by name."""
    here = Count("clips", filter=Q(clips__in=[clip.pk for clip in clips]))
    rows = Tag.objects.filter(team=team).annotate(here=here).order_by("name")
    return [Used(name=name, count=count) for name, count in rows.values_list("name", "here")]


def mark(member: Member, clips: Collection[Clip], *, name: str) -> Marked:
    """Give the clips this tag, which is made where the team has none. Raises InvalidTag."""
    _require(member, clips)
    name = named(name)
    with transaction.atomic():
        tag = _tag(member.team_id, name) or _new(member, name)
        had = set(tag.clips.filter(pk__in=_keys(clips)).values_list("pk", flat=True))
        new = sorted(_keys(clips) - had)
        tag.clips.add(*new)
        search.keep(new)
        days.of_clips(new)
    return Marked(name=tag.name, clips=new)


def unmark(member: Member, clips: Collection[Clip], *, name: str) -> Marked:
    """Take the tag off the clips; one that marks nothing any more is gone."""
    _require(member, clips)
    with transaction.atomic():
        tag = _tag(member.team_id, named(name))
        if tag is None:
            return Marked(name=name, clips=[])
        had = sorted(tag.clips.filter(pk__in=_keys(clips)).values_list("pk", flat=True))
        tag.clips.remove(*had)
        search.keep(had)
        days.of_clips(had)
        if not tag.clips.exists():
            tag.delete()
    return Marked(name=tag.name, clips=had)


def named(name: str) -> str:
    """The word as it is kept: one line, without what a search could not read."""
    name = " ".join(storable(name).split()).removeprefix("#").strip()
    if not 1 <= len(name) <= LONGEST_NAME or NOT_IN_TAGS & set(name):
        raise InvalidTag(
            f'Tag must have 1 to {LONGEST_NAME} characters and none of " , : #, not “{short(name)}”.'
        )
    return name


def _require(member: Member, clips: Collection[Clip]) -> None:
    ours = all(clip.team_id == member.team_id for clip in clips)
    permissions.require(permissions.can_arrange(member) and ours, "tag clips")


def _keys(clips: Collection[Clip]) -> set[int]:
    return {clip.pk for clip in clips}


def _tag(team: int, name: str) -> Tag | None:
    """Databases fold only the letters that they know, so the words are compared here.

    The team's row is a lock: one word is never made twice.
    """
    Team.objects.select_for_update(no_key=True).get(pk=team)
    folded = name.casefold()
    tags = Tag.objects.filter(team=team).order_by("pk")
    return next((tag for tag in tags if tag.name.casefold() == folded), None)


def _new(member: Member, name: str) -> Tag:
    if Tag.objects.filter(team=member.team).count() >= MOST:
        raise InvalidTag(f"There are {MOST:,} tags already; take one off its clips first.")
    return Tag.objects.create(team=member.team, name=name)
