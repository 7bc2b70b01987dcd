"""Who looked at what: reports tell clips that nobody ever opened from those that somebody did."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from studio.ledger import days
from studio.models import Clip


def seen(clips: Iterable[Clip]) -> None:
    """Somebody opens these clips. Only the first time is kept, and only where there is a take."""
    new = {clip.pk for clip in clips if clip.looked_at is None and clip.take_count}
    if not new:
        return
    with transaction.atomic():
        Clip.objects.filter(pk__in=new).lock()
        keep(new)


def keep(clips: Collection[int]) -> None:
    """As `seen`, in the transaction of what somebody says of them. They are locked."""
    if is_first(clips):
        days.of_clips(clips)


def is_first(clips: Collection[int]) -> bool:
    """As `keep`; where it is the first time of any, the caller has to mark their days."""
    unseen = Clip.objects.filter(pk__in=clips, looked_at=None, take_count__gt=0)
    return bool(unseen.update(looked_at=timezone.now()))
