"""Where a clip came from and where it went."""

from dataclasses import dataclass

from django.db.models import QuerySet

from studio.models import Asset, Clip, Note

MOST_BACK = 8
ONWARD = ("came_from__clip", "fixes__clip")
# Video models lose a little at each step: people of the trade see it from the fifth on.
MOST_LINKS = 4
DRIFT = (
    f"This chain has more than {MOST_LINKS} links: colors, faces and sharpness drift further from "
    "the first picture with each. Compare it with the first clip, or start again from a picture."
)


@dataclass(frozen=True, kw_only=True)
class Ancestor:
    """One step of the way: a clip with the take that was continued, or an uploaded picture.

    `frame` is the one that the next step goes on after, None for the last. `note` is what the next
    step was to fix.
    """

    clip: Clip | None = None
    asset: Asset | None = None
    frame: int | None = None
    note: Note | None = None


def back(clip: Clip) -> list[Ancestor]:
    """From the first known ancestor down to the clip's parent; at most eight steps."""
    steps: list[Ancestor] = []
    current = clip
    while (parent := _parent(current)) and len(steps) < MOST_BACK:
        steps.append(Ancestor(clip=parent, frame=current.came_from_frame, note=current.fixes))
        current = parent
    return [*_uploads(current), *reversed(steps)]


def _parent(clip: Clip) -> Clip | None:
    """Whose take it continues; of one that was to fix a note and continues none, the note's clip."""
    known = Clip.objects.select_related("cover__poster", "fixes__take")
    if clip.came_from_id:
        return known.get(takes__pk=clip.came_from_id)
    return known.get(pk=clip.fixes.clip_id) if clip.fixes else None


def _uploads(clip: Clip) -> list[Ancestor]:
    """The pictures that the first clip of the chain was made from."""
    job = clip.jobs.order_by("pk").first()
    keys = [job.order.first_frame, job.order.last_frame] if job else []
    found = Asset.objects.filter(team_id=clip.team_id).in_bulk([key for key in keys if key])
    return [Ancestor(asset=found[key]) for key in keys if key in found]


def onward(clip: Clip) -> list[Clip]:
    """The clips that continue a take of this one or were to fix a note on it, oldest first."""
    ways = (Clip.objects.filter(**{way: clip}).values("pk") for way in ONWARD)
    children = Clip.objects.filter(pk__in=QuerySet.union(*ways)).select_related(
        "cover__poster", "fixes"
    )
    return list(children.order_by("pk")[:12])


def drifts(clip: Clip) -> bool:
    """Whether another link after this clip makes the chain longer than is wise."""
    links = "__clip__".join(["came_from"] * MOST_LINKS)
    return Clip.objects.filter(pk=clip.pk, **{f"{links}__isnull": False}).exists()
