"""Tells whom it concerns that a limit is nearly used, or used up: once per threshold and period."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from studio import ledger, notices
from studio.models import CapPeriod

LONGEST = timedelta(days=33)  # so long ago at most a month began, whatever the time zone
AT_ONCE = 200


def tell() -> int:
    """Say how many were told."""
    return sum(_tell(period) for period in _passed()[:AT_ONCE])


def _passed() -> QuerySet[CapPeriod]:
    """Periods in which a threshold was passed that nobody was told of."""
    recent = Q(starts_on__gte=timezone.now().date() - LONGEST) | Q(starts_on=date.min)
    warned = Q(warned_at=None, used__gte=F("limit") * F("cap__warn_at") / 100)
    reached = Q(reached_at=None, used__gte=F("limit"))
    standing = CapPeriod.objects.filter(recent, warned | reached, cap__removed_at=None, used__gt=0)
    return standing.select_related("cap__team", "cap__project", "cap__member__user").order_by("pk")


def _tell(period: CapPeriod) -> bool:
    """Mark it first; False when another worker has. Used up says also that it is nearly used."""
    marks = ["warned_at", "reached_at"] if period.is_reached else ["warned_at"]
    unmarked = CapPeriod.objects.filter(pk=period.pk, **{marks[-1]: None})
    with transaction.atomic():
        marked = unmarked.update(**dict.fromkeys(marks, timezone.now()))
        if marked:
            notices.cap_passed(period, whose=ledger.title_of(period.cap))
    return bool(marked)
