"""What people are told, and how each of them wants to hear it."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.dispatch import Signal
from django.urls import reverse

from studio.core.notices import OFFERED, SPECS, Channel, Kind, sentence
from studio.core.quiet import Digest, Quiet, next_digest
from studio.models.clips import Clip, Take
from studio.models.review import Note
from studio.models.shares import Share
from studio.models.teams import Member, Team

told = Signal()  # sent after the commit of what somebody is told

# Where a notice leads that is not about its clip.
ROUTES: dict[str, str] = {
    **dict.fromkeys(
        (Kind.CREDITS, Kind.CREDITS_DECIDED, Kind.CAP_WARNED, Kind.CAP_REACHED), "budgets"
    ),
    Kind.LANE_PAUSED: "queue",
    Kind.ENDPOINT_OFF: "settings-notices",
    Kind.LINK_OPENED: "shares",
    Kind.GUEST_FINISHED: "shares",
    Kind.REPORT: "costs",
}


class NoticeQuerySet(models.QuerySet["Notice"]):
    def shown_to(self, member: Member) -> Self:
        """What stands in the member's list, also while its clip is in the trash."""
        return self.filter(member=member, on_page=True)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def newest_first(self, *, before: int | None = None) -> Self:
        """Keyset order; `before` is the last one of the page above."""
        page = self if before is None else self.filter(pk__lt=before)
        return page.order_by("-pk")


class Notice(models.Model):
    """One thing that one member is told, or with `member` None what endpoints of the team are.

    `cause` names what happened, such as “note 12”: nobody is told of that twice, whatever
    runs twice. `facts` are words and numbers as `core.notices.sentence` takes them, with "subject"
    and "text". Aloud it is said from `aloud_at` on, when quiet hours are over.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    kind = models.CharField(max_length=20)
    cause = models.CharField(max_length=100)
    clip = models.ForeignKey(
        Clip, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    take = models.ForeignKey(
        Take, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.ForeignKey(
        Note, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    share = models.ForeignKey(
        Share, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    facts = models.JSONField(default=dict, blank=True)
    on_page = models.BooleanField(default=True)
    in_browser = models.BooleanField(default=False)
    aloud_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "cause"], condition=Q(member__isnull=False), name="told_once"
            ),
            models.UniqueConstraint(
                fields=["team", "cause"], condition=Q(member=None), name="team_told_once"
            ),
        ]
        indexes = [
            models.Index("member", F("id").desc(), name="notice_newest"),
            models.Index(
                "member", condition=Q(read_at=None, on_page=True), name="notice_unread"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.subject}: {self.said}"

    def get_absolute_url(self) -> str:
        """The place that it is about: the clip with its take, frame and note."""
        if not self.clip_id or self.kind in ROUTES:
            page, asked = reverse(ROUTES.get(self.kind, "notices")), self.facts.get("query")
            return f"{page}?{asked}" if asked else page
        query = [f"{name}={self.facts[name]}" for name in ("take", "frame") if name in self.facts]
        mark = f"#note-{self.note_id}" if self.note_id else ""
        return (
            reverse("clip", args=[self.clip_id]) + ("?" + "&".join(query) if query else "") + mark
        )

    @property
    def subject(self) -> str:
        return str(self.facts.get("subject", ""))

    @property
    def said(self) -> str:
        return sentence(self.kind, self.facts)

    @property
    def text(self) -> str:
        return str(self.facts.get("text", ""))

    @property
    def rows(self) -> list[list[str]]:
        return list(self.facts.get("rows", []))

    @property
    def icon(self) -> str:
        return SPECS[Kind(self.kind)].icon

    @property
    def address(self) -> str:
        """The same from outside, "" where nobody said how this studio is reached."""
        return settings.PUBLIC_URL and f"{settings.PUBLIC_URL}{self.get_absolute_url()}"


class NoticeSettings(models.Model):
    """How one member wants to hear. `channels` has the kinds that they chose something for.

    Quiet hours are by the clocks of `time_zone` ("": the team's), and none where they have no
    beginning. `digest_hour` counts for a daily digest.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="notice_settings")
    channels = models.JSONField(default=dict, blank=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    digest = models.CharField(
        max_length=8, choices=[(one, one) for one in Digest], default=Digest.NOW
    )
    digest_hour = models.PositiveSmallIntegerField(default=8)

    class Meta:
        verbose_name_plural = "notice settings"
        constraints = [
            models.CheckConstraint(condition=Q(digest_hour__lte=23), name="digest_hour_of_day"),
            models.CheckConstraint(
                condition=Q(quiet_from=None) | ~Q(quiet_from=F("quiet_until")),
                name="quiet_hours_end",
            ),
        ]

    def __str__(self) -> str:
        return f"Notices of {self.member}"

    @classmethod
    def of(cls, members: Iterable[Member]) -> "dict[int, NoticeSettings]":
        """Those of each member by its pk; what everybody has, for who chose nothing yet."""
        people = {one.pk: one for one in members}
        known = {row.member_id: row for row in cls._default_manager.filter(member__in=people)}
        for pk, row in known.items():
            row.member = people[pk]  # with the team that came with it
        return {pk: known.get(pk) or cls(member=one) for pk, one in people.items()}

    def wants(self, kind: str, channel: str) -> bool:
        return channel in self.channels.get(kind, SPECS[Kind(kind)].channels)

    def chosen(self) -> dict[str, list[str]]:
        """Every kind with the ways by which it is told."""
        return {kind: [one for one in Channel if self.wants(kind, one)] for kind in OFFERED}

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone or self.member.team.time_zone)

    @property
    def quiet(self) -> Quiet | None:
        begins: time | None = self.quiet_from
        ends: time | None = self.quiet_until
        return Quiet(begins=begins, ends=ends, zone=self.zone) if begins and ends else None

    def aloud_at(self, moment: datetime) -> datetime:
        """When something may be said that is to be said at this moment."""
        return (self.quiet and self.quiet.end(moment)) or moment

    def mail_at(self, moment: datetime) -> datetime:
        """When what happened at this moment is told by mail."""
        digest = Digest(self.digest)
        return self.aloud_at(
            next_digest(moment, digest, zone=self.zone, hour=self.digest_hour)
        )  # fmt: skip
