"""Each provider as its admin sees it: how it is reached, how it does, what it cost."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone

from studio.core.status import OCCUPIES_A_SLOT, JobStatus
from studio.models import Job, Lane, StoredAccount, Team
from studio.providers.base import Provider
from studio.providers.registry import all_providers
from studio.providers.remote import Remote

DAYS = 30
MOST_TIMED = 2000


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
    known = Job.objects.filter(provider__in=all_providers())  # what an index finds
    busy = known.filter(status__in=OCCUPIES_A_SLOT).per_provider()
    waiting = Job.objects.filter(status=JobStatus.QUEUED, team=team).per_provider()
    healths = _healths(team)
    return [
        Card(
            provider=provider, lane=lanes.get(slug) or Lane(provider=slug, slots=1),
            busy=busy.get(slug, 0), waiting=waiting.get(slug, 0), health=healths.get(slug, Health()),
            **_account(slug, stored.get(slug)),
        )
        for slug, provider in all_providers().items()
    ]  # fmt: skip


def _account(slug: str, row: StoredAccount | None) -> dict[str, Any]:
    """Where the key came from, its last four characters, and what the page cannot change."""
    environment = settings.PROVIDERS.get(slug, {})
    fixed = frozenset(name for name, value in environment.items() if value not in ("", None))
    if key := environment.get("key"):
        return {"stored": row, "fixed": fixed, "key": "environment", "key_end": key[-4:]}
    if row and row.key:
        return {"stored": row, "fixed": fixed, "key": "page", "key_end": row.last_four}
    return {"stored": row, "fixed": fixed}


def _healths(team: Team) -> dict[str, Health]:
    """Of each provider that ended a job of the team lately."""
    since = timezone.now() - timedelta(days=DAYS)
    ended = Job.objects.filter(team=team, ended_at__gte=since)
    good, bad = ended.filter(status=JobStatus.SUCCEEDED), ended.filter(status=JobStatus.FAILED)
    paid, counted = _sums(good), Counter(bad.per_provider())
    counted.update({slug: sums["succeeded"] for slug, sums in paid.items()})
    usual, last = _median_seconds(good), _last_failures(bad)
    return {
        slug: Health(
            ended=count, median_seconds=usual.get(slug), **paid.get(slug, {}), **last.get(slug, {})
        )
        for slug, count in counted.items()
    }


def _sums(good: QuerySet[Job]) -> dict[str, dict[str, Any]]:
    rows = good.order_by().values("provider")
    summed = rows.annotate(
        succeeded=Count("pk"), all_quoted=Sum("quoted"), all_charged=Sum("charged")
    )
    return {
        row["provider"]: {
            "succeeded": row["succeeded"],
            "quoted": row["all_quoted"],
            "charged": row["all_charged"],
        }
        for row in summed
    }


def _median_seconds(good: QuerySet[Job]) -> dict[str, float]:
    timed = good.exclude(started_at=None).order_by("-ended_at")
    spent: dict[str, list[float]] = defaultdict(list)
    for slug, start, end in timed.values_list("provider", "started_at", "ended_at")[:MOST_TIMED]:
        if start and end:
            spent[slug].append((end - start).total_seconds())
    return {slug: median(seconds) for slug, seconds in spent.items()}


def _last_failures(bad: QuerySet[Job]) -> dict[str, dict[str, Any]]:
    newest = (
        bad.order_by().values("provider").annotate(last=Max("pk")).values_list("last", flat=True)
    )
    rows = Job.objects.filter(pk__in=list(newest)).values_list("provider", "error", "ended_at")
    return {slug: {"error": error, "error_at": at} for slug, error, at in rows}
