"""What the totals of a day are made from: its entries, and what became of the jobs behind them.

Each is one statement for the whole day, however many jobs it has.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, Sum

from studio.core import outcome
from studio.core.outcome import Outcome
from studio.ledger.days import ENDS
from studio.models import Day, EntryKind, Job, LedgerEntry, Tag, Take


class Moved(NamedTuple):
    """What was booked for one job on one day, in micro-credits; `ends` if the job ended by it."""

    job: int | None
    granted: int
    held: int
    released: int
    charged: int
    refunded: int
    corrected: int
    ends: bool


class Part(NamedTuple):
    """A take of a job, or all of a job without any: then `takes` is 0."""

    outcome: Outcome
    takes: int
    milliseconds: int


class Work(NamedTuple):
    """A job as reports group it. `started_at` is None where nobody took the time."""

    pk: int
    clip: int
    project: int
    author: int
    provider: str
    model: str
    template: int | None
    status: str
    is_rehearsal: bool
    was_seen: bool
    purged_takes: list[tuple[str, int]] | None
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def seconds(self) -> float | None:
        if not (self.started_at and self.ended_at):
            return None
        return max((self.ended_at - self.started_at).total_seconds(), 0.0)

    def parts(self, takes: Iterable[tuple[str, int]]) -> list[Part]:
        """`takes` are (review, milliseconds); those that were deleted for good are as they were."""
        known: dict[str, bool] = {"is_rehearsal": self.is_rehearsal, "was_seen": self.was_seen}
        made = [
            Part(outcome.of_take(review, **known), 1, milliseconds)
            for review, milliseconds in takes or self.purged_takes or ()
        ]
        return made or [Part(outcome.of_job(self.status, **known), 0, 0)]


def moved(day: Day) -> Iterator[Moved]:
    """By job, and once for all that has none, as grants."""
    sums: dict[str, Any] = {
        "granted_now": Sum("granted"),
        "held_now": _sum("held", EntryKind.HOLD),
        "released_now": _sum("available", EntryKind.RELEASE),
        "charged_now": _sum("spent", EntryKind.CHARGE),
        "refunded_now": -_sum("spent", EntryKind.REFUND),
        "corrected_now": _sum("spent", EntryKind.CORRECTION),
        "ends": Count("pk", filter=Q(kind__in=ENDS)),
    }
    found = entries_of(day).order_by().values("job").annotate(**sums)
    for job, *amounts, ends in found.values_list("job", *sums).iterator():
        yield Moved._make((job, *map(int, amounts), bool(ends)))


def _sum(part: str, kind: EntryKind) -> Sum:
    return Sum(part, filter=Q(kind=kind), default=0)


def entries_of(day: Day) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(team=day.team_id, day=day.date)


def works(day: Day) -> dict[int, Work]:
    """The jobs for which anything was booked that day."""
    rows = Job.objects.filter(pk__in=entries_of(day).values("job")).annotate(
        is_rehearsal=_is(Q(intended__isnull=False)),
        was_seen=_is(Q(clip__looked_at__isnull=False)),
        project=F("clip__project_id"),
        used=F("template__template_id"),
    )
    found = rows.values_list(
        "pk", "clip_id", "project", "author_id", "provider", "model", "used", "status",
        "is_rehearsal", "was_seen", "purged_takes", "started_at", "ended_at",
    )  # fmt: skip
    return {row[0]: Work(*row) for row in found.iterator()}


def _is(condition: Q) -> Any:
    return ExpressionWrapper(condition, BooleanField())


def takes(day: Day) -> dict[int, list[tuple[str, int]]]:
    """Review and milliseconds of their takes, by job."""
    rows = Take.objects.filter(job__in=entries_of(day).values("job")).order_by("job", "index")
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for job, review, seconds in rows.values_list("job_id", "review", "seconds").iterator():
        found[job].append((review, int(seconds * 1000)))
    return found


def tags(day: Day) -> dict[int, str]:
    """The keys of their clips' tags, by clip: "3,17"."""
    clips = Job.objects.filter(pk__in=entries_of(day).values("job")).values("clip")
    rows = Tag.clips.through.objects.filter(clip__in=clips).order_by("clip", "tag")
    found: dict[int, list[str]] = defaultdict(list)
    for clip, tag in rows.values_list("clip_id", "tag_id").iterator():
        found[clip].append(str(tag))
    return {clip: ",".join(keys) for clip, keys in found.items()}
