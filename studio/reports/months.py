"""Months of a ledger: those that are closed, and what would be frozen if the next one were."""

from dataclasses import dataclass
from datetime import date

from studio import ledger
from studio.core.status import ACTIVE, JobStatus
from studio.ledger import months
from studio.models import ClosedMonth, EntryKind, Job, LedgerEntry, Team
from studio.reports.entries import EntryFilter

MOST_NAMED = 10
HOLDING = ACTIVE - {JobStatus.WAITING}


@dataclass(frozen=True, kw_only=True)
class Next:
    """The next month to close. `is_over` by the team's clocks; before that it can not be closed.

    `jobs` are the first of the `open` ones that were ordered by its end and still hold money:
    what becomes of it is booked in a later month.
    """

    month: date
    last_day: date
    is_over: bool
    granted: int
    held: int
    spent: int
    entries: int
    jobs: list[Job]
    open: int

    @property
    def more(self) -> int:
        return self.open - len(self.jobs)


@dataclass(frozen=True, kw_only=True)
class Closed:
    """A closed month, and its entries as the address of a ledger has them."""

    row: ClosedMonth
    days: str


def closed(team: Team) -> list[Closed]:
    """The newest one first; twelve a year, so there is one page."""
    rows = ClosedMonth.objects.filter(team=team).select_related("closed_by__user")
    return [Closed(row=row, days=_days(row.month).query) for row in rows.order_by("-month")]


def _days(month: date) -> EntryFilter:
    return EntryFilter(since=month, until=months.last_day(month))


def upcoming(team: Team) -> Next | None:
    """None where nothing is booked yet."""
    month = months.next_to_close(team, ledger.team_budget(team))
    if month is None:
        return None
    last_day = months.last_day(month)
    holds = LedgerEntry.objects.filter(team=team, kind=EntryKind.HOLD, day__lte=last_day)
    jobs = Job.objects.of_team(team).filter(status__in=HOLDING)
    holding = jobs.filter(pk__in=holds.filter(job__in=jobs).values("job")).order_by("pk")
    return Next(
        month=month, last_day=last_day, is_over=months.is_over(team, month),
        jobs=list(holding.select_related("clip")[:MOST_NAMED]), open=holding.count(),
        **months.sums(team, month),
    )  # fmt: skip
