"""Sums of daily totals for a view: the only place that asks the rollups for money."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Self

from django.db.models import BigIntegerField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from studio.core.money import MICRO
from studio.core.outcome import Outcome
from studio.core.periods import Days
from studio.models import DailyTotal, Team
from studio.reports.costs.names import FIELDS
from studio.reports.costs.view import View

THOUSAND = 1000


class Sums(NamedTuple):
    """Money in micro-credits, as in DailyTotal; `approved` are milliseconds of approved takes."""

    spent: int = 0
    charged: int = 0
    held: int = 0
    released: int = 0
    refunded: int = 0
    jobs: int = 0
    succeeded: int = 0
    failed: int = 0
    takes: int = 0
    milliseconds: int = 0
    approved: int = 0

    @classmethod
    def of(cls, parts: Iterable["Sums"]) -> Self:
        columns = list(zip(*parts, strict=True))
        return cls(*map(sum, columns)) if columns else cls()

    @property
    def given_back(self) -> int:
        """Before and after it was spent."""
        return self.released + self.refunded

    @property
    def is_free(self) -> bool:
        """Nothing was ever asked for it."""
        return not any(self[:5])

    @property
    def seconds(self) -> int:
        return round(self.milliseconds / THOUSAND)

    @property
    def approved_seconds(self) -> int:
        return round(self.approved / THOUSAND)

    @property
    def success(self) -> int | None:
        """Percent of those that were tried to the end: what somebody cancelled says nothing."""
        tried = self.succeeded + self.failed
        return round(100 * self.succeeded / tried) if tried else None

    @property
    def per_approved_second(self) -> int | None:
        """Micro-credits, None without any."""
        return each(self.spent * THOUSAND, self.approved)


NOTHING = Sums()


def each(whole: int, count: int) -> int | None:
    """What one of so many costs, to the nearest; None of none."""
    return (2 * whole + count) // (2 * count) if count else None


def in_usd(amount: int, team: Team) -> int:
    """Micro-USD of micro-credits, at what a credit costs now."""
    return amount * team.credit_price // MICRO


def totals(team: Team, view: View, days: Days) -> QuerySet[DailyTotal]:
    """The rows of these days that the view is about."""
    wanted = [FIELDS[name].is_called(key) for name, key in view.wanted.items()]
    rows = DailyTotal.objects.filter(team=team, day__gte=days.first, day__lte=days.last)
    return rows.filter(*wanted)


def summed(
    rows: QuerySet[DailyTotal], *columns: str, names: Sequence[str] = Sums._fields
) -> list[tuple[Sequence[Any], Sums]]:
    """The sums for each combination of what stands in these columns; of others 0. One query.

    Sums of just `spent` and `approved` are read off an index, far quicker than all of them.
    """
    parts = {f"sum_{name}": _sum(name) for name in names}
    found = rows.order_by().values_list(*columns).annotate(**parts)
    width = len(columns)
    places = [Sums._fields.index(name) for name in names]
    return [(row[:width], _placed(row[width:], places)) for row in found]


def _placed(amounts: Sequence[int], places: Sequence[int]) -> Sums:
    if len(places) == len(NOTHING):
        return Sums._make(amounts)
    whole = [0] * len(NOTHING)
    for place, amount in zip(places, amounts, strict=True):
        whole[place] = amount
    return Sums._make(whole)


def _sum(name: str) -> Coalesce:
    part = (
        Sum("milliseconds", filter=Q(outcome=Outcome.APPROVED)) if name == "approved" else Sum(name)
    )
    return Coalesce(part, Value(0), output_field=BigIntegerField())
