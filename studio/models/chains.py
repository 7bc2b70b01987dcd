"""Takes that continue each other, joined into one film."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from studio.models.assets import Asset
from studio.models.teams import Member, Team


class ChainQuerySet(models.QuerySet["Chain"]):
    def unfinished(self) -> Self:
        return self.filter(asset=None, problem="")

    def free(self) -> Self:
        """Those that no living worker is busy with."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=timezone.now()))


class Chain(models.Model):
    """A film of takes one after the other, made when somebody asks for it.

    `takes` are primary keys in playing order, `key` names exactly this film. While neither `asset`
    nor `problem` is there it is being made: a lease says by which worker, `progress` how far in
    percent, `tries` how often one began.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="chains")
    key = models.CharField(max_length=64)
    takes = models.JSONField()
    asset = models.ForeignKey(
        Asset, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    problem = models.CharField(max_length=300, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ChainQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "key"], name="chain_once")]

    def __str__(self) -> str:
        return f"{len(self.takes)} takes"

    @property
    def is_being_made(self) -> bool:
        return not (self.asset_id or self.problem)

    def take_lease(self, owner: str, until: datetime) -> bool:
        """Claim it for one worker until then; False when another one has it, or it is done."""
        free = Chain.objects.unfinished().free().filter(pk=self.pk)
        return bool(free.update(lease_owner=owner, lease_until=until, tries=F("tries") + 1))

    def keep_lease(self, owner: str, until: datetime, **changes: Any) -> bool:
        """Prolong our lease; False when it was given to another worker."""
        ours = Chain.objects.unfinished().filter(pk=self.pk, lease_owner=owner)
        return bool(ours.update(lease_until=until, **changes))

    def end_lease(self, owner: str, **changes: Any) -> None:
        ours = Chain.objects.filter(pk=self.pk, lease_owner=owner)
        ours.update(lease_owner="", lease_until=None, **changes)
