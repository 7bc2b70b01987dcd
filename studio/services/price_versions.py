"""How a price version takes its place among those of its kind, so that no two of them overlap."""

from datetime import UTC, datetime, tzinfo

from django.db import transaction
from django.utils import timezone

from studio.core.errors import InvalidPrice, PricesOverlap
from studio.core.money import words
from studio.core.prices import day_words
from studio.models import Lane, PriceVersion


def add(
    version: PriceVersion, *, begins: datetime | None, zone: tzinfo = UTC
) -> PriceVersion:  # fmt: skip
    """Store a version that begins then, or now. Raises InvalidPrice.

    Never earlier: what was ordered meanwhile was quoted, held and counted by the price of its
    moment, and a list that says otherwise afterwards would contradict the ledger. So none begins in
    a closed month either; what a provider charged otherwise is booked as a correction.
    """
    with transaction.atomic():
        # One after another: what is checked here still holds when the row is written.
        Lane.objects.select_for_update(no_key=True).filter(provider=version.provider).first()
        now = timezone.now()
        version.valid_from = begins or now
        _require_times(version, now)
        place(version, zone=zone)
    return version


def place(version: PriceVersion, *, zone: tzinfo = UTC) -> None:
    """Store a version unless another one of its kind is in the way. Raises PricesOverlap."""
    others = [one for one in _beside(version) if one.kind == version.kind]
    begun = [one for one in others if one.valid_from <= version.valid_from]
    later = [one for one in others if one.valid_from > version.valid_from]
    replaced = _in_the_way(version, begun[-1]) if begun else None
    if replaced and replaced.pk != version.replaces_id:
        raise PricesOverlap(_said_begun(replaced, zone), field="starts", other=replaced.pk)
    if later and version.valid_until and version.valid_until > later[0].valid_from:
        raise PricesOverlap(_said_later(later[0], zone), field="ends")
    version.replaces = replaced
    version.save()


def _beside(version: PriceVersion) -> list[PriceVersion]:
    rows = PriceVersion.objects.filter(
        team=version.team_id, provider=version.provider, model=version.model
    )
    return list(rows.order_by("valid_from", "pk"))


def _in_the_way(version: PriceVersion, last: PriceVersion) -> PriceVersion | None:
    """The last one that began, if the new one would begin with it or before its own end."""
    has_an_end = last.valid_until is not None and not last.is_over(version.valid_from)
    return last if last.valid_from == version.valid_from or has_an_end else None


def _require_times(version: PriceVersion, now: datetime) -> None:
    if version.valid_from < now:
        raise InvalidPrice(
            "From must be today or later: what was ordered keeps its price.", field="starts"
        )
    if version.is_over(version.valid_from):
        raise InvalidPrice("Until must be after From and after now.", field="ends")


def _said(version: PriceVersion) -> str:
    return f"{words(version.amount)} {version.unit} per {version.per}"


def _said_begun(other: PriceVersion, zone: tzinfo) -> str:
    starts = day_words(other.valid_from, zone)
    if not other.valid_until:
        return f"From must be another day: {_said(other)} begins on {starts} already."
    ends = day_words(other.valid_until, zone)
    return (
        f"From must be {ends} or later: {_said(other)} is valid from {starts} until then already."
    )


def _said_later(other: PriceVersion, zone: tzinfo) -> str:
    starts = day_words(other.valid_from, zone)
    return f"Until must be {starts} or earlier: {_said(other)} begins then already."
