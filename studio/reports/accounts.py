"""Each provider as its admin sees it: how it is reached, how it does, what it cost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils import timezone

from studio.core.status import OCCUPIES_A_SLOT, JobStatus
from studio.models import Job, Lane, StoredAccount, Team
from studio.providers.base import Provider
from studio.providers.registry import all_providers
from studio.providers.remote import Remote

DAYS = 30
MOST_TIMED = 500
LASTING = {JobStatus.SUCCEEDED, JobStatus.FAILED}


@dataclass(frozen=True, kw_only=True)
class Health:
    """The team's own jobs of the last 30 days; `median_seconds` from sent to stored."""

    ended: int = 0
    succeeded: int = 0
    median_seconds: float | None = None
    error: str = ""
    error_at: datetime | None = None
    quoted: int = 0
    charged: int = 0

    @property
    def rate(self) -> int:
        """Per cent that succeeded, rounded down so that 100 means all."""
        return 100 * self.succeeded // self.ended if self.ended else 0

    @property
    def difference(self) -> int:
        return self.charged - self.quoted


@dataclass(frozen=True, kw_only=True)
class Card:
    """A provider: `key` is "environment", "page" or "", whoever its key came from."""

    provider: Provider
    lane: Lane
    busy: int
    waiting: int
    health: Health
    key: str = ""
    key_end: str = ""
    stored: StoredAccount | None = None
    fixed: frozenset[str] = frozenset()

    @property
    def is_remote(self) -> bool:
        return isinstance(self.provider, Remote)

    @property
    def enabled(self) -> bool:
        return not isinstance(self.provider, Remote) or self.provider.is_on

    @property
    def tone(self) -> str:
        """The colour of the badge: ok, warn, bad or none."""
        return self._state[0]

    @property
    def word(self) -> str:
        return self._state[1]

    @property
    def _state(self) -> tuple[str, str]:
        if not self.enabled:
            return "", "Off"
        if self.provider.needs:
            return "", "Needs a key"
        if self.lane.pause:
            return "warn", "Paused"
        if self.stored and self.stored.test_passed is False:
            return "bad", "Not accepted"
        return "ok", "Works" if self.health.succeeded or self._tested else "Ready"

    @property
    def _tested(self) -> bool:
        return bool(self.stored and self.stored.test_passed)


def cards(team: Team) -> list[Card]:
    lanes = {lane.provider: lane for lane in Lane.objects.all()}
    stored = {row.provider: row for row in StoredAccount.objects.select_related("changed_by")}
    busy = Job.objects.filter(status__in=OCCUPIES_A_SLOT).per_provider()
    waiting = Job.objects.filter(status=JobStatus.QUEUED, team=team).per_provider()
    return [
        Card(
            provider=provider, lane=lanes.get(slug) or Lane(provider=slug, slots=1),
            busy=busy.get(slug, 0), waiting=waiting.get(slug, 0), health=_health(team, slug),
            **_account(slug, stored.get(slug)),
        )
        for slug, provider in all_providers().items()
    ]  # fmt: skip


def _account(slug: str, row: StoredAccount | None) -> dict[str, object]:
    """Where the key came from, its last four characters, and what the page cannot change."""
    environment = settings.PROVIDERS.get(slug, {})
    fixed = frozenset(name for name, value in environment.items() if value not in ("", None))
    if key := environment.get("key"):
        return {"stored": row, "fixed": fixed, "key": "environment", "key_end": key[-4:]}
    if row and row.key:
        return {"stored": row, "fixed": fixed, "key": "page", "key_end": row.last_four}
    return {"stored": row, "fixed": fixed}


def _health(team: Team, slug: str) -> Health:
    since = timezone.now() - timedelta(days=DAYS)
    ended = Job.objects.filter(team=team, provider=slug, status__in=LASTING, ended_at__gte=since)
    good = ended.filter(status=JobStatus.SUCCEEDED)
    sums = good.aggregate(quoted=Sum("quoted", default=0), charged=Sum("charged", default=0))
    last = ended.filter(status=JobStatus.FAILED).order_by("-ended_at").first()
    return Health(
        ended=ended.count(), succeeded=good.count(), median_seconds=_median_seconds(good),
        error=last.error if last else "", error_at=last.ended_at if last else None, **sums,
    )  # fmt: skip


def _median_seconds(good: QuerySet[Job]) -> float | None:
    times = (
        good.exclude(started_at=None).order_by("-ended_at").values_list("started_at", "ended_at")
    )
    spent = [(end - start).total_seconds() for start, end in times[:MOST_TIMED] if start and end]
    return median(spent) if spent else None
