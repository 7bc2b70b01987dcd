"""Money as rows: a team's budget, and append-only entries that explain every change of it."""

from django.db import models
from django.db.models import F, Q

from studio.core.money import CREDIT
from studio.models.frozen import FrozenQuerySet, FrozenRow
from studio.models.jobs import Job
from studio.models.teams import Member, Team


class Budget(models.Model):
    """What a team was granted, in micro-credits; available + held + spent = granted, always."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="budget")
    granted = models.BigIntegerField(default=0)
    available = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    spent = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(granted=F("available") + F("held") + F("spent")), name="budget_balances"
            ),
            models.CheckConstraint(
                condition=Q(available__gte=0, held__gte=0, spent__gte=0), name="budget_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"Budget of {self.team}"


class EntryKind(models.TextChoices):
    GRANT = "grant", "Grant"
    HOLD = "hold", "Hold"
    CHARGE = "charge", "Charge"
    RELEASE = "release", "Release"
    REFUND = "refund", "Refund"
    CORRECTION = "correction", "Correction"


ONCE_PER_JOB = [EntryKind.HOLD, EntryKind.CHARGE, EntryKind.RELEASE]


class LedgerEntry(FrozenRow):
    """One change: signed micro-credits for each part of the budget, and what caused it.

    `native` and `unit` are the amount as the provider counts it, `credit_price` what one credit
    cost that day in micro-USD, `unit_price` what one unit cost in pico-USD (0: it is our credit).
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="entries")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    granted = models.BigIntegerField(default=0)
    available = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    spent = models.BigIntegerField(default=0)
    native = models.BigIntegerField(default=0)
    unit = models.CharField(max_length=8, default=CREDIT)
    credit_price = models.PositiveBigIntegerField()
    unit_price = models.PositiveBigIntegerField(default=0)
    actor = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    cause = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ledger entries"
        indexes = [models.Index("team", F("id").desc(), name="entry_by_team")]
        constraints = [
            models.UniqueConstraint(
                fields=["job", "kind"],
                condition=Q(kind__in=ONCE_PER_JOB),
                name="entry_once_per_job_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(granted=F("available") + F("held") + F("spent")),
                name="entry_balances",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
