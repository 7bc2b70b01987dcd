"""The lanes: how many jobs each provider may have at one time, and whether it takes any now."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

LONGEST_REASON = 300


class LaneQuerySet(models.QuerySet["Lane"]):
    def paused(self) -> Self:
        return self.exclude(paused_for="")

    def closed(self) -> Self:
        """Paused until an admin acts, or left alone for a while."""
        return self.filter(~Q(paused_for="") | Q(busy_until__gt=timezone.now()))

    def watched(self) -> Self:
        """Some worker asks the provider about its jobs now."""
        return self.filter(polls_until__gt=timezone.now())


class Lane(models.Model):
    """A provider's slots: how many of its jobs may be with it at one time.

    `paused_for` says why nothing is sent until an admin has acted ("" while it runs), `pause` what
    kind of reason that is (the category of a ProviderBlocked, or "admin"). `busy_until` is when the
    provider wants to hear from us again, `poller` and `polls_until` who asks it now.
    """

    provider = models.CharField(max_length=20, primary_key=True)
    slots = models.PositiveSmallIntegerField()
    pause = models.CharField(max_length=12, blank=True)
    paused_for = models.CharField(max_length=LONGEST_REASON, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    busy_until = models.DateTimeField(null=True, blank=True)
    poller = models.CharField(max_length=80, blank=True)
    polls_until = models.DateTimeField(null=True, blank=True)

    objects = LaneQuerySet.as_manager()

    def __str__(self) -> str:
        return self.provider

    @property
    def is_open(self) -> bool:
        return not self.paused_for and not self.is_resting

    @property
    def is_resting(self) -> bool:
        return self.busy_until is not None and self.busy_until > timezone.now()

    @classmethod
    def of(cls, provider: str) -> "Lane":
        """The provider's lane; one that nobody laid has one slot."""
        lane, _ = cls.objects.get_or_create(provider=provider, defaults={"slots": 1})
        return lane

    @classmethod
    def watch(cls, provider: str, poller: str, *, seconds: float) -> bool:
        """Let this poller alone ask the provider for so long; False when another one does."""
        free = cls.objects.filter(provider=provider).exclude(polls_until__gt=timezone.now())
        until = timezone.now() + timedelta(seconds=seconds)
        return bool(free.update(poller=poller, polls_until=until))

    @classmethod
    def unwatch(cls, provider: str, poller: str) -> None:
        cls.objects.filter(provider=provider, poller=poller).update(poller="", polls_until=None)
