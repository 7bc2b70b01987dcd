"""Shots as the wall shows them, and their numbered takes."""

from typing import TYPE_CHECKING, Self

from django.db import models

from studio.core.status import ACTIVE, JobStatus
from studio.models.assets import Asset
from studio.models.projects import Project
from studio.models.teams import Member, Team

if TYPE_CHECKING:
    from studio.models.jobs import Job


class ClipQuerySet(models.QuerySet["Clip"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def in_progress(self) -> Self:
        return self.filter(state__in=ACTIVE)

    def failed(self) -> Self:
        return self.filter(state=JobStatus.FAILED)

    def newest_first(self, *, before: int | None = None) -> Self:
        """Keyset order of the wall; `before` is the last clip of the page above."""
        page = self if before is None else self.filter(pk__lt=before)
        return page.order_by("-pk")

    def lock(self) -> None:
        """Keep every other transaction from changing these clips or moving their jobs.

        The order of locks is lane, clip, job, budget, wherever more than one is taken.
        """
        list(self.select_for_update(no_key=True).order_by("pk").values_list("pk"))

    def with_everything_a_tile_shows(self) -> Self:
        return self.select_related("author__user", "job", "cover__job")


class Clip(models.Model):
    """One tile. `rev` is the pk of the last event about it: a new rev is a new picture of it.

    It may continue the take that it `came_from`, after that frame (None: the last one).
    `job` is the job that the tile speaks of, `state` what it says; both follow from the jobs.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="clips")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="clips")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="clips")
    title = models.CharField(max_length=120)
    came_from = models.ForeignKey(
        "Take", on_delete=models.SET_NULL, null=True, blank=True, related_name="went_to"
    )
    came_from_frame = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in JobStatus])
    job = models.ForeignKey(
        "Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cover = models.ForeignKey(
        "Take", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    take_count = models.PositiveIntegerField(default=0)
    rev = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = ClipQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("project", models.F("id").desc(), name="clip_wall"),
            models.Index("project", "state", models.F("id").desc(), name="clip_wall_by_state"),
        ]

    def __str__(self) -> str:
        return self.title

    def follow_jobs(self, *, rev: int) -> None:
        """Let the tile speak of the latest active job, else of the latest one.

        Its picture is the first take, of a rehearsal only as long as there is no other. The clip is locked, or two jobs that end at once would each see the other one running.
        """
        jobs = self.jobs.order_by("-pk")
        shown: Job | None = jobs.filter(status__in=ACTIVE).first() or jobs.first()
        takes = self.takes.order_by("number")
        cover = takes.filter(job__intended__isnull=True).first() or takes.first()
        self.job, self.cover, self.take_count, self.rev = shown, cover, takes.count(), rev
        self.state = self._state_of(shown)
        self.save(update_fields=["job", "cover", "take_count", "rev", "state"])

    def _state_of(self, shown: "Job | None") -> str:
        if shown is None or (shown.status not in ACTIVE and self.cover):
            return JobStatus.SUCCEEDED
        return shown.status


class Take(models.Model):
    """One numbered result. `seconds` = `frames` / `fps`; `strip` holds 11 small frames."""

    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="takes")
    job = models.ForeignKey("Job", on_delete=models.PROTECT, related_name="takes")
    number = models.PositiveIntegerField()
    index = models.PositiveSmallIntegerField(help_text="Which of the job's results, from 0")
    seed = models.BigIntegerField(null=True, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    fps = models.DecimalField(max_digits=7, decimal_places=3)
    frames = models.PositiveIntegerField()
    seconds = models.DecimalField(max_digits=8, decimal_places=3)
    video = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    poster = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    preview = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    last_frame = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    strip = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clip", "number"], name="take_number_once"),
            models.UniqueConstraint(fields=["job", "index"], name="take_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.clip}, take {self.number}"


class Stream(models.Model):
    """What a simulation gave beside a take's picture: "depth", "normals", "optical_flow", "log".

    `file` is as the provider made it (an archive of 16-bit PNG, a JSON log), `view` a video of it
    in false colours, where it has a picture. `facts` has "frames", "width", "height", and the range
    of values that the colours stand for.
    """

    take = models.ForeignKey(Take, on_delete=models.CASCADE, related_name="streams")
    name = models.CharField(max_length=20)
    file = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    view = models.ForeignKey(
        Asset, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["take", "name"], name="stream_once")]

    def __str__(self) -> str:
        return f"{self.take}, {self.name}"
