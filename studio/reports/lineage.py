"""Where a clip came from and where it went."""

from dataclasses import dataclass

from studio.models import Asset, Clip

MOST_BACK = 8
# Video models lose a little at each step: people of the trade see it from the fifth on.
MOST_LINKS = 4
DRIFT = (
    f"This chain has more than {MOST_LINKS} links: colors, faces and sharpness drift further from "
    "the first picture with each. Compare it with the first clip, or start again from a picture."
)


@dataclass(frozen=True, kw_only=True)
class Ancestor:
    """One step of the way: a clip with the take that was continued, or an uploaded picture.

    `frame` is the one that the next step goes on after, None for the last.
    """

    clip: Clip | None = None
    asset: Asset | None = None
    frame: int | None = None


def back(clip: Clip) -> list[Ancestor]:
    """From the first known ancestor down to the clip's parent; at most eight steps."""
    steps: list[Ancestor] = []
    current = clip
    while current.came_from_id and len(steps) < MOST_BACK:
        parent = Clip.objects.select_related("cover__poster", "came_from").get(
            takes__pk=current.came_from_id
        )
        steps.append(Ancestor(clip=parent, frame=current.came_from_frame))
        current = parent
    return [*_uploads(current), *reversed(steps)]


def _uploads(clip: Clip) -> list[Ancestor]:
    """The pictures that the first clip of the chain was made from."""
    job = clip.jobs.order_by("pk").first()
    keys = [job.order.first_frame, job.order.last_frame] if job else []
    found = Asset.objects.filter(team_id=clip.team_id).in_bulk([key for key in keys if key])
    return [Ancestor(asset=found[key]) for key in keys if key in found]


def onward(clip: Clip) -> list[Clip]:
    """The clips that continue a take of this one, oldest first."""
    children = Clip.objects.filter(came_from__clip=clip).select_related("cover__poster")
    return list(children.order_by("pk")[:12])


def drifts(clip: Clip) -> bool:
    """Whether another link after this clip makes the chain longer than is wise."""
    links = "__clip__".join(["came_from"] * MOST_LINKS)
    return Clip.objects.filter(pk=clip.pk, **{f"{links}__isnull": False}).exists()
