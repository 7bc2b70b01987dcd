"""What a day cost, added up: cost reports read these rows and not the ledger's."""

from django.db import models

from studio.core.outcome import LABELS, Outcome
from studio.models.projects import Project
from studio.models.prompts import Template
from studio.models.teams import Member, Team


class Day(models.Model):
    """A day of a team's books. It is `stale` from the moment that anything of it changes, in the
    same transaction, until its totals are made anew.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="days")
    date = models.DateField()
    stale = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "date"], name="day_once")]
        indexes = [models.Index("team", "date", condition=models.Q(stale=True), name="day_stale")]

    def __str__(self) -> str:
        return str(self.date)


class DailyTotal(models.Model):
    """Sums of one day for one combination of what reports group by.

    Money is in micro-credits, and counts on the day on which it was booked; `spent` is charges and
    corrections less refunds. A job's money is divided among its takes, to the last micro-unit, so
    that it can be told by `outcome`. `jobs` that ended, their `takes` and the milliseconds of these
    count on the day when the job ended, which is the day of the entry that ended its hold: so they
    stay where they are when the team moves to another time zone. A job that never held anything
    (cancelled while it waited for a budget) counts nowhere. `tags` are the keys of the clip's tags,
    in order: "3,17".
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="+")
    author = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="+")
    provider = models.CharField(max_length=20, blank=True)
    model = models.CharField(max_length=60, blank=True)
    template = models.ForeignKey(Template, on_delete=models.SET_NULL, null=True, related_name="+")
    tags = models.TextField(blank=True)
    outcome = models.CharField(
        max_length=10, blank=True, choices=[(one, LABELS[one]) for one in Outcome]
    )
    granted = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    released = models.BigIntegerField(default=0)
    charged = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    corrected = models.BigIntegerField(default=0)
    spent = models.BigIntegerField(default=0)
    jobs = models.PositiveIntegerField(default=0)
    succeeded = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    takes = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveBigIntegerField(default=0)

    class Meta:
        # With all that charts and comparisons add up, which then never look at the rows.
        indexes = [
            models.Index(
                "team", "day", "provider", "spent", "outcome", "milliseconds", name="total_by_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.provider}"


class DailyTime(models.Model):
    """How many jobs of a provider took how long, of those that ended well on a day.

    `bucket` counts in steps of 5 percent (core/durations.py), so that a median of many days is
    read off few rows.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    provider = models.CharField(max_length=20)
    bucket = models.PositiveSmallIntegerField()
    jobs = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index("team", "day", name="time_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.provider} {self.bucket}"
