"""Money as rows: a team's budget, and append-only entries that explain every change of it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from studio.core import chain
from studio.core.money import CREDIT
from studio.models.frozen import FrozenQuerySet, FrozenRow
from studio.models.jobs import Job
from studio.models.teams import Member, Team

# Every column of an entry but the key, which the database gives, and the digest itself.
CHAINED = (
    "team_id", "number", "job_id", "kind", "granted", "available", "held", "spent", "native", "unit",
    "credit_price", "unit_price", "actor_id", "cause", "corrects_id", "day", "created_at",
)  # fmt: skip
START = chain.start(CHAINED)  # what the first entry of a team follows


class Budget(models.Model):
    """What a team was granted, in micro-credits; available + held + spent = granted, always.

    `entries` and `head` are the number and the digest of the team's last ledger entry: the next one
    follows them. Up to the day `closed_until` the books are closed.
    """

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="budget")
    granted = models.BigIntegerField(default=0)
    available = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    spent = models.BigIntegerField(default=0)
    entries = models.PositiveBigIntegerField(default=0)
    head = models.BinaryField(max_length=32, default=START)
    closed_until = models.DateField(null=True, blank=True)

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

    `number` counts the team's entries from 1 without a gap, and `digest` follows from every value
    here and the digest of the entry before. `native` and `unit` are the amount as the provider
    counts it, `credit_price` what one credit cost that day in micro-USD, `unit_price` what one unit
    cost in pico-USD (0: it is our credit). `day` is when it is booked, in the team's time zone; a
    refund or correction says which entry it `corrects`.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveBigIntegerField()
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
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)
    digest = models.BinaryField(max_length=32)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ledger entries"
        indexes = [
            models.Index("team", F("id").desc(), name="entry_by_team"),
            models.Index("team", "day", "id", name="entry_by_day"),
            models.Index("team", "kind", "day", "id", name="entry_by_kind"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["team", "number"], name="entry_number_once"),
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

    def follow(self, previous: bytes) -> bytes:
        """The digest that this entry has behind the one with the digest `previous`."""
        return chain.digest(previous, tuple(chain.plain(getattr(self, name)) for name in CHAINED))


class ClosedMonth(FrozenRow):
    """A month that was closed: its sums in micro-credits, as they are for ever.

    `month` is its first day. What is found out later is booked in the next one. `team_name` and
    `time_zone` are those of the day when it was closed: its exports keep them (see ClosedName).
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="closed_months")
    month = models.DateField()
    granted = models.BigIntegerField()
    held = models.BigIntegerField()
    spent = models.BigIntegerField()
    entries = models.PositiveBigIntegerField(help_text="How many entries are booked in it")
    closed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(auto_now_add=True)
    team_name = models.CharField(max_length=80, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")

    objects = FrozenQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "month"], name="month_closed_once")]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"


class Named(models.TextChoices):
    """What entries of a month speak of by a name that may change."""

    CLIP = "clip"
    PROJECT = "project"
    MEMBER = "member"
    PROVIDER = "provider"


class ClosedName(FrozenRow):
    """What something was called when a month was closed, so that its exports never change.

    `key` is the row's primary key, for a provider its slug.
    """

    month = models.ForeignKey(ClosedMonth, on_delete=models.PROTECT, related_name="names")
    kind = models.CharField(max_length=8, choices=Named.choices)
    key = models.CharField(max_length=20)
    name = models.CharField(max_length=254)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "kind", "key"], name="closed_name_once")
        ]

    def __str__(self) -> str:
        return self.name
