"""Fills a data folder with years of a studio's money: a ledger of any length, and what it paid for.

Rows are written by sqlite3 itself, without indexes, which are made at the end: ten million entries
take minutes, not hours. They are what the studio would have written: the chain holds, budgets,
jobs and clips add up, and takes are where their jobs are. As in a studio, SQLite has no statistics.
"""

import itertools
import json
import random
import sqlite3
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, models, transaction

from studio.core import chain
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import (
    Asset,
    AssetKind,
    Budget,
    Clip,
    Job,
    LedgerEntry,
    Member,
    PriceVersion,
    Project,
    Role,
    Tag,
    Take,
    Template,
    TemplateVersion,
    User,
)
from studio.models.ledger import CHAINED
from studio.services.setup import prepare

YEARS = 3
PEOPLE, PROJECTS, AT_ONCE, TAGS, TEMPLATES = 40, 24, 6, 12, 8
PER_JOB = 2.24  # entries, as the odds below make them
ENGINES = (  # provider, model, micro-credits a take
    ("runware", "klingai:6@1", 35 * MICRO), ("trinetra", "kling-v2-5-turbo", 50 * MICRO),
    ("aimlapi", "klingai/v2.5-turbo/pro", 42 * MICRO + 7), ("octopusx", "kling-2.6", 50 * MICRO),
    ("animatic", "animatic-1", 0),
)  # fmt: skip
FAILS, STOPPED, CHEAPER = 0.09, 0.12, 0.25
REFUNDED, CORRECTED = 0.01, 0.01
REVIEWS = (*["review"] * 9, *["approved"] * 4, *["changes"] * 4, *["rejected"] * 3)
WEIGHTS = (1.0, 1.1, 1.1, 1.0, 0.9, 0.2, 0.15)  # of the days of a week
A_WEEK = timedelta(days=7)
BATCH = 20_000

# What is written while its table has no index beside its key.
BIG = (LedgerEntry, Job, Clip, Take, Tag.clips.through)


@dataclass(frozen=True)
class Habit:
    """What a person does on one day: alike enough that a day has few combinations."""

    person: int
    project: int
    engines: Sequence[int]
    template: int | None
    tags: Sequence[Sequence[int]]


class Moment(NamedTuple):
    """A moment and its day, and how Django keeps it in SQLite."""

    at: datetime
    day: str
    stored: str


class Writer:
    """Rows of one model for executemany: those columns that change, and what the others are."""

    def __init__(self, database: sqlite3.Connection, model: type[models.Model], *names: str,
                 **fixed: Any) -> None:  # fmt: skip
        fields = {field.attname: field for field in model._meta.concrete_fields}
        rest = {name: fixed.get(name, field.get_default()) for name, field in fields.items()
                if name not in names and not field.primary_key}  # fmt: skip
        self.rest = tuple(
            fields[name].get_db_prep_save(value, connection) for name, value in rest.items()
        )
        columns = [str(fields[name].column) for name in (*names, *rest)]
        marks = ",".join("?" * len(columns))
        quoted = ",".join(f'"{column}"' for column in columns)
        self.statement = f'INSERT INTO "{model._meta.db_table}" ({quoted}) VALUES ({marks})'
        self.database, self.waiting = database, list[tuple[Any, ...]]()

    def __call__(self, *values: Any) -> None:
        self.waiting.append(values + self.rest)
        if len(self.waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        self.database.executemany(self.statement, self.waiting)
        self.waiting.clear()


class Fill:
    """So many ledger entries over three years; call it once."""

    def __init__(self, entries: int) -> None:
        self.wanted, self.random = entries, random.Random(42)
        admin = prepare()
        self.team = admin.team
        with transaction.atomic():
            self.people = [admin.pk, *(self._person(number) for number in range(1, PEOPLE))]
            self.projects = [
                Project.objects.create(team=self.team, name=f"Film {number}").pk
                for number in range(PROJECTS)
            ]
            self.tags = [
                Tag.objects.create(team=self.team, name=f"tag {n}").pk for n in range(TAGS)
            ]
            self.templates = [self._template(admin, number) for number in range(TEMPLATES)]
            self.price = PriceVersion.objects.latest("pk").pk
        self.files = {
            kind: Asset.objects.create(
                team=self.team, kind=kind, path=f"1/{kind}", sha256=kind, size=1,
                content_type="video/mp4",
            ).pk
            for kind in AssetKind.values
        }  # fmt: skip
        self.budget = Budget.objects.get(team=self.team)
        self.sums: Counter[str] = Counter()
        self.first = LedgerEntry.objects.get().created_at.date() - timedelta(days=365 * YEARS)
        self.doubtful = deque[tuple[date, int, int, int]]()  # what is found out a week later
        self.later: list[tuple[int, int]] = []  # micro-credits, and the job they were for

    def _person(self, number: int) -> int:
        user = User.objects.create_user(f"person{number}@example.org", name=f"Person {number}")
        return Member.objects.create(team=self.team, user=user, role=Role.AUTHOR).pk

    def _template(self, admin: Member, number: int) -> int:
        template = Template.objects.create(team=self.team, author=admin, name=f"Look {number}")
        version = TemplateVersion.objects.create(
            template=template, number=1, text="{{a}}", author=admin
        )
        return version.pk

    def __call__(self) -> None:
        connection.close()
        database = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
        for pragma in ("synchronous=OFF", "journal_mode=OFF", "cache_size=-400000",
                       "temp_store=MEMORY", "foreign_keys=OFF"):  # fmt: skip
            database.execute(f"PRAGMA {pragma}")
        indexes = _without_indexes(database)
        database.execute("BEGIN")
        self._write(database)
        for statement in indexes:
            database.execute(statement)
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode=WAL")
        database.close()

    def _write(self, database: sqlite3.Connection) -> None:
        self._open_writers(database)
        self._book("grant", None, self._moment(self.first, 0), granted=self._enough,
                   available=self._enough)  # fmt: skip
        for day, jobs in self._days():
            self._day(day, jobs)
        for writer in (self.entry, self.job, self.clip, self.take, self.tag):
            writer.flush()
        for table in ("studio_job", "studio_clip"):
            database.executemany(
                f"UPDATE {table} SET charged = charged + ? WHERE id = ?", self.later
            )
        database.execute(
            "UPDATE studio_budget SET granted=granted+?, available=available+?, held=held+?,"
            " spent=spent+?, entries=?, head=?",
            [*(self.sums[part] for part in ("granted", "available", "held", "spent")),
             self.budget.entries, self.budget.head],
        )  # fmt: skip

    @property
    def _enough(self) -> int:
        return self.wanted * 100 * MICRO

    def _open_writers(self, database: sqlite3.Connection) -> None:
        team, files, now = self.team.pk, self.files, self._moment(self.first, 0)
        self.entry = Writer(
            database, LedgerEntry, "number", "job_id", "kind", "granted", "available", "held",
            "spent", "native", "corrects_id", "day", "created_at", "digest", team_id=team,
            credit_price=self.team.credit_price, cause="benchmark",
        )  # fmt: skip
        self.job = Writer(
            database, Job, "id", "clip_id", "author_id", "provider", "model", "stored_order",
            "template_id", "status", "quoted", "charged", "created_at", "started_at", "ended_at",
            team_id=team, price_id=self.price,
        )  # fmt: skip
        self.clip = Writer(
            database, Clip, "id", "project_id", "author_id", "title", "state", "job_id", "cover_id",
            "take_count", "review", "charged", "looked_at", "created_at", team_id=team,
        )  # fmt: skip
        self.take = Writer(
            database, Take, "id", "clip_id", "job_id", "number", "index", "seconds", "review",
            "created_at", width=1280, height=720, fps=24, frames=120, video_id=files["video"],
            poster_id=files["poster"], preview_id=files["preview"], strip_id=files["filmstrip"],
            last_frame_id=files["last_frame"], reviewed_at=now.at,
        )  # fmt: skip
        self.tag = Writer(database, Tag.clips.through, "tag_id", "clip_id")
        self.pk = itertools.count(1)
        self.take_pk = itertools.count(1)

    def _days(self) -> Iterator[tuple[date, int]]:
        """Each day with how many jobs it has: a studio that grows, and rests at weekends."""
        days = [self.first + timedelta(days=number) for number in range(365 * YEARS)]
        weights = [
            WEIGHTS[day.weekday()] * (1 + number / len(days)) for number, day in enumerate(days)
        ]
        each, done, share = self.wanted / PER_JOB / sum(weights), 0, 0.0
        for day, weight in zip(days, weights, strict=True):
            share += each * weight
            yield day, round(share) - done
            done = round(share)

    def _day(self, day: date, jobs: int) -> None:
        habits = [self._habit(person, day) for person in self.people]
        self._find_out(day)
        for number in range(jobs):
            self._shoot(self.random.choice(habits), self._moment(day, (number + 1) / (jobs + 2)))

    def _habit(self, person: int, day: date) -> Habit:
        pick, month = self.random, (day.year * 12 + day.month) // 2
        project = (month + pick.randrange(AT_ONCE)) % PROJECTS
        own = [self.tags[(project + n) % TAGS] for n in range(3)]
        return Habit(
            person, self.projects[project], pick.sample(range(len(ENGINES)), 2),
            pick.choice([None, None, *self.templates]), ((), pick.sample(own, 1)),
        )  # fmt: skip

    def _shoot(self, habit: Habit, moment: Moment) -> None:
        """A job with its clip, takes and entries, all at one moment."""
        pick, pk = self.random.random, next(self.pk)
        provider, model, each = ENGINES[self.random.choice(habit.engines)]
        count = 2 if pick() < 0.1 else 1
        quoted, odds = each * count, pick()
        failed, stopped = odds < FAILS, FAILS <= odds < STOPPED
        cheaper = quoted // 10 if pick() < CHEAPER else 0
        charge = 0 if failed or stopped else quoted - cheaper
        number = self._settle(pk, moment, quoted, charge)
        status = "failed" if failed else "cancelled" if stopped else JobStatus.SUCCEEDED.value
        made = count if status == JobStatus.SUCCEEDED else 0
        review = self.random.choice(REVIEWS)
        cover = self._takes(pk, made, review, moment)
        self.job(pk, pk, habit.person, provider, model, ORDER, habit.template, status, quoted, charge,
                 moment.stored, _stored(moment.at - timedelta(seconds=60 + 240 * pick())),
                 moment.stored)  # fmt: skip
        seen = review != "review" or pick() < 0.5
        self.clip(pk, habit.project, habit.person, "A red door", status, pk, cover, made,
                  review if made else "", charge, moment.stored if made and seen else None,
                  moment.stored)  # fmt: skip
        for tag in self.random.choice(habit.tags):
            self.tag(tag, pk)
        if charge and pick() < REFUNDED + CORRECTED:
            self.doubtful.append((moment.at.date(), pk, charge, number))

    def _settle(self, pk: int, moment: Moment, quoted: int, charge: int) -> int:
        """The number of the charge, if there is one."""
        number = self._book("hold", pk, moment, available=-quoted, held=quoted)
        if charge:
            number = self._book("charge", pk, moment, held=-charge, spent=charge)
        if charge < quoted or not charge:
            self._book("release", pk, moment, available=quoted - charge, held=charge - quoted)
        return number

    def _takes(self, pk: int, count: int, review: str, moment: Moment) -> int | None:
        """The key of the first of so many."""
        keys = [next(self.take_pk) for _ in range(count)]
        for index, key in enumerate(keys):
            self.take(key, pk, pk, index + 1, index, self.random.choice((5, 5, 5, 10)), review,
                      moment.stored)  # fmt: skip
        return keys[0] if keys else None

    def _find_out(self, day: date) -> None:
        """A week later: half of what was billed wrongly comes back, the other half was more."""
        moment = self._moment(day, 0)
        while self.doubtful and self.doubtful[0][0] <= day - A_WEEK:
            _, pk, charge, number = self.doubtful.popleft()
            kind, spent = ("refund", -(charge // 3)) if pk % 2 else ("correction", 7)
            self._book(kind, pk, moment, corrects=number, available=-spent, spent=spent)
            self.later.append((spent, pk))

    def _book(self, kind: str, job: int | None, moment: Moment, *, corrects: int | None = None,
              **parts: int) -> int:  # fmt: skip
        """The new entry's number, which is its key as well."""
        budget = self.budget
        budget.entries += 1
        native = abs(next(iter(parts.values())))
        told = {
            **ENTRY, "team_id": self.team.pk, "credit_price": self.team.credit_price,
            "number": budget.entries, "job_id": job, "kind": kind, "native": native,
            "day": moment.day, "created_at": moment.stored,
            "corrects_id": corrects, **parts,
        }  # fmt: skip
        budget.head = chain.digest(bytes(budget.head), tuple(told[name] for name in CHAINED))
        self.entry(
            budget.entries, job, kind, *(told[part] for part in ("granted", "available", "held", "spent")),
            native, corrects, moment.day, moment.stored, budget.head,
        )  # fmt: skip
        self.sums.update(parts)
        return budget.entries

    def _moment(self, day: date, part: float) -> Moment:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        at = midnight + timedelta(seconds=int(part * 86_400))
        return Moment(at, day.isoformat(), _stored(at))


ORDER = json.dumps({
    "provider": "animatic", "model": "animatic-1", "prompt": "A red door in the snow.",
    "first_frame": None, "last_frame": None, "scene": None,
    "settings": {"duration": 5, "format": "mp4", "count": 1},
})  # fmt: skip

# What every entry says, beside what is said of it alone.
ENTRY: dict[str, Any] = {
    **dict.fromkeys(CHAINED), "granted": 0, "available": 0, "held": 0, "spent": 0,
    "unit": "credit", "unit_price": 0, "cause": "benchmark",
}  # fmt: skip


def _stored(moment: datetime) -> str:
    """As Django keeps it in SQLite."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _without_indexes(database: sqlite3.Connection) -> list[str]:
    """Drop those of big tables; the statements that make them again."""
    tables = [model._meta.db_table for model in BIG]
    marks = ",".join("?" * len(tables))
    found = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        f" AND tbl_name IN ({marks})",
        tables,
    ).fetchall()
    for name, _ in found:
        database.execute(f'DROP INDEX "{name}"')
    return [statement for _, statement in found]
