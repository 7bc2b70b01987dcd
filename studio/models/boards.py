"""How people put clips in order: boards, tags, favorites, and searches kept under a name."""

from typing import Self

from django.db import models
from django.db.models import Q

from studio.models.clips import Clip
from studio.models.projects import Project
from studio.models.teams import Member, Team


class BoardQuerySet(models.QuerySet["Board"]):
    def beside(self, project: Project) -> Self:
        """The project's boards, and the team's collections that belong to none."""
        return self.filter(Q(project=project) | Q(project=None), team=project.team_id)

    def where_new_clips_land(self, project: Project) -> Self:
        return self.filter(project=project, is_auto=True)


class Board(models.Model):
    """A named set of clips of a project, or without one a collection from all of the team's.

    New clips of the project land on its `is_auto` board, if it has one.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="boards")
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, null=True, blank=True, related_name="boards"
    )
    name = models.CharField(max_length=60)
    is_auto = models.BooleanField(default=False)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    clips: "models.ManyToManyField[Clip, Placement]" = models.ManyToManyField(
        Clip, through="Placement", related_name="boards"
    )

    objects = BoardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="board_name_once"),
            models.UniqueConstraint(
                fields=["team", "name"], condition=Q(project=None), name="collection_name_once"
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(is_auto=True), name="board_auto_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Placement(models.Model):
    """A clip on a board, and who put it there."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="placements")
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="placements")
    placed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "clip"], name="placement_once")]

    def __str__(self) -> str:
        return f"{self.clip} on {self.board}"


class Tag(models.Model):
    """A word of the team that clips are marked with; compared without regard to case."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)
    clips = models.ManyToManyField(Clip, related_name="tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="tag_once")]

    def __str__(self) -> str:
        return self.name


class Favorite(models.Model):
    """A clip that one member likes; it concerns nobody else."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="favorites")
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="favorites")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "clip"], name="favorite_once")]

    def __str__(self) -> str:
        return f"{self.member} likes {self.clip}"


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def seen_by(self, member: Member, project: Project) -> Self:
        """Those of the team and the member's own, for this project."""
        shared = Q(is_private=False) | Q(author=member)
        return self.filter(shared, team=member.team_id, project=project)


class SavedView(models.Model):
    """A search of a project's wall (`query` as core/search.py reads it) kept under a name."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="saved_views")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="saved_views")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)
    sort = models.CharField(max_length=10)
    is_private = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"], condition=Q(is_private=False), name="team_view_once"
            ),
            models.UniqueConstraint(
                fields=["project", "author", "name"],
                condition=Q(is_private=True),
                name="private_view_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name
