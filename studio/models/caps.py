"""Limits on what may be spent: for whom, how long, and what is used of them by now."""

from datetime import date
from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from studio.models.jobs import Job
from studio.models.projects import Project
from studio.models.teams import Member, Team


class Every(models.TextChoices):
    """How long a limit lasts before it begins anew, in the team's time zone; a week from Monday."""

    DAY = "day", "a day"
    WEEK = "week", "a week"
    MONTH = "month", "a month"
    EVER = "ever", "for good"


class CapQuerySet(models.QuerySet["Cap"]):
    def standing(self) -> Self:
        return self.filter(removed_at=None)

    def for_team(self, team: Team | int) -> Self:
        """Those that count something of it: its own, and those of the studio."""
        return self.filter(Q(team=team) | Q(team=None))

    def that_count(self, *, team: int, project: int, member: int) -> Self:
        """Those that count what this member orders in this project, whoever provides it; always in
        the same order, in which they are locked.
        """
        fits = (
            Q(project=project) | Q(project=None),
            Q(member=member) | Q(member=None),
        )
        return self.standing().for_team(team).filter(*fits).order_by("pk")

    def that_ask(self, member: Member) -> Self:
        """Those that this member can ask for more of: that count what they order."""
        return self.for_team(member.team_id).filter(Q(member=member) | Q(member=None))

    def for_job(self, job: Job) -> Self:
        """Those that count what this job costs."""
        found = self.that_count(team=job.team_id, project=job.clip.project_id, member=job.author_id)
        return found.filter(Q(provider=job.provider) | Q(provider=""))

    def named(self) -> Self:
        """With all that is said of whose they are."""
        return self.select_related("team", "project", "member__user")


class Cap(models.Model):
    """At most `amount` micro-credits per period, for jobs of this team, project, member, provider.

    What is not set does not matter; without a team it is a limit of the whole studio. It warns at
    `warn_at` percent; at 100 it stops (`stops`) or only tells.
    """

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, null=True, blank=True, related_name="caps"
    )
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, null=True, blank=True, related_name="caps"
    )
    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, null=True, blank=True, related_name="caps"
    )
    provider = models.CharField(max_length=20, blank=True)
    every = models.CharField(max_length=5, choices=Every.choices, default=Every.MONTH)
    amount = models.PositiveBigIntegerField()
    warn_at = models.PositiveSmallIntegerField(default=80)
    stops = models.BooleanField(default=True)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = CapQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Coalesce("team", 0), Coalesce("project", 0), Coalesce("member", 0),
                "provider", "every", condition=Q(removed_at=None), name="cap_once",
            ),
            models.CheckConstraint(condition=Q(warn_at__gte=1, warn_at__lte=100), name="cap_warns"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Budget {self.pk}"

    def counts(self, *, project: int, member: int, provider: str) -> bool:
        """Whether it counts what that member orders there, in the cap's own team."""
        pairs = ((self.project_id, project), (self.member_id, member), (self.provider, provider))
        return all(mine in (None, "", theirs) for mine, theirs in pairs)


class CapPeriodQuerySet(models.QuerySet["CapPeriod"]):
    def on(self, day: date) -> Self:
        """Those that this day is in."""
        this = (Q(cap__every=every, starts_on=first_day(every, day)) for every in Every)
        return self.filter(reduce(or_, this))


class CapPeriod(models.Model):
    """One period of a cap: `used` of `limit` micro-credits, held and spent together.

    `limit` is the cap's amount with `extra`, what was added for this period on request. Each
    threshold is told once: `warned_at`, `reached_at`.
    """

    cap = models.ForeignKey(Cap, on_delete=models.CASCADE, related_name="periods")
    starts_on = models.DateField()
    used = models.BigIntegerField(default=0)
    limit = models.BigIntegerField()
    extra = models.BigIntegerField(default=0)
    warned_at = models.DateTimeField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)

    objects = CapPeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cap", "starts_on"], name="cap_period_once"),
        ]
        indexes = [models.Index("starts_on", name="cap_period_by_day")]

    def __str__(self) -> str:
        return f"{self.cap} from {self.starts_on}"

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def is_warned(self) -> bool:
        """So much is used that it is told."""
        return self.used * 100 >= self.limit * self.cap.warn_at

    @property
    def is_reached(self) -> bool:
        return self.used >= self.limit


class CapHold(models.Model):
    """What one job uses of one period: its hold, then what it was charged after all."""

    period = models.ForeignKey(CapPeriod, on_delete=models.CASCADE, related_name="holds")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="cap_holds")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "period"], name="cap_hold_once"),
        ]

    def __str__(self) -> str:
        return f"{self.job} in {self.period}"


class CapRequestQuerySet(models.QuerySet["CapRequest"]):
    def open(self) -> Self:
        """Those that somebody can still decide about."""
        return self.filter(decided_at=None, expires_at__gt=timezone.now())

    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def named(self) -> Self:
        """With all that is said of whose they are, and who decided."""
        return self.select_related(
            "team", "member__user", "decided_by__user", "cap__team", "cap__project",
            "cap__member__user",
        )  # fmt: skip


class CapRequest(models.Model):
    """A member asks for more: of a cap, or with `cap` None of what the team was granted.

    It ends at `expires_at` unless somebody decided before. What is granted of a cap counts in its
    `period` alone. Who asked may remind of it, last at `reminded_at`.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="cap_requests")
    cap = models.ForeignKey(
        Cap, on_delete=models.CASCADE, null=True, blank=True, related_name="requests"
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    granted = models.PositiveBigIntegerField(default=0, help_text="0: refused, or not decided")
    period = models.ForeignKey(CapPeriod, on_delete=models.CASCADE, null=True, related_name="+")

    objects = CapRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("team", F("id").desc(), name="cap_request_newest"),
            models.Index("team", condition=Q(decided_at=None), name="cap_request_open"),
        ]

    def __str__(self) -> str:
        return f"Request {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.decided_at is None and self.expires_at > timezone.now()


def first_day(every: str, day: date) -> date:
    """The first day of the period that this day is in; of "for good", the first day there is."""
    starts = {
        Every.DAY: day,
        Every.WEEK: date.fromordinal(day.toordinal() - day.weekday()),
        Every.MONTH: day.replace(day=1),
        Every.EVER: date.min,
    }
    return starts[Every(every)]
