"""What stands around every page and changes all the time, in one query."""

from typing import NamedTuple

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now

from studio.core.status import ACTIVE
from studio.models import Budget, Job, JobEvent, Lane, PriceVersion, Team
from studio.models.prepared import Prepared


class Pulse(NamedTuple):
    """A team at one moment: `event` is the id of the newest event, `prices` how many are valid.

    Prices are only ever added, so another number of them is another price list.
    """

    available: int
    granted: int
    active_jobs: int
    event: int
    prices: int
    paused_lanes: int


def _count(rows: QuerySet[Job] | QuerySet[PriceVersion] | QuerySet[Lane]) -> Coalesce:
    counted = rows.order_by().values(one=Value(1)).annotate(number=Count("*")).values("number")
    return Coalesce(Subquery(counted), 0)


def _of_budget(part: str) -> Coalesce:
    return Coalesce(Subquery(Budget.objects.filter(team=OuterRef("pk")).values(part)), 0)


_PULSE = Prepared(
    lambda team: Team.objects.filter(pk=team).values_list(
        _of_budget("available"),
        _of_budget("granted"),
        _count(Job.objects.filter(team=OuterRef("pk"), status__in=sorted(ACTIVE))),
        Coalesce(
            Subquery(JobEvent.objects.order_by("-pk").values("pk")[:1]),
            0,
            output_field=IntegerField(),
        ),
        _count(
            PriceVersion.objects.filter(
                Q(team=OuterRef("pk")) | Q(team=None), valid_from__lte=Now()
            )
        ),
        _count(Lane.objects.paused()),
    ),
    "team",
)


def pulse(team: Team) -> Pulse:
    (row,) = _PULSE.rows(team=team.pk)
    return Pulse(*row)
