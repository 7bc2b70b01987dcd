"""Makes the totals of a day from its entries, and reads those that are stored, in the same shape."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from studio.core.durations import bucket
from studio.core.money import divided
from studio.core.status import JobStatus
from studio.ledger.totals import facts
from studio.ledger.totals.facts import Moved, Part
from studio.models import DailyTime, DailyTotal, Day

# What a total is for, and what it says of that: columns of DailyTotal.
KEYS = ("project_id", "author_id", "provider", "model", "template_id", "tags", "outcome")
MONEY = ("granted", "held", "released", "charged", "refunded", "corrected", "spent")
COUNTS = ("jobs", "succeeded", "failed", "takes", "milliseconds")
NUMBERS = (*MONEY, *COUNTS)

Key = tuple[Any, ...]
NOBODY: Key = (None, None, "", "", None, "", "")  # what was booked for no job


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Those of one day: numbers in the order of NUMBERS by keys in that of KEYS, and how many jobs
    of a provider took how long.

    `doubled` counts keys that are stored more than once.
    """

    rows: dict[Key, list[int]] = field(default_factory=dict)
    times: dict[tuple[str, int], int] = field(default_factory=dict)
    doubled: int = 0

    def sums(self) -> dict[str, int]:
        """Over all keys, by the names of the numbers."""
        return {
            name: sum(numbers[place] for numbers in self.rows.values())
            for place, name in enumerate(NUMBERS)
        }


def made(day: Day) -> Totals:
    """What they are by the ledger now."""
    works, takes, tags = facts.works(day), facts.takes(day), facts.tags(day)
    rows: dict[Key, list[int]] = defaultdict(lambda: [0] * len(NUMBERS))
    times: Counter[tuple[str, int]] = Counter()
    for moved in facts.moved(day):
        work = works.get(moved.job or 0)
        if work is None:
            _add(rows[NOBODY], _money(moved))
            continue
        key = (work.project, work.author, work.provider, work.model, work.template,
               tags.get(work.clip, ""))  # fmt: skip
        _add_job(rows, key, moved, work.parts(takes.get(work.pk, ())), work.status)
        if moved.ends and work.status == JobStatus.SUCCEEDED and work.seconds is not None:
            times[work.provider, bucket(work.seconds)] += 1
    told = {key: numbers for key, numbers in rows.items() if any(numbers)}
    return Totals(rows=told, times=dict(times))


def _add_job(
    rows: dict[Key, list[int]], key: Key, moved: Moved, parts: list[Part], status: str
) -> None:
    """Money is divided among the parts; what is set aside, given back and counted once is the first's."""
    shares = _shares(moved, len(parts))
    counted = _ended(status) if moved.ends else (0, 0, 0)
    for part, money in zip(parts, shares, strict=True):
        made = (part.takes, part.milliseconds) if moved.ends else (0, 0)
        _add(rows[*key, part.outcome], (*money, *counted, *made))
        counted = (0, 0, 0)


def _ended(status: str) -> tuple[int, int, int]:
    """What a job that ended counts as: jobs, succeeded, failed."""
    return 1, int(status == JobStatus.SUCCEEDED), int(status == JobStatus.FAILED)


def _shares(moved: Moved, count: int) -> list[tuple[int, ...]]:
    if count == 1:
        return [_money(moved)]
    divisible = (moved.charged, moved.refunded, moved.corrected)
    first, *others = zip(*(divided(amount, count) for amount in divisible), strict=True)
    whole = moved._replace(charged=first[0], refunded=first[1], corrected=first[2])
    return [_money(whole), *((0, 0, 0, *share, _spent(*share)) for share in others)]


def _money(moved: Moved) -> tuple[int, ...]:
    _, *amounts, _ = moved
    return (*amounts, _spent(moved.charged, moved.refunded, moved.corrected))


def _spent(charged: int, refunded: int, corrected: int) -> int:
    return charged + corrected - refunded


def _add(numbers: list[int], more: Iterable[int]) -> None:
    for place, amount in enumerate(more):
        numbers[place] += amount


def stored(day: Day) -> Totals:
    """What they are by the rows that reports read."""
    where: dict[str, Any] = {"team": day.team_id, "day": day.date}
    rows = list(DailyTotal.objects.filter(**where).values_list(*KEYS, *NUMBERS))
    times = list(DailyTime.objects.filter(**where).values_list("provider", "bucket", "jobs"))
    found = Totals(
        rows={row[: len(KEYS)]: list(row[len(KEYS) :]) for row in rows},
        times={(provider, step): jobs for provider, step, jobs in times},
    )
    doubled = len(rows) + len(times) - len(found.rows) - len(found.times)
    return Totals(rows=found.rows, times=found.times, doubled=doubled)


def write(day: Day) -> None:
    """Put what is true in the place of what is stored. The day is locked."""
    where: dict[str, Any] = {"team_id": day.team_id, "day": day.date}
    true = made(day)
    DailyTotal.objects.filter(**where).delete()
    DailyTime.objects.filter(**where).delete()
    DailyTotal.objects.bulk_create(
        DailyTotal(**where, **dict(zip((*KEYS, *NUMBERS), (*key, *numbers), strict=True)))
        for key, numbers in true.rows.items()
    )
    DailyTime.objects.bulk_create(
        DailyTime(**where, provider=provider, bucket=step, jobs=jobs)
        for (provider, step), jobs in true.times.items()
    )
