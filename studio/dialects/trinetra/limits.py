"""What Kling 2.5 takes at Trinetra, and what a second costs.

From https://brahmand.bulletshorts.co/models/kling-v2.5, read on 2026-11-20. What its page leaves
open, and where Kling's own documents say something else, is a doubt or an advice, not a refusal.
"""

from studio.core.errors import Problem
from studio.core.money import MICRO
from studio.core.orders import Order
from studio.core.spec import Capability, Kind, Param, Way, unless
from studio.dialects import kling
from studio.dialects.base import ListPrice

SOURCE = "https://brahmand.bulletshorts.co/models/kling-v2.5"
CHECKED_ON = "2026-11-20"
MODEL = "kling-v2.5"
UNIT = "TRINETRA"  # "1 credit = ₹1" on the pages of its other models
SECONDS = 5
SIMPLE = "simple"

PARAMS = (
    Param(name="prompt", label="Prompt", kind=Kind.TEXT, high=2500, required=True,
          doubt="Trinetra states no limit; 2,500 characters is what Kling itself takes."),
    Param(name="duration", label="Duration", kind=Kind.WHOLE, low=1, high=10, default=SECONDS,
          required=True, unit="s",
          doubt="Kling 2.5 itself makes 5 or 10 s only; what Trinetra makes of another length is "
                "not known.", doubtful=unless(5, 10)),
    Param(name="aspect", label="Ratio", kind=Kind.CHOICE, choices=("16:9", "9:16", "1:1"),
          default="9:16",
          doubt="Trinetra does not list the ratios; these are Kling's.",
          doubtful=unless("9:16")),
    Param(name="resolution", label="Resolution", kind=Kind.CHOICE, choices=("720p", "1080p"),
          default="720p", required=True,
          doubt="Trinetra does not say what it makes without one, so it is always sent.",
          doubtful=unless("720p", "1080p")),
    Param(name="mode", label="Mode", kind=Kind.CHOICE, choices=("std", "pro"), default="std",
          doubt="The price list knows no mode: pro may cost more.", doubtful=unless("std")),
    Param(name="negative_prompt", label="Negative prompt", kind=Kind.TEXT, high=2500,
          help="What should not be in the picture."),
    Param(name="cfg", label="CFG scale", kind=Kind.NUMBER, low=0, high=1, default=0.5,
          help="How closely to follow the prompt.",
          doubt="May be ignored by Kling 2.x, says Trinetra."),
    Param(name="camera_type", label="Camera move", kind=Kind.CHOICE,
          choices=(SIMPLE, "down_back", "forward_up", "right_turn_forward", "left_turn_forward"),
          help="simple goes with the camera axes, and is meant where there are any; the other moves "
               "go without.",
          doubt="Kling's own list has no camera moves for 2.5: they may be ignored or refused."),
    Param(name="camera", label="Camera", kind=Kind.CAMERA, beside={"camera_type": (SIMPLE,)},
          help="Goes with the camera move simple, which need not be chosen for it.",
          doubt="Kling's documents contradict each other on pan and tilt: they may be the other "
                "way round.", doubtful=lambda axes: bool(axes.get("pan") or axes.get("tilt"))),
)  # fmt: skip


def short_last_frame(order: Order) -> Problem | None:
    """ "5s clips only" (last_frame_url)."""
    if order.last_frame is None or order.settings.get("duration", SECONDS) == SECONDS:
        return None
    return Problem(
        "last_frame",
        "Trinetra takes a last frame for clips of 5 s only: set the duration to 5 s, or take the "
        "last frame away.",
    )


def simple_has_axes(order: Order) -> Problem | None:
    """`config` belongs to the type simple (Kling's camera_control, whose object this is)."""
    if order.settings.get("camera_type") != SIMPLE or order.settings.get("camera"):
        return None
    return Problem("camera", "The camera move simple needs the camera axes: set at least one.")


def one_axis(order: Order) -> Problem | None:
    """Kling: "only one parameter should be non-zero" (camera_control, English copy of 2025)."""
    moved = [axis for axis, strength in order.camera.items() if strength]
    if len(moved) < 2:
        return None
    return Problem(
        "camera", "Kling itself moves the camera on one axis only; the others may be ignored."
    )


def last_frame_is_pro(order: Order) -> Problem | None:
    """AceDataCloud/Nexior#581: kling-v2-5-turbo in mode std takes no image_tail."""
    if order.last_frame is None or order.settings.get("mode") == "pro":
        return None
    return Problem("mode", "Kling itself makes a last frame in the mode pro only; choose pro.")


def last_frame_or_camera(order: Order) -> Problem | None:
    """Kling: image_tail and camera_control exclude each other (the same copy)."""
    moves = order.settings.get("camera_type") or any(order.camera.values())
    if order.last_frame is None or not moves:
        return None
    return Problem("camera_type", "Kling itself takes a last frame or a camera move, not both.")


CAPABILITIES = (
    Capability(
        provider="trinetra",
        model=MODEL,
        label="Kling 2.5",
        params=PARAMS,
        rules=(short_last_frame, simple_has_axes),
        advice=(one_axis, last_frame_is_pro, last_frame_or_camera),
        first_frame=True,
        last_frame=True,
        ways=(Way.LINK,),
        wiser_pictures=kling.PICTURES,
        calls_back=True,
        tells_cost=True,
        source=SOURCE,
        checked_on=CHECKED_ON,
    ),
)  # fmt: skip
PRICES = tuple(
    ListPrice(
        model=MODEL, per="second", amount=credits * MICRO, unit=UNIT,
        conditions={"resolution": resolution}, source=SOURCE, checked_on=CHECKED_ON,
    )
    for resolution, credits in (("720p", 10), ("1080p", 15))
)  # fmt: skip
