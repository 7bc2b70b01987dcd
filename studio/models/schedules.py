"""Cost reports that are told again and again."""

from typing import Self

from django.db import models
from django.dispatch import Signal
from django.utils import timezone

from studio.core.rhythm import LABELS, Rhythm
from studio.models.teams import Member, Team

due = Signal()  # sent when a report is due: who can make it hears that


class ReportScheduleQuerySet(models.QuerySet["ReportSchedule"]):
    def due(self) -> Self:
        return self.filter(next_at__lte=timezone.now()).order_by("next_at", "pk")


class ReportSchedule(models.Model):
    """The view of the costs page at `query`, told to `member` by mail, next at `next_at`."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="report_schedules")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=500, blank=True)
    rhythm = models.CharField(
        max_length=7, choices=[(one, LABELS[one]) for one in Rhythm], default=Rhythm.WEEKLY
    )
    next_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReportScheduleQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
