"""Whether a provider is spoken to now: paused until an admin acts, or resting as it asked."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from studio import notices
from studio.core.errors import ProviderBlocked
from studio.models import Lane
from studio.models.lanes import LONGEST_REASON
from studio.pipeline.pace import LONGEST_ASKED_PAUSE


def pause(slug: str, error: ProviderBlocked) -> None:
    """Send nothing more until an admin has acted: the next order would be refused as well."""
    why = {"pause": error.category, "paused_for": error.message[:LONGEST_REASON]}
    lane = Lane.objects.filter(provider=slug)
    with transaction.atomic():
        if lane.filter(paused_for="").update(**why, paused_at=timezone.now()):
            notices.lane_paused(lane.get())
        else:
            lane.update(**why)


def resume(slug: str) -> bool:
    """Send again; False when the lane was not paused."""
    paused = Lane.objects.paused().filter(provider=slug)
    return bool(paused.update(pause="", paused_for="", paused_at=None, busy_until=None))


def rest(slug: str, seconds: float) -> None:
    """Leave the provider alone for so long; a longer rest that has begun goes on."""
    until = timezone.now() + timedelta(seconds=min(seconds, LONGEST_ASKED_PAUSE))
    lane = Lane.objects.filter(provider=slug)
    lane.exclude(busy_until__gt=until).update(busy_until=until)


def is_open(slug: str) -> bool:
    return not Lane.objects.closed().filter(provider=slug).exists()
