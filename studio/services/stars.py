"""Stars, which the team gives together, and favorites, which are each member's own."""

from collections.abc import Collection

from django.db import transaction

from studio import permissions
from studio.core.errors import InvalidSelection, TooLate
from studio.models import Clip, Favorite, Member
from studio.services import looks

MOST = 5


def give(member: Member, clip: Clip, stars: int) -> int:
    """Give the clip's best take 0 to 5 stars; return how many it had. Raises TooLate."""
    permissions.require(permissions.can_review(member, clip), "give stars")
    if not 0 <= stars <= MOST:
        raise InvalidSelection(f"Stars must be 0 to {MOST}, not {stars}.")
    with transaction.atomic():
        clip.lock()
        if clip.cover is None:
            raise TooLate("This clip has no take yet; stars are for takes.")
        before = clip.cover.stars
        if before != stars:
            clip.cover.stars = stars
            clip.cover.save(update_fields=["stars"])
            looks.keep([clip.pk])
            clip.touch()
    return before


def like(member: Member, clips: Collection[Clip], *, liked: bool) -> None:
    """Put the clips among the member's favorites, or take them out."""
    ours = all(permissions.can_review(member, clip) for clip in clips)
    permissions.require(ours, "like clips of another team")
    if liked:
        looks.seen(clips)
        Favorite.objects.bulk_create(
            (Favorite(member=member, clip=clip) for clip in clips), ignore_conflicts=True
        )
    else:
        Favorite.objects.filter(member=member, clip__in=clips).delete()
