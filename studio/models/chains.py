"""Takes that continue each other, joined into one film."""

from django.db import models

from studio.models.assets import Asset
from studio.models.teams import Member, Team


class Chain(models.Model):
    """A film of takes one after the other, made when somebody asks for it.

    `takes` are primary keys in playing order, `key` names exactly this film. While neither `asset`
    nor `problem` is there it is being made.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="chains")
    key = models.CharField(max_length=64)
    takes = models.JSONField()
    asset = models.ForeignKey(
        Asset, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    problem = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "key"], name="chain_once")]

    def __str__(self) -> str:
        return f"{len(self.takes)} takes"
