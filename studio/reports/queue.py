"""What the queue page says of waiting: the place in line, and how long a job usually takes."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from studio.core.orders import Order
from studio.core.status import JobStatus
from studio.models import Job, Team

LATEST = 50  # jobs of one shape that the median is taken of
LOOKED_AT = 400  # jobs of a provider that are looked through for them

Shape = tuple[Any, ...]


def places(team: Team) -> dict[int, int]:
    """The place in line, from 1, of each of the team's queued jobs by its pk.

    Jobs of other teams in the same lane count, those that wait for a person do not. One query.
    """
    lines = Job.objects.filter(status=JobStatus.QUEUED).exclude(next_step_at=None)
    ordered = lines.order_by("provider", "position", "pk")
    ahead: Counter[str] = Counter()
    found = {}
    for pk, provider, team_id in ordered.values_list("pk", "provider", "team_id").iterator():
        ahead[provider] += 1
        if team_id == team.pk:
            found[pk] = ahead[provider]
    return found


@dataclass(frozen=True)
class UsualTimes:
    """Median seconds from start to end, by the shape of the order and over all of them."""

    seconds: dict[Shape, float]
    overall: float | None = None

    def of(self, order: Order) -> float | None:
        """How long such an order usually takes; None when there was none yet."""
        return self.seconds.get(_shape(order))


def usual_seconds(provider: str) -> UsualTimes:
    """The usual times of a provider, from its latest jobs that succeeded. One query."""
    ended = Job.objects.filter(provider=provider, status=JobStatus.SUCCEEDED)
    known = ended.exclude(started_at=None).order_by("-ended_at")[:LOOKED_AT]
    times: dict[Shape, list[float]] = defaultdict(list)
    for stored, started, finished in known.values_list("stored_order", "started_at", "ended_at"):
        times[_shape(Order.from_json(stored))].append(_seconds(started, finished))
    latest = [second for seconds in times.values() for second in seconds][:LATEST]
    return UsualTimes(
        {shape: median(seconds[:LATEST]) for shape, seconds in times.items()},
        overall=median(latest) if latest else None,
    )


def _seconds(started: datetime | None, ended: datetime | None) -> float:
    """Never less than nothing: a clock may have been set back."""
    return max((ended - started).total_seconds(), 0.0) if started and ended else 0.0


def _shape(order: Order) -> Shape:
    """What makes jobs take equally long: model, seconds, picture size and number of takes."""
    return (order.model, order.seconds, order.settings.get("resolution"), order.count)
