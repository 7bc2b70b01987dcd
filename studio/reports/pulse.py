"""What stands around every page and changes all the time, in one query."""

from typing import NamedTuple

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now

from studio.core.status import ACTIVE
from studio.models import Budget, Event, Job, Lane, PriceVersion, Rate, Team
from studio.models.prepared import Prepared


class Pulse(NamedTuple):
    """A team at one moment: `event` is the id of the newest event.

    `prices` counts the prices and rates that have begun and the prices that are over: both only ever
    grow, so another number is another price list.
    """

    available: int
    granted: int
    active_jobs: int
    event: int
    prices: int
    paused_lanes: int


def _count(
    rows: QuerySet[Job] | QuerySet[PriceVersion] | QuerySet[Rate] | QuerySet[Lane],
) -> Coalesce:
    counted = rows.order_by().values(one=Value(1)).annotate(number=Count("*")).values("number")
    return Coalesce(Subquery(counted), 0)


def _of_budget(part: str) -> Coalesce:
    return Coalesce(Subquery(Budget.objects.filter(team=OuterRef("pk")).values(part)), 0)


_OURS = Q(team=OuterRef("pk")) | Q(team=None)
_PULSE = Prepared(
    lambda team: Team.objects.filter(pk=team).values_list(
        _of_budget("available"),
        _of_budget("granted"),
        _count(Job.objects.filter(team=OuterRef("pk"), status__in=sorted(ACTIVE))),
        Coalesce(
            Subquery(Event.objects.order_by("-pk").values("pk")[:1]),
            0,
            output_field=IntegerField(),
        ),
        _count(PriceVersion.objects.filter(_OURS, valid_from__lte=Now()))
        + _count(PriceVersion.objects.filter(_OURS, valid_until__lte=Now()))
        + _count(Rate.objects.filter(_OURS, valid_from__lte=Now())),
        _count(Lane.objects.paused()),
    ),
    "team",
)


def pulse(team: Team) -> Pulse:
    (row,) = _PULSE.rows(team=team.pk)
    return Pulse(*row)
