"""What is told to the world outside: addresses that want to hear, and every message on its way."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from studio.core.notices import Channel
from studio.models.notices import Notice
from studio.models.teams import Member, Team
from studio.storage.secrets import decrypt, encrypt


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def of_team(self, team: Team) -> Self:
        """The team's own, not those of its people."""
        return self.filter(team=team, member=None)

    def on(self) -> Self:
        return self.filter(is_on=True)


class Endpoint(models.Model):
    """An address that is told: the team's, or with a `member` one person's own.

    The team's hear of `events`, a person's of what that person's settings say. `url` and the
    secrets are encrypted, for whoever knows such an address may write there; `shown` is what a page
    says of it. While a secret is replaced, the former one signs as well until `former_until`.
    `off_because` is why the studio turned it off, `resting_until` when it is asked again, and
    `worked_at` when it last took something.
    """

    class Format(models.TextChoices):
        STANDARD = "standard", "Standard Webhooks"
        SLACK = "slack", "Slack"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="endpoints")
    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, null=True, blank=True, related_name="endpoints"
    )
    name = models.CharField(max_length=80)
    format = models.CharField(max_length=8, choices=Format.choices)
    url = models.TextField(help_text="Encrypted")
    shown = models.CharField(max_length=120)
    secret = models.TextField(blank=True, help_text="Encrypted")
    former_secret = models.TextField(blank=True, help_text="Encrypted")
    former_until = models.DateTimeField(null=True, blank=True)
    events = models.JSONField(default=list, blank=True)
    is_on = models.BooleanField(default=True)
    off_because = models.CharField(max_length=300, blank=True)
    resting_until = models.DateTimeField(null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EndpointQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def channel(self) -> Channel:
        return Channel.SLACK if self.format == self.Format.SLACK else Channel.WEBHOOK

    @property
    def dedupes(self) -> bool:
        """Whether it knows a message that comes twice by its id."""
        return self.format == self.Format.STANDARD

    def lock_up(self, *, url: str = "", secret: str = "") -> None:
        """Take another address or secret; not saved yet."""
        if url:
            self.url = encrypt(url)
        if secret:
            self.secret = encrypt(secret)

    def address(self) -> str:
        """Raises StorageFailed when the studio's key is another one now."""
        return decrypt(self.url)

    def secrets(self) -> list[str]:
        """Those that sign now, the present one first."""
        is_replaced = self.former_until and self.former_until > timezone.now()
        held = [self.secret, self.former_secret if is_replaced else ""]
        return [decrypt(one) for one in held if one]


def new_message_id() -> str:
    return f"msg_{uuid.uuid4().hex}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self) -> Self:
        """What waits, and whose time has come."""
        return self.filter(status=Delivery.Status.WAITING, next_at__lte=timezone.now())

    def under_way(self) -> Self:
        return self.filter(status=Delivery.Status.SENDING)

    def mails(self) -> Self:
        return self.filter(endpoint=None)

    def posts(self) -> Self:
        return self.filter(endpoint__isnull=False)


class Delivery(models.Model):
    """A notice on its way out: by mail, or with an `endpoint` to that.

    It is claimed before anything is sent, and a lease says by which worker; mails that are claimed
    together are one digest, with one `batch`. `sent_at` is written before anything can have
    left: a worker that is gone without it has surely sent nothing. With it, what was sent maybe
    arrived: that stays UNSURE, and is sent again only to who knows it by its `message_id`.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Sending"
        SENT = "sent", "Delivered"
        FAILED = "failed", "Given up"
        UNSURE = "unsure", "Maybe delivered"
        DROPPED = "dropped", "Not wanted any more"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    message_id = models.CharField(max_length=40, unique=True, default=new_message_id)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    batch = models.CharField(max_length=40, blank=True)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["notice"], condition=Q(endpoint=None), name="mailed_once"
            ),
            models.UniqueConstraint(
                fields=["notice", "endpoint"],
                condition=Q(endpoint__isnull=False),
                name="posted_once",
            ),
        ]
        indexes = [
            models.Index("next_at", condition=Q(status="waiting"), name="delivery_due"),
            models.Index("lease_owner", condition=Q(status="sending"), name="delivery_under_way"),
            models.Index("endpoint", F("id").desc(), name="delivery_log"),
            models.Index("batch", condition=~Q(batch=""), name="delivery_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} to {self.endpoint or 'mail'}: {self.status}"

    @property
    def may_be_repeated(self) -> bool:
        """By hand: whatever is not under way."""
        return self.status not in {self.Status.WAITING, self.Status.SENDING}


def claim(wanted: "models.QuerySet[Delivery]", *, owner: str, until: datetime, batch: str) -> int:
    """Make all of them that still wait this worker's own; say how many."""
    waiting = wanted.filter(status=Delivery.Status.WAITING)
    return waiting.update(
        status=Delivery.Status.SENDING, lease_owner=owner, lease_until=until, batch=batch,
        sent_at=None, tries=F("tries") + 1,
    )  # fmt: skip


def end(held: "models.QuerySet[Delivery]", status: str, **outcome: Any) -> int:
    """Let go of deliveries with what became of them; say of how many."""
    is_over = status != Delivery.Status.WAITING
    return held.filter(status=Delivery.Status.SENDING).update(
        status=status, lease_owner="", lease_until=None,
        ended_at=timezone.now() if is_over else None, **outcome,
    )  # fmt: skip
