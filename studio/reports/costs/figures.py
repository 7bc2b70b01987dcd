"""The figures above the report: what was spent, held and given back, and what it bought."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from studio.core.durations import median
from studio.core.outcome import LABELS, WASTED, Outcome
from studio.core.periods import Days
from studio.core.status import ACTIVE, JobStatus
from studio.models import DailyTime, Job, Team
from studio.reports.costs.sums import NOTHING, Sums, each, in_usd, summed, totals
from studio.reports.costs.view import View

HOLDING = sorted(ACTIVE - {JobStatus.WAITING})

TRENDS = {-1: "down from", 0: "as before,", 1: "up from"}
CLASSES = {-1: "ok", 0: "", 1: "warn"}

ByOutcome = Mapping[str, Sums]


@dataclass(frozen=True, kw_only=True)
class Held:
    """Now, whatever the period: so many jobs, micro-credits, and those of uncertain jobs."""

    jobs: int
    amount: int
    uncertain: int


@dataclass(frozen=True, kw_only=True)
class Waste:
    """`share` is a percentage of all that was spent, None where nothing was."""

    label: str
    outcome: str
    amount: int
    share: int | None


@dataclass(frozen=True, kw_only=True)
class Time:
    provider: str
    seconds: float
    jobs: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of the past days of a view; `before` of the same days of the period before."""

    now: Sums
    before: Sums
    by_outcome: ByOutcome
    usd: int
    held: Held
    times: list[Time]

    @property
    def is_empty(self) -> bool:
        return not (self.now.jobs or any(self.now[:5]) or self.held.jobs)

    @property
    def is_free(self) -> bool:
        return self.now.is_free and not self.held.amount and not self.is_empty

    @property
    def more(self) -> int | None:
        """Percent more than before, below 0 for less; None where nothing was spent before."""
        was = self.before.spent
        return round(100 * (self.now.spent - was) / was) if was > 0 else None

    @property
    def fewer(self) -> int:
        """Percent less than before."""
        return -(self.more or 0)

    @property
    def trend(self) -> str:
        """How an approved second went since before."""
        return TRENDS[self._dearer()]

    @property
    def trend_class(self) -> str:
        return CLASSES[self._dearer()]

    def _dearer(self) -> int:
        now, was = self.now.per_approved_second or 0, self.before.per_approved_second or 0
        return (now > was) - (now < was)

    @property
    def approved(self) -> Sums:
        return self.by_outcome.get(Outcome.APPROVED, NOTHING)

    @property
    def takes(self) -> int:
        """Without rehearsals, which are not made to be kept."""
        return self.now.takes - self.by_outcome.get(Outcome.REHEARSAL, NOTHING).takes

    @property
    def per_take(self) -> int | None:
        return each(self.now.spent, self.takes)

    @property
    def per_approved_take(self) -> int | None:
        return each(self.now.spent, self.approved.takes)

    @property
    def not_succeeded(self) -> int:
        """Jobs that failed or were stopped."""
        return self.now.jobs - self.now.succeeded

    @property
    def waste(self) -> list[Waste]:
        found = [(one, self.by_outcome.get(one, NOTHING).spent) for one in LABELS if one in WASTED]
        return [
            Waste(label=LABELS[one], outcome=one, amount=amount, share=self.share(amount))
            for one, amount in found
        ]

    @property
    def wasted(self) -> int:
        return sum(one.amount for one in self.waste)

    @property
    def wasted_share(self) -> int | None:
        return self.share(self.wasted)

    def share(self, amount: int) -> int | None:
        whole = self.now.spent
        return round(100 * amount / whole) if whole > 0 else None


def figures(team: Team, view: View, *, now: ByOutcome | None = None) -> Figures:
    """Four queries; three where the sums of the view's own days are known already."""
    found = _by_outcome(team, view) if now is None else now
    whole = Sums.of(found.values())
    return Figures(
        now=whole, before=_before(team, view), by_outcome=found, usd=in_usd(whole.spent, team),
        held=held(team, view), times=times(team, view),
    )  # fmt: skip


def _before(team: Team, view: View) -> Sums:
    """What the figures are compared with: what was spent, and what of it was approved."""
    found = summed(totals(team, view, view.earlier), "provider", names=["spent", "approved"])
    return Sums.of(sums for _, sums in found)


def _by_outcome(team: Team, view: View) -> ByOutcome:
    return {outcome: sums for (outcome,), sums in summed(totals(team, view, view.past), "outcome")}


# The column of a job for what it may be wanted by. A job that runs has no outcome but one.
OF_JOB = {
    "project": "clip__project", "person": "author", "provider": "provider", "model": "model",
    "template": "template__template", "tag": "clip__tags",
}  # fmt: skip


def held(team: Team, view: View) -> Held:
    """One query."""
    wanted = {OF_JOB[name]: key for name, key in view.wanted.items() if name in OF_JOB}
    jobs = Job.objects.of_team(team).filter(status__in=HOLDING, quoted__gt=0, **wanted)
    if view.wanted.get("decision", Outcome.OPEN) != Outcome.OPEN:
        jobs = jobs.none()
    uncertain = Sum("quoted", filter=Q(status=JobStatus.UNCERTAIN))
    found = jobs.aggregate(jobs=Count("pk"), amount=Sum("quoted"), uncertain=uncertain)
    return Held(jobs=found["jobs"], amount=found["amount"] or 0, uncertain=found["uncertain"] or 0)


def times(team: Team, view: View) -> list[Time]:
    """How long providers took, by the middle job of each, the quickest first. One query.

    They are kept per provider and day alone: of a view of one project they are the whole team's.
    """
    counted = _counted(team, view.past, view.wanted.get("provider", ""))
    found = [
        Time(provider=provider, seconds=middle, jobs=sum(buckets.values()))
        for provider, buckets in counted.items()
        if (middle := median(buckets)) is not None
    ]
    return sorted(found, key=lambda one: (one.seconds, one.provider))


def _counted(team: Team, days: Days, provider: str) -> Mapping[str, dict[int, int]]:
    rows = DailyTime.objects.filter(team=team, day__gte=days.first, day__lte=days.last)
    if provider:
        rows = rows.filter(provider=provider)
    counted: dict[str, dict[int, int]] = defaultdict(dict)
    grouped = rows.order_by().values_list("provider", "bucket").annotate(sum_jobs=Sum("jobs"))
    for slug, bucket, jobs in grouped:
        counted[slug][bucket] = jobs
    return counted
