"""How many takes and bytes each choice of a download comes to, before anything is sent."""

from dataclasses import dataclass, replace

from django.db.models import Sum

from studio.core.errors import InvalidDownload
from studio.models import Take
from studio.reports.downloads.choice import Wanted, Which, chosen


@dataclass(frozen=True)
class Size:
    takes: int
    size: int


def sizes_of(wanted: Wanted) -> dict[str, Size]:
    """By the word of the choice; none where there is nothing, or too much."""
    return {which: _size(replace(wanted, which=which)) for which in Which}


def _size(wanted: Wanted) -> Size:
    try:
        takes = chosen(wanted)
    except InvalidDownload:
        return Size(0, 0)
    summed = Take.objects.filter(pk__in=takes).aggregate(size=Sum("video__size"))
    return Size(len(takes), summed["size"] or 0)
