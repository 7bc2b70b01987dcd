"""What TransendAI's simulation takes.

Source unless a line says otherwise: TransendAI, Docs, "Kling 2.5 API", updated 2025-03-18, read
2026-11-20. It lists fields by an example and gives few limits; where ours are a guess, the
parameter's doubt says so. No price, no limit of the rate and no life of a link is documented.
"""

import math
from collections.abc import Mapping
from typing import Any

from studio.core import motion
from studio.core.errors import Problem
from studio.core.orders import Order
from studio.core.spec import Capability, Kind, Param, Way, unless
from studio.core.words import short

SOURCE = "TransendAI, Docs, Kling 2.5 API, updated 2025-03-18"
CHECKED_ON = "2026-11-20"
SLUG, LABEL, MODEL = "transend", "Transend", "kling2.5-simulation"
SENSORS = ("rgb", "depth", "normals", "optical_flow")
SMOOTH_RATE = 60
SPEED = "joint_speed_rad"
LONGEST = 60
UNNAMED = "The document does not name the field; TransendAI may ignore it."


def _prompt_or_motion(order: Order) -> Problem | None:
    """ "Provide either high-level prompts or explicit joint trajectories" (Motion Planning)."""
    if order.prompt.strip() or order.settings.get("motion"):
        return None
    return Problem("prompt", "Prompt is needed unless there is a motion: say what should happen.")


def _one_scene(order: Order) -> Problem | None:
    """A scene file, or "larger assets should be uploaded to S3 with signed URLs" (Guidance)."""
    link = order.settings.get("scene_link")
    if order.scene is None and not link:
        return Problem("scene", "Scene is needed: add a .glb or .fbx file, or give a link to one.")
    if order.scene is not None and link:
        return Problem("scene_link", "Scene link must be empty when there is a scene file.")
    return None


def _bounds(order: Order) -> Problem | None:
    """Names and numbers, such as "joint_speed_rad": 0.05 in the example."""
    bounds = order.settings.get("constraints")
    if not isinstance(bounds, Mapping):
        return None  # said by the parameter itself
    for name, value in bounds.items():
        if not _is_bound(value):
            what = f"“{short(name)}” must be a number of at least 0, not “{short(value)}”"
            return Problem("constraints", f"Limits: {what}.")
    return None


def _is_bound(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _smooth(order: Order) -> Problem | None:
    """ "Use frame rates ≥ 60 FPS for robotics applications that require smooth control curves"."""
    rate = order.settings.get("frame_rate")
    if not isinstance(rate, int) or rate >= SMOOTH_RATE:
        return None
    return Problem(
        "frame_rate",
        f"TransendAI advises at least {SMOOTH_RATE} frames a second for smooth curves.",
    )


def _slow_enough(order: Order) -> Problem | None:
    """The joint that turns fastest against the order's own limit, which is refused (Error Codes)."""
    bounds = order.settings.get("constraints")
    limit = bounds.get(SPEED) if isinstance(bounds, Mapping) else None
    if not limit or not _is_bound(limit) or not order.seconds:
        return None
    joints = motion.curves_of(order.settings.get("motion"))
    turns = [(motion.fastest(angles, order.seconds), name) for name, angles in joints.items()]
    (rate, at), name = max(turns, default=((0.0, 0.0), ""))
    if rate <= limit:
        return None
    needed = order.seconds * rate / limit
    fits = f" It fits in {math.ceil(needed)} s." if needed <= LONGEST else ""
    what = (
        f"“{short(name)}” turns at {rate:.3g} rad/s from {at:.3g} s on, over the limit of {limit:g}"
    )
    return Problem("motion", f"{what}; TransendAI refuses that.{fits}", name)


# Only the page of another model has a `webhook_url`; a field that this one does not know could
# cost every order, so it is asked instead: calls_back stays False.
CAPABILITY = Capability(
    provider=SLUG,
    model=MODEL,
    label=LABEL,
    scene=True,
    ways=(Way.PART,),
    source=SOURCE,
    checked_on=CHECKED_ON,
    rules=(_prompt_or_motion, _one_scene, _bounds),
    advice=(_smooth, _slow_enough),
    params=(
        Param(name="prompt", label="Prompt", kind=Kind.TEXT,
              help="What should happen; not needed where a motion says it."),
        Param(name="duration", label="Duration", kind=Kind.WHOLE, low=1, high=LONGEST, default=20,
              required=True, unit="s",
              doubt="The document gives no limits; its example has 20 seconds.", doubtful=unless(20)),
        Param(name="frame_rate", label="Frame rate", kind=Kind.WHOLE, low=1, high=240, default=60,
              unit="frames/s",
              doubt="The document gives no limits; it advises at least 60 for smooth curves.",
              doubtful=unless(60, 120)),
        Param(name="collision_detection", label="Collision detection", kind=Kind.FLAG,
              default=True),
        Param(name="sensors", label="Sensors", kind=Kind.SET, choices=SENSORS, low=1,
              high=len(SENSORS), default=("rgb",), required=True,
              help="RGB is a video; the others are archives of 16-bit PNG frames."),
        Param(name="constraints", label="Limits", kind=Kind.OBJECT,
              help='Names and numbers, such as {"joint_speed_rad": 0.05}.',
              doubt="The document names only joint_speed_rad.",
              doubtful=lambda bounds: set(bounds) != {"joint_speed_rad"}),
        Param(name="motion", label="Motion", kind=Kind.MOTION,
              help="Curves of joints by parts of the time; angles in radians.",
              doubt="The document shows joints; the shape of path splines is ours.",
              doubtful=lambda motion: bool(motion.get("paths"))),
        Param(name="materials", label="Materials", kind=Kind.LINKS, low=1, high=100,
              help="Links, where they are not inside the scene file.", doubt=UNNAMED),
        Param(name="hdri", label="HDRI", kind=Kind.LINK,
              help="A link, where it is not inside the scene file.", doubt=UNNAMED),
        Param(name="scene_link", label="Scene link", kind=Kind.LINK,
              help="A signed link to a scene of more than 200 MB.", doubt=UNNAMED),
    ),
)  # fmt: skip
