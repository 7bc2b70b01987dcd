"""Boards: made, renamed, opened for new clips, and taken away with a way back."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from studio import permissions
from studio.core.errors import InvalidBoard, NameTaken
from studio.core.words import listed, short, storable
from studio.models import Board, Clip, Member, Placement, Project, Share, Team

LONGEST_NAME = 60
MOST = 200


def create(member: Member, project: Project | None, *, name: str, is_auto: bool = False) -> Board:
    """A board of that project, or without one a collection. Raises InvalidBoard, NameTaken."""
    permissions.require(permissions.can_arrange(member), "make boards")
    ours = project is None or project.team_id == member.team_id
    permissions.require(ours, "make boards in another team")
    name = named(name)
    try:
        with transaction.atomic():
            # The team's row is a lock: two people at once make no 201, and no two open boards.
            Team.objects.select_for_update(no_key=True).get(pk=member.team_id)
            _require_room(member)
            board = Board.objects.create(
                team=member.team, project=project, name=name, created_by=member
            )
            _open(board, is_auto=is_auto)
    except IntegrityError as error:
        raise NameTaken(_taken(name)) from error
    return board


def change(member: Member, board: Board, *, name: str, is_auto: bool) -> None:
    """Another name, or whether new clips land on it. Raises InvalidBoard, NameTaken."""
    permissions.require(permissions.can_change_board(member, board), "change this board")
    name = named(name)
    try:
        with transaction.atomic():
            Team.objects.select_for_update(no_key=True).get(pk=board.team_id)
            Board.objects.filter(pk=board.pk).update(name=name)
            board.name = name
            _open(board, is_auto=is_auto)
    except IntegrityError as error:
        raise NameTaken(_taken(name)) from error


def _open(board: Board, *, is_auto: bool) -> None:
    """Let new clips land on this board of the project, and on no other."""
    if is_auto and not board.project_id:
        raise InvalidBoard("New clips land on a board of their project, not on a collection.")
    if is_auto:
        Board.objects.filter(project=board.project_id).update(is_auto=False)
    Board.objects.filter(pk=board.pk).update(is_auto=is_auto)
    board.is_auto = is_auto


def remove(member: Member, board: Board) -> dict[str, Any]:
    """Take it away; its clips stay. Returns what `bring_back` needs. Raises InvalidBoard."""
    permissions.require(permissions.can_change_board(member, board), "remove this board")
    with transaction.atomic():
        Board.objects.select_for_update().get(pk=board.pk)
        _require_no_link(board)
        kept = _kept(board)
        Share.objects.filter(board=board).update(board=None)  # they are revoked, and still tell
        board.delete()
    return kept


def _require_no_link(board: Board) -> None:
    shown = Share.objects.filter(board=board, revoked_at=None).order_by("pk")
    if names := [f"“{name}”" for name in shown.values_list("name", flat=True)[:3]]:
        link = "link" if len(names) == 1 else "links"
        raise InvalidBoard(
            f"The {link} {listed(names)} shows this board to clients; revoke it first."
        )


def _kept(board: Board) -> dict[str, Any]:
    on_it = board.placements.order_by("pk").values_list("clip_id", flat=True)
    return {
        "project": board.project_id, "name": board.name, "is_auto": board.is_auto,
        "created_by": board.created_by_id, "clips": list(on_it),
    }  # fmt: skip


def bring_back(member: Member, kept: Mapping[str, Any]) -> Board:
    """Undo `remove`; the clips that are still there are on it again. Raises NameTaken."""
    permissions.require(permissions.can_arrange(member), "make boards")
    project = Project.objects.filter(team=member.team, pk=kept["project"]).first()
    other = Board.objects.where_new_clips_land(project).exists() if project else True
    with transaction.atomic():
        board = create(member, project, name=kept["name"], is_auto=kept["is_auto"] and not other)
        author = Member.objects.filter(team=member.team, pk=kept["created_by"]).first()
        Board.objects.filter(pk=board.pk).update(created_by=author or member)
        there = Clip.objects.of_team(member.team).filter(pk__in=kept["clips"])
        Placement.objects.bulk_create(
            Placement(board=board, clip_id=pk, placed_by=author or member)
            for pk in there.order_by("pk").values_list("pk", flat=True)
        )
    return board


def named(name: str) -> str:
    """The name as it is kept: one line, without what a search could not quote."""
    name = " ".join(storable(name).split())
    if not 1 <= len(name) <= LONGEST_NAME or '"' in name:
        raise InvalidBoard(
            f"Name must have 1 to {LONGEST_NAME} characters and no quotation mark, not “{short(name)}”."
        )
    return name


def _require_room(member: Member) -> None:
    if Board.objects.filter(team=member.team).count() >= MOST:
        raise InvalidBoard(f"There are {MOST} boards already; remove one first.")


def _taken(name: str) -> str:
    return f"There is a board “{name}” already; choose another name."
