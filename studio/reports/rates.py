"""Rates of a team, with the time each was, is or will be valid."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from studio.models import Rate, Team

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class RateLine:
    """A rate; `until` is when the next one of its unit begins, None for none."""

    rate: Rate
    until: datetime | None
    now: datetime

    @property
    def is_planned(self) -> bool:
        return self.rate.valid_from > self.now

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until <= self.now


@dataclass(frozen=True, kw_only=True)
class RatePage:
    """The last to begin first; `before` is the key of the next page, None at the end."""

    lines: list[RateLine]
    before: int | None


def rate_page(team: Team, *, before: int | None = None) -> RatePage:
    """The team's rates and the studio's; of a `before` that is none of them the first page."""
    mine = Rate.objects.filter(Q(team=team) | Q(team=None))
    rows = _after(mine, before).annotate(until=Subquery(_next())).select_related("created_by__user")
    found = list(rows.order_by("-valid_from", "-pk")[: PAGE + 1])
    now = timezone.now()
    lines = [RateLine(rate=rate, until=rate.until, now=now) for rate in found[:PAGE]]
    return RatePage(lines=lines, before=lines[-1].rate.pk if len(found) > PAGE else None)


def _after(mine: QuerySet[Rate], key: int | None) -> QuerySet[Rate]:
    last = mine.filter(pk=key).first() if key is not None else None
    if last is None:
        return mine
    earlier = Q(valid_from__lt=last.valid_from) | Q(valid_from=last.valid_from, pk__lt=last.pk)
    return mine.filter(earlier)


def _next() -> QuerySet[Rate, datetime]:
    """When the next one of the same unit and team begins."""
    same = Rate.objects.alias(whose=Coalesce("team", 0)).filter(
        unit=OuterRef("unit"), whose=Coalesce(OuterRef("team"), 0),
        valid_from__gt=OuterRef("valid_from"),
    )  # fmt: skip
    return same.order_by("valid_from").values_list("valid_from", flat=True)[:1]
