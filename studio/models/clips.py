"""Shots as the wall shows them, and their numbered takes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import Case, Count, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from studio.core.review import ReviewStatus
from studio.core.status import ACTIVE, JobStatus
from studio.models import search
from studio.models.assets import Asset
from studio.models.events import Event, tell_open_pages
from studio.models.projects import Project
from studio.models.teams import Member, Team

if TYPE_CHECKING:
    from studio.models.jobs import Job
    from studio.models.shares import Guest

TRASH_DAYS = 30
REVIEW_CHOICES = [(status, status) for status in ReviewStatus]


def end_of_trash() -> datetime:
    """What was put into the trash by then has to go."""
    return timezone.now() - timedelta(days=TRASH_DAYS)


class ClipQuerySet(models.QuerySet["Clip"]):
    def of_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def shown(self) -> Self:
        """What is not in the trash."""
        return self.filter(trashed_at=None)

    def trashed(self) -> Self:
        """What can still be brought back."""
        return self.filter(trashed_at__gt=end_of_trash(), purged_at=None)

    def over(self) -> Self:
        """What was in the trash for its time, and must go for good."""
        return self.filter(trashed_at__lte=end_of_trash(), purged_at=None)

    def in_progress(self) -> Self:
        return self.filter(state__in=ACTIVE)

    def newest_first(self, *, before: int | None = None) -> Self:
        """Keyset order of the wall; `before` is the last clip of the page above."""
        page = self if before is None else self.filter(pk__lt=before)
        return page.order_by("-pk")

    def lock(self) -> None:
        """Keep every other transaction from changing these clips or moving their jobs.

        The order of locks is lane, clip, job, budget, wherever more than one is taken.
        """
        list(self.select_for_update(no_key=True).order_by("pk").values_list("pk"))

    @transaction.atomic(savepoint=False)
    def record(
        self, status: str, *, actor: Member | None = None, guest: "Guest | None" = None,
        notes: Mapping[int, str] | None = None,
    ) -> None:  # fmt: skip
        """As `Clip.record`, for many at once, whose takes changed; `notes` by pk. All are locked."""
        told = notes or {}
        Event.objects.bulk_create(
            Event(
                team_id=team, clip_id=pk, status=status, actor=actor, guest=guest,
                note=told.get(pk, ""),
            )
            for pk, team in self.order_by("pk").values_list("pk", "team")
        )  # fmt: skip
        self._follow_takes()
        tell_open_pages()

    def touch(self) -> None:
        """As `Clip.touch`, for many at once, whose takes changed."""
        Event.objects.filter(clip__in=self, job=None, status=Event.TOUCH).delete()
        self.record(Event.TOUCH)

    def _follow_takes(self) -> None:
        """Their best takes on top, and a revision each: one statement, however many they are."""
        events = Event.objects.filter(clip=OuterRef("pk")).order_by("-pk")
        best = Take.objects.filter(clip=OuterRef("pk")).best_first()
        self.order_by().update(
            rev=Subquery(events.values("pk")[:1]),
            cover=Subquery(best.values("pk")[:1]),
            review=Coalesce(Subquery(best.values("review")[:1]), Value("")),
            stars=Coalesce(Subquery(best.values("stars")[:1]), Value(0)),
        )

    def with_everything_a_tile_shows(self) -> Self:
        return self.select_related("author__user", "trashed_by__user", "job", "cover__job")


class Clip(models.Model):
    """One tile. `rev` is the pk of the last event about it: a new rev is a new picture of it.

    It may continue the take that it `came_from`, after that frame (None: the last one), and may have
    been ordered to do what a note asks for, which it `fixes`.
    `job` is the job that the tile speaks of, `state` what it says; both follow from the jobs, and
    so does `charged`, the micro-credits that all of them cost. `cover` is its best take; `review`
    and `stars` are that take's. `noted_at` is when the last note was written, `looked_at`
    when somebody opened it for the first time after it had a take. In the trash it can
    be brought back until it is purged: then its files are gone, and the row stays for the money.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="clips")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="clips")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="clips")
    title = models.CharField(max_length=120)
    came_from = models.ForeignKey(
        "Take", on_delete=models.SET_NULL, null=True, blank=True, related_name="went_to"
    )
    came_from_frame = models.PositiveIntegerField(null=True, blank=True)
    fixes = models.ForeignKey(
        "Note", on_delete=models.SET_NULL, null=True, blank=True, related_name="fixed_by"
    )
    state = models.CharField(max_length=10, choices=[(s, s) for s in JobStatus])
    job = models.ForeignKey(
        "Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cover = models.ForeignKey(
        "Take", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    take_count = models.PositiveIntegerField(default=0)
    review = models.CharField(max_length=10, choices=REVIEW_CHOICES, blank=True)
    stars = models.PositiveSmallIntegerField(default=0)
    charged = models.PositiveBigIntegerField(default=0)
    note_count = models.PositiveIntegerField(default=0)
    open_notes = models.PositiveIntegerField(default=0)
    noted_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    trashed_at = models.DateTimeField(null=True, blank=True)
    trashed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    purged_at = models.DateTimeField(null=True, blank=True)
    rev = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = ClipQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                "project", models.F("id").desc(), condition=Q(trashed_at=None), name="clip_wall"
            ),
            models.Index(
                "project", "state", models.F("id").desc(), condition=Q(trashed_at=None),
                name="clip_wall_by_state",
            ),
            models.Index(
                "project", "review", models.F("id").desc(), condition=Q(trashed_at=None),
                name="clip_wall_by_review",
            ),
            models.Index(
                "project", "author", models.F("id").desc(), condition=Q(trashed_at=None),
                name="clip_wall_by_author",
            ),
            models.Index(
                "project", models.F("stars").desc(), models.F("id").desc(),
                condition=Q(trashed_at=None), name="clip_wall_by_stars",
            ),
            models.Index(
                "project", models.F("charged").desc(), models.F("id").desc(),
                condition=Q(trashed_at=None), name="clip_wall_by_cost",
            ),
            models.Index(
                "project", models.F("noted_at").desc(), models.F("id").desc(),
                condition=Q(trashed_at=None), name="clip_wall_by_note",
            ),
            models.Index(
                "project", "created_at", condition=Q(trashed_at=None), name="clip_wall_by_day"
            ),
            models.Index(
                "trashed_at", condition=Q(trashed_at__isnull=False, purged_at=None),
                name="clip_trash",
            ),
            models.Index(
                "project", models.F("id").desc(),
                condition=Q(trashed_at__isnull=False, purged_at=None), name="clip_trash_wall",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def gone_at(self) -> datetime | None:
        """When the trash lets it go for good."""
        return self.trashed_at + timedelta(days=TRASH_DAYS) if self.trashed_at else None

    def lock(self) -> None:
        """Until the transaction ends nobody else changes this clip; read what it is now."""
        Clip.objects.filter(pk=self.pk).lock()
        self.refresh_from_db()

    @transaction.atomic(savepoint=False)
    def record(
        self, status: str, *, actor: Member | None = None, guest: "Guest | None" = None,
        note: str = "",
    ) -> None:  # fmt: skip
        """Write an event about the clip itself in the current transaction; it looks anew.

        Title, takes, notes, decisions and tags are as they shall be: the search finds it by them from
        now on. The clip is locked, so that its revisions only ever grow; open pages hear of it
        after the commit.
        """
        event = Event.objects.create(
            team_id=self.team_id, clip=self, status=status, actor=actor, guest=guest, note=note
        )
        self.follow_review(rev=event.pk)
        search.keep([self.pk])
        tell_open_pages()

    def touch(self) -> None:
        """As `record`, but there is nothing to tell: it only looks different. One such event stays."""
        Event.objects.filter(clip=self, job=None, status=Event.TOUCH).delete()
        self.record(Event.TOUCH)

    def follow_jobs(self, *, rev: int) -> None:
        """Let the tile speak of the latest active job, else of the latest one.

        The clip is locked, or two jobs that end at once would each see the other one running.
        """
        jobs = self.jobs.order_by("-pk")
        shown: Job | None = jobs.filter(status__in=ACTIVE).first() or jobs.first()
        self.job, self.take_count, self.rev = shown, self.takes.count(), rev
        self._follow_takes()
        self.state = self._state_of(shown)
        self.save(update_fields=["job", "take_count", "rev", "state", *OF_THE_COVER])

    def follow_review(self, *, rev: int) -> None:
        """Let the tile say what people think of its takes. The clip is locked."""
        self.rev = rev
        self._follow_takes()
        notes = self.notes.filter(removed_at=None).aggregate(
            note_count=Count("pk", filter=Q(parent=None)),
            open_notes=Count("pk", filter=Q(parent=None, resolved_at=None)),
            noted_at=Max("created_at"),
        )
        for name, value in notes.items():
            setattr(self, name, value)
        self.save(update_fields=["rev", *OF_THE_COVER, *notes])

    def _follow_takes(self) -> None:
        self.cover = self.takes.best_first().first()
        self.review = self.cover.review if self.cover else ""
        self.stars = self.cover.stars if self.cover else 0

    def _state_of(self, shown: "Job | None") -> str:
        if shown is None or (shown.status not in ACTIVE and self.cover):
            return JobStatus.SUCCEEDED
        return shown.status


OF_THE_COVER = ("cover", "review", "stars")

# What people said about a take, best first.
RANKS = (ReviewStatus.APPROVED, ReviewStatus.REVIEW, ReviewStatus.CHANGES, ReviewStatus.REJECTED)


class TakeQuerySet(models.QuerySet["Take"]):
    def to_review(self) -> Self:
        """Those whose status is open; rehearsals wait for nobody, whatever is said of them."""
        return self.filter(review=ReviewStatus.REVIEW, job__intended__isnull=True)

    def best_first(self) -> Self:
        """Approved before the others, rejected last, then by stars; rehearsals after all that."""
        rehearsed = When(job__intended__isnull=False, then=Value(len(RANKS)))
        said = [When(review=status, then=Value(rank)) for rank, status in enumerate(RANKS)]
        rank = Case(rehearsed, *said, default=Value(len(RANKS)))
        return self.order_by(rank, "-stars", "number")


class Take(models.Model):
    """One numbered result. `seconds` = `frames` / `fps`; `strip` holds 11 small frames.

    `review` is what the project's rule makes of all decisions, "" for a rehearsal that nobody has
    decided about; `stars` are 1 to 5, 0 for none. `reviewed_at` is when `review` changed last.
    """

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
    review = models.CharField(
        max_length=10, choices=REVIEW_CHOICES, blank=True, default=ReviewStatus.REVIEW
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    stars = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TakeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                "clip", "number", condition=Q(review=ReviewStatus.REVIEW), name="take_to_review"
            ),
            models.Index("seed", "clip", name="take_by_seed"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(stars__lte=5), name="take_stars_to_five"),
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
