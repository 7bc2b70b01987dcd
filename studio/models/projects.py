"""Productions: what clips, reviewers and budgets belong to."""

from typing import Self

from django.db import DEFAULT_DB_ALIAS, models

from studio.core.review import Voters
from studio.models.prepared import Prepared
from studio.models.teams import Member, Team


class Project(models.Model):
    """A production. A take is approved once `needed` of the `voters` agree about it.

    `reviewers` are those who count where they are NAMED. Where `guests_count` is set, clients'
    decisions count as those of one more voter each.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="projects")
    name = models.CharField(max_length=80)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    voters = models.CharField(
        max_length=10, choices=[(who, who) for who in Voters], default=Voters.ANYBODY
    )
    needed = models.PositiveSmallIntegerField(default=1)
    guests_count = models.BooleanField(default=False)
    reviewers = models.ManyToManyField(Member, related_name="+", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="project_name_once")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of_team(cls, team_id: int) -> list[Self]:
        """The team's projects, oldest first."""
        names = [field.attname for field in cls._meta.concrete_fields]
        rows = _PROJECTS.rows(team=team_id)
        return [cls.from_db(DEFAULT_DB_ALIAS, names, row) for row in rows]


_PROJECTS = Prepared(
    lambda team: (
        Project.objects.filter(team_id=team)
        .order_by("pk")
        .values_list(*(field.attname for field in Project._meta.concrete_fields))
    ),
    "team",
)
