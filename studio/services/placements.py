"""Which clips are on which boards: put on, taken off, moved, and new ones that land by themselves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from studio import permissions
from studio.core.errors import InvalidBoard
from studio.models import Board, Clip, Member, Placement, Project

# Clips by board, both by their primary keys.
Clips = Mapping[int, Sequence[int]]


@dataclass(frozen=True, kw_only=True)
class Arranged:
    """What really changed: clips that were put on a board, and taken off one."""

    put: Clips = field(default_factory=dict)
    taken: Clips = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many clips changed their place."""
        return len(
            {clip for some in (self.put, self.taken) for clips in some.values() for clip in clips}
        )


def arrange(
    member: Member,
    clips: Collection[Clip],
    *,
    onto: Board | None = None,
    off: Board | None = None,
) -> Arranged:
    """Put clips on a board, take them off one, or both, which moves them. Raises InvalidBoard."""
    permissions.require(permissions.can_arrange(member), "put clips on boards")
    for row in (*clips, onto, off):
        ours = row is None or row.team_id == member.team_id
        permissions.require(ours, "use what belongs to another team")
    keys = [clip.pk for clip in clips]
    if onto:
        _require_project(onto, clips)
    with transaction.atomic():
        put = {onto.pk: _put(member, onto.pk, keys)} if onto else {}
        taken = {off.pk: _take(off.pk, keys)} if off and off != onto else {}
    return Arranged(put=put, taken=taken)


def undo(member: Member, done: Arranged) -> None:
    """Put back what was taken and take what was put. A board that is gone meanwhile stays gone."""
    permissions.require(permissions.can_arrange(member), "put clips on boards")
    ours = Board.objects.filter(team=member.team, pk__in=[*done.put, *done.taken])
    boards = set(ours.values_list("pk", flat=True))
    with transaction.atomic():
        for board in boards & set(done.put):
            _take(board, done.put[board])
        for board in boards & set(done.taken):
            _put(member, board, done.taken[board])


def land(member: Member, project: Project, clips: Sequence[Clip]) -> None:
    """New clips go to the project's open board, in the transaction that makes them."""
    if not clips:
        return
    board = Board.objects.where_new_clips_land(project).first()
    if board:
        Placement.objects.bulk_create(
            Placement(board=board, clip=clip, placed_by=member) for clip in clips
        )


def _require_project(board: Board, clips: Collection[Clip]) -> None:
    if board.project_id and any(clip.project_id != board.project_id for clip in clips):
        raise InvalidBoard(
            f"“{board.name}” is a board of {board.project}, and takes clips of that project only. "
            "A collection takes all."
        )


def _put(member: Member, board: int, clips: Sequence[int]) -> list[int]:
    """Those that were not on it yet; whoever was faster does not matter."""
    there = set(
        Placement.objects.filter(board=board, clip__in=clips).values_list("clip_id", flat=True)
    )
    known = Clip.objects.filter(pk__in=clips).values_list("pk", flat=True)
    new = sorted(set(known) - there)
    Placement.objects.bulk_create(
        (Placement(board_id=board, clip_id=clip, placed_by=member) for clip in new),
        ignore_conflicts=True,
    )
    return new


def _take(board: int, clips: Sequence[int]) -> list[int]:
    found = Placement.objects.filter(board=board, clip__in=clips)
    taken = sorted(found.values_list("clip_id", flat=True))
    found.delete()
    return taken
