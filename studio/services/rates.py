"""Rates: what one of a provider's own credits, or of a currency, costs from a day on."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from studio import permissions
from studio.core.errors import InvalidPrice, PricesOverlap
from studio.core.prices import day_words
from studio.models import Member, Rate


def set_rate(
    member: Member, *, unit: str, price: int, valid_from: datetime | None = None
) -> Rate:  # fmt: skip
    """From then on (None: now) one of the unit costs `price` pico-USD in this team.

    A job keeps the rate of its quote. Raises InvalidPrice for a rate that begins before now, as for
    prices, or at the same moment as another one.
    """
    permissions.require(permissions.can_price(member), "set rates")
    rate = Rate(
        team=member.team, unit=unit, price=price, created_by=member, source=f"Set by {member}"[:200]
    )
    return _add(rate, valid_from, ZoneInfo(member.team.time_zone))


def set_studio_rate(
    *, unit: str, price: int, source: str, valid_from: datetime | None = None
) -> Rate:  # fmt: skip
    """The same for teams without a rate of their own."""
    return _add(Rate(unit=unit, price=price, source=source), valid_from, UTC)


def _add(rate: Rate, valid_from: datetime | None, zone: tzinfo) -> Rate:
    now = timezone.now()
    rate.valid_from = valid_from or now
    if rate.valid_from < now:
        raise InvalidPrice(
            "From must be today or later: what was ordered keeps its rate.", field="starts"
        )
    try:
        with transaction.atomic():
            rate.save()
    except IntegrityError as error:
        raise PricesOverlap(_said_same(rate, zone), field="starts") from error
    return rate


def _said_same(rate: Rate, zone: tzinfo) -> str:
    day = day_words(rate.valid_from, zone)
    other = Rate.objects.get(team=rate.team_id, unit=rate.unit, valid_from=rate.valid_from)
    return f"From must be another day: a rate of {other.dollars} USD begins on {day} already."
