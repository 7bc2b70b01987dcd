"""How busy each lane is: slots taken, jobs in line, and how long one usually takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from studio.core.status import OCCUPIES_A_SLOT, JobStatus
from studio.models import Job, Lane
from studio.providers.registry import all_providers
from studio.reports.queue import UsualTimes, usual_seconds


@dataclass(frozen=True, kw_only=True)
class LaneReport:
    """Counts over all teams, because the line is shared."""

    slug: str
    label: str
    slots: int
    taken: int
    queued: int
    usual: UsualTimes

    @property
    def places(self) -> list[bool]:
        """One entry per slot: taken or free."""
        return [index < self.taken for index in range(self.slots)]


@dataclass(frozen=True, kw_only=True)
class PausedLane:
    """A lane that sends nothing until an admin has acted, and why."""

    slug: str
    label: str
    why: str
    since: datetime | None


def paused_lanes() -> list[PausedLane]:
    """In the order in which they paused. One query."""
    known = all_providers()
    return [
        PausedLane(
            slug=lane.provider,
            label=known[lane.provider].label,
            why=lane.paused_for,
            since=lane.paused_at,
        )
        for lane in Lane.objects.paused().filter(provider__in=known).order_by("paused_at")
    ]


def lanes() -> list[LaneReport]:
    """Every lane, in the registry's order, in two queries and one more for each."""
    counts = {row["provider"]: row for row in _counts()}
    slots = dict(Lane.objects.values_list("provider", "slots"))
    return [
        LaneReport(
            slug=slug,
            label=provider.label,
            slots=slots.get(slug, 0),
            taken=counts.get(slug, {}).get("taken", 0),
            queued=counts.get(slug, {}).get("queued", 0),
            usual=usual_seconds(slug),
        )
        for slug, provider in all_providers().items()
    ]


def _counts() -> Iterable[dict[str, Any]]:
    """{"provider", "taken", "queued"} for every lane with a job in it."""
    taken = Count("pk", filter=Q(status__in=OCCUPIES_A_SLOT))
    queued = Count("pk", filter=Q(status=JobStatus.QUEUED))
    statuses = [*OCCUPIES_A_SLOT, JobStatus.QUEUED]
    active = Job.objects.filter(provider__in=all_providers(), status__in=statuses)
    return active.order_by("provider").values("provider").annotate(taken=taken, queued=queued)
