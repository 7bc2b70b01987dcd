"""One order at every model: what each would make of it, for how much, how fast and how surely."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from studio import ledger
from studio.core.adaptation import Adapted, adapted
from studio.core.errors import InvalidOrder, NoPrice
from studio.core.orders import Order
from studio.core.spec import Capability
from studio.core.status import JobStatus
from studio.models import Job, Team
from studio.orders import check
from studio.providers.base import Provider
from studio.providers.registry import all_providers, provider_of
from studio.reports.lanes import paused_lanes
from studio.reports.queue import UsualTimes, usual_seconds

DAYS = 30
LASTING = (JobStatus.SUCCEEDED, JobStatus.FAILED)


@dataclass(frozen=True, kw_only=True)
class Record:
    """How jobs at a model ended in the last 30 days: the team's own, else those of the studio."""

    ended: int = 0
    succeeded: int = 0

    @property
    def rate(self) -> int:
        """Per cent that succeeded, rounded down so that 100 means all."""
        return 100 * self.succeeded // self.ended if self.ended else 0


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What one model would make of the order.

    `problems` forbid to send it there, each a sentence with what to do; `notes` are what may be
    ignored or is not wise. `usual` is in seconds, None while nobody knows.
    """

    able: Capability
    adapted: Adapted
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    quote: ledger.Quote | None
    record: Record
    usual: float | None

    @property
    def provider(self) -> Provider:
        return provider_of(self.able.provider)

    @property
    def amount(self) -> int:
        """Micro-credits."""
        return self.quote.amount if self.quote else 0


def entries(
    team: Team, order: Order, *, source: Capability, models: Sequence[Capability]
) -> list[Entry]:
    """The order as it was typed for `source`, at each of these models."""
    made = [adapted(order, source, able) for able in models]
    quotes = ledger.quotes(team, [one.order for one in made])
    known, paused = records(team), {lane.slug: lane.why for lane in paused_lanes()}
    times = {slug: usual_seconds(slug) for slug in {able.provider for able in models}}
    return [
        Entry(
            able=able, adapted=one, problems=tuple(_problems(team, one.order, quote)),
            notes=tuple(_notes(one.order, able, paused.get(able.provider, ""))),
            quote=None if isinstance(quote, NoPrice) else quote,
            record=known.get((able.provider, able.model), Record()),
            usual=_usual(times[able.provider], one.order),
        )
        for able, one, quote in zip(models, made, quotes, strict=True)
    ]  # fmt: skip


def _problems(team: Team, order: Order, quote: ledger.Quote | NoPrice) -> list[str]:
    """Without a key there is no need to speak of anything else."""
    try:
        check(team.pk, order)
    except InvalidOrder as error:
        closed = [one.message for one in error.problems if one.field == "provider"]
        return closed or list(dict.fromkeys(one.message for one in error.problems))
    return [quote.message] if isinstance(quote, NoPrice) else []


def _notes(order: Order, able: Capability, paused: str) -> list[str]:
    """What was set and may be ignored, what is not wise, and whether anything is sent now."""
    set_here = [
        param
        for param in able.settings
        if param.doubt and order.settings.get(param.name) not in (None, "", param.default)
    ]
    doubts = [f"{param.label}: {param.doubt}" for param in set_here]
    waits = [f"Its lane is paused: {paused} It waits until an admin resumes it."] if paused else []
    return waits + doubts + [problem.message for problem in able.advised(order)]


def _usual(times: UsualTimes, order: Order) -> float | None:
    """Of the same length and size, else of anything that the provider made."""
    same = times.of(order)
    return times.overall if same is None else same


def records(team: Team) -> Mapping[tuple[str, str], Record]:
    """By provider and model. One query."""
    since = timezone.now() - timedelta(days=DAYS)
    known = Job.objects.filter(provider__in=all_providers(), status__in=LASTING)
    ended = known.filter(ended_at__gte=since)
    own, good = Q(team=team), Q(status=JobStatus.SUCCEEDED)
    rows = ended.order_by().values("provider", "model")
    counted = rows.annotate(
        all_ended=Count("pk"), all_good=Count("pk", filter=good),
        own_ended=Count("pk", filter=own), own_good=Count("pk", filter=own & good),
    )  # fmt: skip
    return {(row["provider"], row["model"]): _record(row) for row in counted}


def _record(row: Mapping[str, Any]) -> Record:
    whose = "own" if row["own_ended"] else "all"
    return Record(ended=row[f"{whose}_ended"], succeeded=row[f"{whose}_good"])
