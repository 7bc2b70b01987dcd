"""Orders given to providers: the row is the job, whatever messages get lost on the way."""

import secrets
from datetime import datetime
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from studio.core.orders import Order
from studio.core.status import ACTIVE, MOVES, OCCUPIES_A_SLOT, TERMINAL, JobStatus
from studio.models.clips import Clip
from studio.models.events import Event, tell_open_pages
from studio.models.prices import PriceVersion
from studio.models.prompts import TemplateVersion
from studio.models.teams import Member, Team

LONGEST_TEXT = 300
LONGEST_RAW = 4000


class JobQuerySet(models.QuerySet["Job"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def active(self) -> Self:
        return self.filter(status__in=ACTIVE)

    def queued(self, provider: str) -> Self:
        """The lane's queue, first in line first."""
        return self.filter(status=JobStatus.QUEUED, provider=provider).order_by("position", "pk")

    def ready(self) -> Self:
        """Neither waiting for a person nor pausing before another try."""
        return self.filter(next_step_at__lte=timezone.now())

    def in_slots(self, provider: str) -> Self:
        """A job with a problem takes no slot, so that it does not stop its lane."""
        busy = self.filter(status__in=OCCUPIES_A_SLOT, provider=provider, problem="")
        return busy.exclude(next_step_at=None)

    def free(self) -> Self:
        """Jobs that no living worker is busy with."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=timezone.now()))

    def free_for(self, owner: str) -> Self:
        """Jobs that no other living worker is busy with."""
        return self.filter(
            Q(lease_owner=owner) | Q(lease_until=None) | Q(lease_until__lt=timezone.now())
        )

    def per_provider(self) -> dict[str, int]:
        """How many there are of each provider."""
        counted = self.order_by().values("provider").annotate(count=models.Count("pk"))
        return dict(counted.values_list("provider", "count"))

    def due(self) -> Self:
        return self.active().free().ready()


class Job(models.Model):
    """One order given to one provider, for a clip; it holds money until it ends.

    `quoted` and `charged` are micro-credits, `unit_price` what one of the provider's units cost in
    pico-USD when it was quoted (0: its price is in credits). `error` says why it failed, `category`
    what kind of failure that is (as in core/errors.py). `next_step_at` is when the job wants attention; None
    while it waits for a person, who reads why in `problem`. A lease says which worker has it,
    `tries` how often one began the present step without coming to an end of it. `purged_takes` are
    the takes that were deleted for good, as [review, milliseconds]: reports still count them.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="jobs")
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="jobs")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="jobs")
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=60)
    stored_order = models.JSONField(db_column="order")
    written = models.TextField(blank=True, help_text="The prompt as typed, if it had wildcards")
    template = models.ForeignKey(
        TemplateVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="jobs"
    )
    intended = models.JSONField(null=True, blank=True, help_text="The order that it rehearses")
    key = models.CharField(max_length=32, blank=True, help_text="Of the form that ordered it")
    again = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="repeats"
    )
    status = models.CharField(max_length=10, choices=[(s, s) for s in JobStatus])
    position = models.BigIntegerField(default=0)
    price = models.ForeignKey(PriceVersion, on_delete=models.PROTECT, related_name="+")
    unit_price = models.PositiveBigIntegerField(default=0)
    quoted = models.PositiveBigIntegerField()
    charged = models.PositiveBigIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(null=True, blank=True)
    phase = models.CharField(max_length=40, blank=True)
    problem = models.CharField(max_length=LONGEST_TEXT, blank=True)
    error = models.CharField(max_length=LONGEST_TEXT, blank=True)
    category = models.CharField(max_length=12, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_step_at = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    purged_takes = models.JSONField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "key"], condition=~Q(key=""), name="job_once_per_form"
            )
        ]
        indexes = [
            models.Index("next_step_at", condition=Q(status__in=ACTIVE), name="job_due"),
            models.Index("provider", "position", condition=Q(status="queued"), name="job_lane"),
            models.Index("team", models.F("id").desc(), name="job_newest"),
            models.Index("team", "status", models.F("ended_at").desc(), name="job_by_status"),
            models.Index("provider", "status", models.F("ended_at").desc(), name="job_usual_time"),
        ]

    def __str__(self) -> str:
        return f"Job {self.pk}"

    @property
    def order(self) -> Order:
        return Order.from_json(self.stored_order)

    @property
    def meant(self) -> Order:
        """The order that the author wants: of a rehearsal the one that it stands for."""
        return Order.from_json(self.intended) if self.intended else self.order

    def shot_for_real(self) -> models.QuerySet["Job"]:
        """The jobs that a rehearsal led to."""
        repeats: models.QuerySet[Job] = self.repeats.filter(intended__isnull=True)
        return repeats

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def on_hold(self) -> int:
        """Micro-credits set aside for this job now."""
        holds = self.is_active and self.status != JobStatus.WAITING
        return self.quoted if holds else 0

    @property
    def told(self) -> models.QuerySet["Event"]:
        """What happened to it, oldest first."""
        events: models.QuerySet[Event] = self.events.exclude(status=Event.TOUCH)
        return events.select_related("actor__user").order_by("pk")

    def move(
        self, to: JobStatus, *, actor: Member | None = None, note: str = "", **changes: Any
    ) -> bool:
        """Move to `to` unless another worker moved the job first; say whether we did.

        First means: since this instance was read. The event is written in the same transaction,
        lease, problem and tries end unless `changes` has new ones, and an ended job is never due
        again. Open pages hear of it after the commit.
        """
        if to in TERMINAL:
            changes |= {"ended_at": timezone.now(), "next_step_at": None}
        changes = {**AFRESH, **fitting(changes), "status": to}
        with transaction.atomic():
            moved = to in MOVES[JobStatus(self.status)] and self._change(changes)
            if moved:
                self.record(to, actor=actor, note=note)
        self.refresh_from_db()
        return moved

    def _change(self, changes: dict[str, Any]) -> bool:
        self.lock_clip()
        unmoved = Job.objects.filter(pk=self.pk, status=self.status)
        return bool(unmoved.update(**changes))

    def lock(self) -> None:
        """Until the transaction ends nobody else moves this job; read what it is now."""
        self.lock_clip()
        self.refresh_from_db()

    def lock_clip(self) -> None:
        Clip.objects.filter(pk=self.clip_id).lock()

    @transaction.atomic(savepoint=False)
    def record(self, status: str, *, actor: Member | None = None, note: str = "") -> None:
        """Write an event in the current transaction, and give the clip its new revision.

        The clip must be locked, so that its revisions only ever grow; and the stream never reads
        the event before what it tells of.
        """
        event = Event.objects.create(
            team_id=self.team_id,
            clip_id=self.clip_id,
            job=self,
            status=status,
            actor=actor,
            **fitting({"note": note}),
        )
        self.clip.follow_jobs(rev=event.pk)
        tell_open_pages()

    def touch(self) -> None:
        """Tell open pages that the card looks different though the state is the same.

        A job keeps just one such event, the last, so that progress does not fill the table.
        """
        with transaction.atomic():
            self.lock_clip()
            Event.objects.filter(job=self, status=Event.TOUCH).delete()
            self.record(Event.TOUCH)

    def take_lease(self, owner: str, until: datetime) -> bool:
        """Claim the job for one worker until then; False when another one has it.

        This counts as a try, so that a job whose worker dies of it is not driven for ever.
        """
        free = Job.objects.active().free().filter(pk=self.pk, status=self.status)
        return bool(free.update(lease_owner=owner, lease_until=until, tries=F("tries") + 1))

    def keep_lease(self, owner: str, until: datetime, **changes: Any) -> bool:
        """Prolong our lease; False when the job was cancelled or given to another worker."""
        ours = Job.objects.filter(pk=self.pk, status=self.status, lease_owner=owner)
        return bool(ours.update(lease_until=until, **changes))

    def end_lease(self, owner: str, **changes: Any) -> None:
        ours = Job.objects.filter(pk=self.pk, lease_owner=owner)
        ours.update(lease_owner="", lease_until=None, **changes)


AFRESH: dict[str, Any] = {"lease_until": None, "lease_owner": "", "problem": "", "tries": 0}


def fitting(changes: dict[str, Any]) -> dict[str, Any]:
    """Texts from providers and disks, cut to what a row can hold."""
    return {
        name: plain(value, LONGEST_TEXT) if isinstance(value, str) else value
        for name, value in changes.items()
    }


def plain(text: str, most: int | None = None) -> str:
    """Text as every database takes it, whatever a provider put into it."""
    return text.encode(errors="replace").decode().replace("\0", "")[:most]


def raw_text(text: str) -> str:
    """The beginning of a provider's own words, as a row keeps it."""
    return plain(text, LONGEST_RAW)


def storable(value: Any) -> Any:
    """A JSON value as every database takes it."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {plain(name): storable(item) for name, item in value.items()}
    return [storable(item) for item in value] if isinstance(value, list) else value


def new_secret() -> str:
    """Unguessable, and safe in an address."""
    return secrets.token_urlsafe(32)


class Attempt(models.Model):
    """One try at giving a job to its provider, committed before anything is sent.

    `sent_at` is written before anything leaves the house: without it the order is surely here. With
    it and without `outcome` the order is maybe sent, and stays so until the provider or a person
    says more. `secret` is the end of the address that the provider may call, `calls` how often it
    did. `raw` is the beginning of its last answer, for the admin; `answer` its verdict, an Update as JSON.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted"
        REFUSED = "refused"
        UNSENT = "unsent"
        GIVEN_UP = "given up"

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=64, unique=True)
    remote_id = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    secret = models.CharField(max_length=64, default=new_secret, db_index=True)
    calls = models.PositiveIntegerField(default=0)
    raw = models.TextField(blank=True)
    answer = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="attempt_once")]
        indexes = [models.Index("remote_id", name="attempt_by_remote_id")]

    def __str__(self) -> str:
        return self.reference
