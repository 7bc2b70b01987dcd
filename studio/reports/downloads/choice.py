"""Which takes a download is about, in which order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from studio.core.errors import InvalidDownload
from studio.core.review import ReviewStatus
from studio.models import Clip, Placement, Take, Team

MOST_TAKES = 5_000


class Which(StrEnum):
    """Which takes of a clip. Takes that are named themselves always come along."""

    BEST = "best"
    APPROVED = "approved"
    ALL = "all"


class Sort(StrEnum):
    GIVEN = "given"
    BOARD = "board"
    CREATED = "created"
    TITLE = "title"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """`clips` and `takes` are primary keys; `one_each` is of every clip just the best of `which`."""

    clips: tuple[int, ...] = ()
    takes: tuple[int, ...] = ()
    which: Which = Which.BEST
    sort: Sort = Sort.GIVEN
    one_each: bool = False

    def are_of(self, team: Team) -> bool:
        """Whether every one of these clips and takes is there and the team's own."""
        clips = Clip.objects.of_team(team).filter(pk__in=self.clips, purged_at=None)
        takes = Take.objects.filter(clip__team=team, pk__in=self.takes, clip__purged_at=None)
        return clips.count() == len({*self.clips}) and takes.count() == len({*self.takes})


def chosen(wanted: Wanted) -> list[int]:
    """The takes' primary keys. What is in the trash is left out. Raises InvalidDownload."""
    require_few(len(wanted.clips) + len(wanted.takes))
    named = Take.objects.filter(pk__in=wanted.takes, clip__trashed_at=None)
    clips = {**dict(named.values_list("pk", "clip_id")), **_of_clips(wanted)}
    takes = [*_in_order_of_clips(wanted, clips), *(pk for pk in wanted.takes if pk in clips)]
    takes = list(dict.fromkeys(takes))
    require_few(len(takes))
    if not takes:
        raise InvalidDownload(_nothing(wanted))
    return _sorted(takes, clips, wanted.sort)


def require_few(count: int) -> None:
    """Raises InvalidDownload."""
    if count > MOST_TAKES:
        raise InvalidDownload(
            f"These are {count:,} takes, and one download holds at most {MOST_TAKES:,}: "
            "choose fewer clips, or only the best take of each."
        )


def _of_clips(wanted: Wanted) -> dict[int, int]:
    """The clip of each take that comes with one; the best take of a clip first."""
    shown = Clip.objects.shown().filter(pk__in=wanted.clips)
    if wanted.which == Which.BEST:
        return dict(shown.exclude(cover=None).values_list("cover_id", "pk"))
    takes = Take.objects.filter(clip__in=shown)
    if wanted.which == Which.APPROVED:
        takes = takes.filter(review=ReviewStatus.APPROVED)
    ordered = takes.best_first() if wanted.one_each else takes.order_by("number")
    return dict(ordered.values_list("pk", "clip_id")[: MOST_TAKES * 4])


def _in_order_of_clips(wanted: Wanted, clips: Mapping[int, int]) -> Iterable[int]:
    takes: dict[int, list[int]] = defaultdict(list)
    for take, clip in clips.items():
        takes[clip].append(take)
    most = 1 if wanted.one_each else None
    for clip in dict.fromkeys(wanted.clips):
        yield from takes[clip][:most]


def _sorted(takes: list[int], clips: Mapping[int, int], sort: Sort) -> list[int]:
    if sort == Sort.GIVEN:
        return takes
    place = {clip: place for place, clip in enumerate(_places({*clips.values()}, sort))}
    return sorted(takes, key=lambda take: place.get(clips[take], len(place)))


def _places(clips: set[int], sort: Sort) -> list[int]:
    """These clips in order; on several boards, one stands where it comes first."""
    if sort == Sort.BOARD:
        placed = Placement.objects.filter(clip__in=clips).order_by("board__name", "board", "pk")
        return list(dict.fromkeys(placed.values_list("clip_id", flat=True)))
    rows = Clip.objects.filter(pk__in=clips).order_by("created_at", "pk")
    titled = list(rows.values_list("pk", "title"))
    if sort == Sort.TITLE:
        titled.sort(key=lambda row: row[1].casefold())
    return [pk for pk, _ in titled]


def _nothing(wanted: Wanted) -> str:
    if not wanted.clips and not wanted.takes:
        return "Choose at least one clip or take to download."
    if wanted.which == Which.APPROVED:
        return "None of these clips has an approved take: approve one, or take the best of each."
    return "There is nothing to download: these clips are in the trash, or have no takes yet."
