"""What stands beside the wall: how many clips there are of what, the boards, the last days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from studio.core.review import ReviewStatus
from studio.models import Board, Clip, Decision, Member, Placement, Project, Share

DAYS_BACK = 14
MOST_DAYS = 3


@dataclass(frozen=True, kw_only=True)
class Row:
    """A board: how many clips are on it now, and the poster of the one that was put there last."""

    board: Board
    count: int
    poster: int | None
    is_shown: bool

    @property
    def query(self) -> str:
        return f'board:"{self.board.name}"'


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day on which clips were made, as the team's clocks have it."""

    day: date
    name: str
    count: int

    @property
    def query(self) -> str:
        return f"on:{self.day.isoformat()}"


@dataclass(frozen=True, kw_only=True)
class Side:
    """`boards` are the project's, `collections` those of the whole team."""

    clips: int
    needs: int
    favorites: int
    trashed: int
    boards: Sequence[Row]
    collections: Sequence[Row]
    days: Sequence[Day]


def side(member: Member, project: Project) -> Side:
    """In four queries, however many boards and clips there are."""
    rows = boards_beside(project)
    return Side(
        **_counts(member, project),
        boards=[row for row in rows if row.board.project_id],
        collections=[row for row in rows if not row.board.project_id],
        days=_days(project, ZoneInfo(member.team.time_zone)),
    )


def _counts(member: Member, project: Project) -> dict[str, int]:
    shown, trashed = Q(trashed_at=None), Clip.objects.trashed().filter(project=project)
    decided = Exists(Decision.objects.filter(take=OuterRef("cover"), member=member))
    liked = Exists(member.favorites.filter(clip=OuterRef("pk")))
    found = Clip.objects.shown().filter(project=project).aggregate(
        clips=Count("pk", filter=shown),
        needs=Count("pk", filter=Q(review=ReviewStatus.REVIEW) & ~decided),
        favorites=Count("pk", filter=liked),
    )  # fmt: skip
    return {**found, "trashed": trashed.count()}


def boards_beside(project: Project) -> list[Row]:
    """The project's boards and the team's collections, each by name."""
    shown = Placement.objects.filter(board=OuterRef("pk"), clip__trashed_at=None)
    counted = shown.order_by().values("board").annotate(total=Count("pk")).values("total")
    posters = shown.exclude(clip__cover=None).order_by("-pk").values("clip__cover__poster")
    links = Share.objects.open().filter(board=OuterRef("pk"))
    rows: QuerySet[Any] = Board.objects.beside(project).annotate(
        count=Coalesce(Subquery(counted), 0), poster=Subquery(posters[:1]), is_shown=Exists(links)
    )
    return [
        Row(board=row, count=row.count, poster=row.poster, is_shown=row.is_shown)
        for row in rows.order_by("name", "pk")
    ]


def _days(project: Project, zone: ZoneInfo) -> list[Day]:
    """The last days with clips; of a project that rests, those before it did."""
    shown = Clip.objects.shown().filter(project=project)
    newest = shown.newest_first().values_list("created_at", flat=True).first()
    if newest is None:
        return []
    since = newest - timedelta(days=DAYS_BACK)
    recent = shown.filter(created_at__gte=since).annotate(day=TruncDate("created_at", tzinfo=zone))
    counted = recent.order_by().values("day").annotate(count=Count("pk")).order_by("-day")
    today = timezone.now().astimezone(zone).date()
    return [
        Day(day=row["day"], name=_named(row["day"], today), count=row["count"])
        for row in counted[:MOST_DAYS]
    ]


def _named(day: date, today: date) -> str:
    words = {0: "Today", 1: "Yesterday"}
    return words.get((today - day).days, f"{day:%a} {day.day} {day:%B}")
