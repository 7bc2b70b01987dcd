"""Daily totals as the ledger would leave them, in whole credits and seconds."""

from datetime import date

from studio.core.money import MICRO
from studio.core.outcome import Outcome
from studio.models import DailyTime, DailyTotal, Member

MONEY = ("granted", "held", "released", "charged", "refunded", "corrected", "spent")


def total(author: Member, day: date, **fields) -> DailyTotal:
    """One job of 35 credits with an approved take of 5 seconds, unless said otherwise."""
    values = {
        "project": author.team.projects.order_by("pk").first(), "provider": "runware",
        "model": "klingai:6@1", "outcome": Outcome.APPROVED, "held": 35, "charged": 35, "spent": 35,
        "jobs": 1, "succeeded": 1, "takes": 1, "seconds": 5, **fields,
    }  # fmt: skip
    money = {name: values.pop(name) * MICRO for name in MONEY if name in values}
    milliseconds = values.pop("seconds") * 1000
    return DailyTotal.objects.create(
        team=author.team, author=author, day=day, milliseconds=milliseconds, **money, **values
    )


def failure(author: Member, day: date, **fields) -> DailyTotal:
    """A job that failed, with its hold released."""
    values = {
        "outcome": Outcome.FAILED, "charged": 0, "spent": 0, "released": 35, "succeeded": 0,
        "failed": 1, "takes": 0, "seconds": 0, **fields,
    }  # fmt: skip
    return total(author, day, **values)


def free(author: Member, day: date, **fields) -> DailyTotal:
    """A rehearsal in the animatic."""
    values = {
        "provider": "animatic", "model": "animatic-1", "outcome": Outcome.REHEARSAL, "held": 0,
        "charged": 0, "spent": 0, **fields,
    }  # fmt: skip
    return total(author, day, **values)


def took(author: Member, day: date, provider: str, bucket: int, jobs: int = 1) -> DailyTime:
    return DailyTime.objects.create(
        team=author.team, day=day, provider=provider, bucket=bucket, jobs=jobs
    )
