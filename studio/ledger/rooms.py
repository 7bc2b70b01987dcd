"""What room there is for an order: in the team's own budget, and in every limit that counts it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from studio.core.errors import BudgetExceeded, CapExceeded
from studio.ledger import caps
from studio.ledger.books import team_budget, today_of
from studio.ledger.names import name_of, title_of
from studio.models import Budget, Cap, CapPeriod, Job, Team

TEAM = "the budget"


@dataclass(frozen=True, kw_only=True)
class Room:
    """One budget, before an order takes `amount` of it; all in micro-credits.

    `cap` is None for what the team was granted. One that `stops` nothing lacks nothing. It is told
    when more than `warns_over` is used.
    """

    limit: int
    used: int
    amount: int
    warns_over: int
    cap: Cap | None = None
    stops: bool = True

    @property
    def title(self) -> str:
        return title_of(self.cap) if self.cap else "Team budget"

    @property
    def name(self) -> str:
        return name_of(self.cap) if self.cap else TEAM

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def low(self) -> int:
        """Where its meter turns amber; a full one is never below that."""
        return min(self.warns_over, max(self.limit - 1, 0))

    @property
    def missing(self) -> int:
        return max(0, self.amount - self.left) if self.stops else 0

    @property
    def used_then(self) -> int:
        """Held and spent of it once this is ordered."""
        return self.used + self.amount

    @property
    def left_then(self) -> int:
        return max(0, self.limit - self.used_then)

    @property
    def sentence(self) -> str:
        return caps.short(self.amount, self.left, self.name)

    @property
    def exceeded(self) -> BudgetExceeded:
        """What is raised where it has too little."""
        if self.cap is None:
            return BudgetExceeded(self.sentence)
        return CapExceeded(self.sentence, cap=self.cap.pk)


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """Every budget that counts what a member orders in a project, as they are now; each asked for
    once.
    """

    team: Team
    project: int
    member: int
    known: Budget | None = field(default=None, compare=False)

    @cached_property
    def budget(self) -> Budget:
        return self.known or team_budget(self.team)

    @cached_property
    def _periods(self) -> list[CapPeriod]:
        counting = Cap.objects.that_count(
            team=self.team.pk, project=self.project, member=self.member
        )
        return list(caps.present(counting.named(), today_of(self.team)).values())

    def of(self, amounts: Mapping[str, int]) -> list[Room]:
        """The team's own first. `amounts` are what is ordered of each provider."""
        counted = [(period, _counted(period.cap, amounts)) for period in self._periods]
        limits = [_limit(period, amount) for period, amount in counted if amount]
        return [_granted(self.budget, sum(amounts.values())), *limits]

    def short_of(self, amounts: Mapping[str, int]) -> list[Room]:
        """Those that have too little, the one that lacks most first."""
        lacking = [room for room in self.of(amounts) if room.missing]
        return sorted(lacking, key=lambda room: -room.missing)

    def require(self, amounts: Mapping[str, int]) -> None:
        """Raise BudgetExceeded if it would not fit now; only `hold` makes sure of it."""
        if lacking := self.short_of(amounts):
            raise lacking[0].exceeded


def short_of(job: Job) -> list[Room]:
    """What has no room for this job, which waits for it."""
    rooms = Rooms(team=job.team, project=job.clip.project_id, member=job.author_id)
    return rooms.short_of({job.provider: job.quoted})


def _counted(cap: Cap, amounts: Mapping[str, int]) -> int:
    return sum(amount for slug, amount in amounts.items() if cap.provider in ("", slug))


def _granted(budget: Budget, amount: int) -> Room:
    used = budget.granted - budget.available
    return Room(limit=budget.granted, used=used, amount=amount, warns_over=budget.granted)


def _limit(period: CapPeriod, amount: int) -> Room:
    cap = period.cap
    return Room(
        limit=period.limit, used=period.used, amount=amount, cap=cap, stops=cap.stops,
        warns_over=period.limit * cap.warn_at // 100,
    )  # fmt: skip
