"""Fills a data folder with clips that differ in everything that a search can ask for."""

import random
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import (
    Asset,
    AssetKind,
    Board,
    Clip,
    Decision,
    Event,
    Favorite,
    Job,
    Member,
    Note,
    Placement,
    PriceVersion,
    Role,
    Tag,
    Take,
    User,
    search,
)
from studio.services.setup import prepare

BATCH = 5_000
BETWEEN = timedelta(minutes=5)  # from one clip to the next: 100,000 are a year
ACTIVE = 60  # newest ones that are still in line

SUBJECTS = ("red door", "courier", "lighthouse", "ice nave", "gull", "old tram", "fox", "red car")
PLACES = (
    "in the snow",
    "over dunes",
    "above the city",
    "in a forest",
    "at the harbor",
    "on a ridge",
)
LIGHTS = ("low sun", "blue hour", "storm light", "neon haze", "morning mist")
MOVES = ("slow push in", "camera still", "slide to the right", "crane up", "handheld")
REMARKS = ("the logo is cut off", "too dark", "good, keep it", "slower please", "her hand flickers")
PEOPLE = ("Ana Ruiz", "Jonas Weber", "Mei Tanaka", "Sofia Hart", "Pavel Novak")
TAGS = ("hero", "client", "draft", "night", "first cut", "alternative")
BOARDS = ("Act I", "Act II", "Client selects")
ENGINES = (
    ("animatic", "animatic-1"), ("runware", "klingai:6@1"), ("trinetra", "kling-v2-5-turbo"),
    ("aimlapi", "klingai/v2.5-turbo/pro"), ("octopusx", "kling-2.6"),
)  # fmt: skip
STATES = (*[JobStatus.SUCCEEDED] * 17, JobStatus.FAILED, JobStatus.FAILED, JobStatus.CANCELLED)
REVIEWS = (*["review"] * 6, *["approved"] * 3, *["changes"] * 2, "rejected")


class Fill:
    """So many clips, the newest alike however many there are; each has a word that no other one has."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.random = random.Random(42)
        admin = prepare()
        self.team, self.project = admin.team, admin.team.projects.get()
        self.people = [admin, *(self._person(name) for name in PEOPLE)]
        self.tags = [Tag.objects.create(team=self.team, name=name) for name in TAGS]
        self.boards = [
            Board.objects.create(team=self.team, project=self.project, name=name, created_by=admin)
            for name in BOARDS
        ]
        self.price = PriceVersion.objects.latest("pk")
        self.files = {
            kind: Asset.objects.create(
                team=self.team, kind=kind, path=f"1/{kind}", sha256=kind, size=1,
                content_type="video/mp4",
            )
            for kind in AssetKind.values
        }  # fmt: skip
        self.now = timezone.now()

    def _person(self, name: str) -> Member:
        first = name.split()[0].lower()
        user = User.objects.create_user(f"{first}@example.org", name=name)
        return Member.objects.create(team=self.team, user=user, role=Role.AUTHOR)

    def __call__(self) -> None:
        for start in range(1, self.count + 1, BATCH):
            self._batch(range(start, min(start + BATCH, self.count + 1)))
        with connection.cursor() as cursor:
            for step in range(0, self.count, BATCH):
                cursor.execute(
                    "UPDATE studio_clip SET job_id = id, rev = id, cover_id = CASE WHEN review != ''"
                    " THEN id END WHERE id > %s AND id <= %s",
                    [step, step + BATCH],
                )

    @transaction.atomic
    def _batch(self, keys: range) -> None:
        rows = [self._clip(key) for key in keys]
        Clip.objects.bulk_create(rows)
        with connection.cursor() as cursor:
            ages = [(self.now - BETWEEN * (self.count - clip.pk), clip.pk) for clip in rows]
            cursor.executemany("UPDATE studio_clip SET created_at = %s WHERE id = %s", ages)
        Job.objects.bulk_create(self._job(clip) for clip in rows)
        Event.objects.bulk_create(
            Event(pk=clip.pk, team=self.team, clip=clip, job_id=clip.pk, status=clip.state)
            for clip in rows
        )
        done = [clip for clip in rows if clip.review]
        Take.objects.bulk_create(self._take(clip) for clip in done)
        self._review(done)
        self._arrange(rows)
        for start in range(0, len(rows), 1_000):
            search.keep([clip.pk for clip in rows[start : start + 1_000]])

    def _clip(self, key: int) -> Clip:
        is_active = key > self.count - ACTIVE
        state = JobStatus.QUEUED if is_active else self.random.choice(STATES)
        is_done = state == JobStatus.SUCCEEDED
        is_noted = is_done and key % 3 == 1
        prompt = self._prompt(key)
        clip = Clip(
            pk=key, team=self.team, project=self.project, author=self.random.choice(self.people),
            title=prompt.split(".")[0], state=state, take_count=self.random.randint(1, 4) * is_done,
            review=self.random.choice(REVIEWS) if is_done else "",
            stars=self.random.choice((0, 0, 0, 1, 2, 3, 4, 5)) * is_done,
            charged=self.random.randint(0, 200) * MICRO // 2, rev=key,
            note_count=is_noted, open_notes=is_noted,
            noted_at=self.now - BETWEEN * self.random.randint(0, self.count) if is_noted else None,
        )  # fmt: skip
        clip.prompt = prompt  # type: ignore[attr-defined]
        return clip

    def _prompt(self, key: int) -> str:
        choose = self.random.choice
        rare = f" Sign number r{key // 1000}." if key % 1000 == 7 else ""
        one = f" Marked u{key}."
        return (
            f"{choose(SUBJECTS)} {choose(PLACES)}, {choose(LIGHTS)}. {choose(MOVES)}, "
            f"{choose(SUBJECTS)} far ahead.{rare}{one}"
        )

    def _job(self, clip: Any) -> Job:
        provider, model = self.random.choice(ENGINES)
        order = {
            "provider": provider, "model": model, "prompt": clip.prompt, "first_frame": None,
            "last_frame": None,
            "settings": {
                "duration": 5, "format": "mp4", "count": 1, "seed": clip.pk,
                "camera": {"zoom": 2} if clip.pk % 3 == 0 else {},
                "negative_prompt": "blur, text" if clip.pk % 5 == 0 else "",
            },
        }  # fmt: skip
        return Job(
            pk=clip.pk, clip=clip, team=self.team, author=clip.author, provider=provider,
            model=model, stored_order=order, status=clip.state, price=self.price, quoted=0,
            started_at=self.now, ended_at=self.now,
        )  # fmt: skip

    def _take(self, clip: Clip) -> Take:
        files = self.files
        return Take(
            pk=clip.pk, clip=clip, job_id=clip.pk, number=1, index=0, width=1280, height=720, fps=24,
            frames=120, seconds=self.random.choice((3, 5, 5, 5, 10)), seed=clip.pk,
            review=clip.review, stars=clip.stars, video=files["video"], poster=files["poster"],
            preview=files["preview"], last_frame=files["last_frame"], strip=files["filmstrip"],
        )  # fmt: skip

    def _review(self, clips: list[Clip]) -> None:
        """A third has notes, and somebody has decided about half of them."""
        noted = [clip for clip in clips if clip.pk % 3 == 1]
        Note.objects.bulk_create(
            Note(clip=clip, take_id=clip.pk, member=self.random.choice(self.people),
                 text=self.random.choice(REMARKS), frame=10,
                 drawing=[{"kind": "box"}] if clip.pk % 30 == 1 else None)
            for clip in noted
        )  # fmt: skip
        Decision.objects.bulk_create(
            Decision(take_id=clip.pk, member=self.random.choice(self.people), verdict="approve",
                     decided_at=self.now)
            for clip in clips if clip.pk % 2
        )  # fmt: skip

    def _arrange(self, clips: list[Clip]) -> None:
        marked = Tag.clips.through
        marked.objects.bulk_create(
            marked(tag=self.random.choice(self.tags), clip=clip)
            for clip in clips
            if clip.pk % 2 == 0
        )
        Placement.objects.bulk_create(
            Placement(board=self.random.choice(self.boards), clip=clip, placed_by=self.people[0])
            for clip in clips
            if clip.pk % 3 == 0
        )
        Favorite.objects.bulk_create(
            Favorite(clip=clip, member=self.people[0]) for clip in clips if clip.pk % 10 == 0
        )
