"""Providers' bills: waiting for their columns, being read, or read."""

from datetime import date, datetime
from typing import Any, Self

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone

from studio.models.teams import Member, Team


class BillQuerySet(models.QuerySet["Bill"]):
    def kept(self) -> Self:
        """Without those that somebody has removed."""
        return self.filter(removed_at=None)

    def read(self) -> Self:
        return self.exclude(read_at=None)

    def unfinished(self) -> Self:
        """Those that a worker is to read, or to take away."""
        return self.exclude(wanted_at=None)

    def free(self) -> Self:
        """Those that no living worker is busy with."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=timezone.now()))


class Bill(models.Model):
    """One bill of a provider for the days `starts_on` to `ends_on` in UTC, both included.

    `digest` is the SHA-256 of the file, so that the same one is not read twice; `source` says
    where it came from. Until it is read (`read_at`) its `file` lies in the storage, and `columns`
    and the days are those that somebody chose (core/bills/columns.py, as JSON), if anybody did;
    whatever lines there are belong to a reading that is under way. Then `sums` lists [unit, billed,
    ours] in micro-units, without the `elsewhere` lines that are about jobs of other teams.

    While `wanted_at` is there a worker has something to do: a lease says which one, `tries` how
    often one began, and `done` how many of the `line_count` rows it has laid beside the ledger. What
    is read is wanted until its file is gone.
    `problem` says why it could not be read. With `removed_at` its lines are being taken away.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="bills")
    provider = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=40)
    file = models.CharField(max_length=200, blank=True)
    columns = models.JSONField(default=dict)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    line_count = models.PositiveIntegerField(default=0)
    elsewhere = models.PositiveIntegerField(default=0)
    sums = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    wanted_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    done = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)

    objects = BillQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("team", F("id").desc(), name="bill_newest")]
        constraints = [
            models.UniqueConstraint(fields=["team", "provider", "digest"], name="bill_once"),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="bill_has_days"),
            # Whether a charge is on a bill can only be said of one after the other.
            models.UniqueConstraint(
                fields=["provider"], condition=~Q(lease_owner=""), name="bill_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_being_read(self) -> bool:
        return self.wanted_at is not None and self.read_at is None and self.removed_at is None

    def want(self, columns: dict[str, Any], starts_on: date | None, ends_on: date | None) -> bool:
        """Have it read like this; False where it is read, removed, or somebody was faster."""
        idle = Bill.objects.kept().filter(pk=self.pk, read_at=None, wanted_at=None)
        return bool(idle.update(
            columns=columns, starts_on=starts_on, ends_on=ends_on, wanted_at=timezone.now(),
            problem="", tries=0, done=0, line_count=0,
        ))  # fmt: skip

    def take_lease(self, owner: str, until: datetime) -> bool:
        """Claim it for one worker until then; False when it, or another bill of the provider, is
        another worker's, or there is nothing to do.
        """
        free = Bill.objects.unfinished().free().filter(pk=self.pk)
        try:
            with transaction.atomic():
                return bool(free.update(
                    lease_owner=owner, lease_until=until, tries=F("tries") + 1
                ))  # fmt: skip
        except IntegrityError:
            return False

    def change_as(self, owner: str, **changes: Any) -> bool:
        """Change what is still this worker's; False when it was given to another, or removed."""
        ours = Bill.objects.unfinished().filter(
            pk=self.pk, lease_owner=owner, removed_at=self.removed_at
        )
        return bool(ours.update(**changes))

    def end_lease(self, owner: str, **changes: Any) -> None:
        ours = Bill.objects.filter(pk=self.pk, lease_owner=owner)
        ours.update(lease_owner="", lease_until=None, **changes)
