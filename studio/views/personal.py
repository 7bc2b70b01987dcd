"""What a page of tiles is to one member alone: tiles are drawn once for everybody."""

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

from studio.models import Favorite, Member
from studio.models.prepared import Prepared

NOTHING = SafeString("")

# A page's clips lie close together, so the ends of their range say enough.
_LIKED = Prepared(
    lambda member, low, high: (
        Favorite.objects.filter(member=member, clip__gte=low, clip__lte=high)
        .order_by("clip")
        .values_list("clip")
    ),
    "member",
    "low",
    "high",
)


def personal(member: Member, clips: Sequence[int]) -> SafeString:
    """Which of these clips are the member's favorites, for static/js/personal.js."""
    if not clips:
        return NOTHING
    shown = set(clips)
    rows = _LIKED.rows(member=member.pk, low=min(clips), high=max(clips))
    liked = " ".join(str(clip) for (clip,) in rows if clip in shown)
    return mark_safe(f'<p data-liked="{liked}" hidden></p>') if liked else NOTHING  # noqa: S308
