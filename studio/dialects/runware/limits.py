"""What Runware takes for KlingAI 2.5 Turbo Pro, and what it costs.

From the provider's page of the model, its page of KlingAI's models (dimensions) and its list of
prices; where they contradict each other or Kling's own documents, the parameter says so.
"""

from studio.core.errors import Problem
from studio.core.money import micros
from studio.core.orders import Order
from studio.core.pictures import PictureLimits
from studio.core.spec import Capability, Kind, Param, Way
from studio.dialects.base import ListPrice

MODEL = "klingai:6@1"
SOURCE = "https://runware.ai/docs/models/klingai-2-5-turbo-pro"
CHECKED_ON = "2026-11-20"
# "Input image requirements: Width and height between 300-2048 pixels, 20MB file size limit": so at
# every KlingAI model of the page.
PICTURES = PictureLimits(
    shortest=300, longest=2048, megabytes=20,
    source="https://runware.ai/docs/en/providers/klingai", checked_on="2026-11-21",
)  # fmt: skip


def _mode_needs_check(order: Order) -> Problem | None:
    mode = order.settings.get("safety")
    if mode in (None, "", "none") or order.settings.get("safety_check"):
        return None
    fix = "turn the check on, or choose none"
    return Problem("safety_check", f"Safety mode “{mode}” needs the safety check: {fix}.")


def _check_needs_mode(order: Order) -> Problem | None:
    if order.settings.get("safety_check") and order.settings.get("safety") == "none":
        what = "The safety check is on, but its mode none checks nothing: choose fast or full."
        return Problem("safety", what)
    return None


CAPABILITY = Capability(
    provider="runware",
    model=MODEL,
    label="Kling 2.5 Turbo Pro",
    first_frame=True,
    last_frame=True,
    ways=(Way.LINK, Way.UPLOAD, Way.INLINE),
    pictures=PICTURES,
    calls_back=True,
    tells_cost=True,
    rules=(_mode_needs_check,),
    advice=(_check_needs_mode,),
    source=SOURCE,
    checked_on=CHECKED_ON,
    params=(
        Param(name="prompt", label="Prompt", kind=Kind.TEXT, low=2, high=2500, required=True),
        Param(name="negative_prompt", label="Negative prompt", kind=Kind.TEXT, low=2, high=2500,
              doubt="May be ignored: the provider says that it counts only above a CFG scale of 1, "
                    "which is the highest there is."),
        Param(name="duration", label="Duration", kind=Kind.CHOICE, choices=(5, 10), default=5,
              required=True, unit="s"),
        Param(name="aspect", label="Ratio", kind=Kind.CHOICE, choices=("16:9", "1:1", "9:16"),
              default="16:9", required=True),
        Param(name="resolution", label="Resolution", kind=Kind.CHOICE, choices=("720p",),
              default="720p", required=True,
              doubt="The provider takes the dimensions of 720p but speaks of 1080p clips: "
                    "what comes may be larger."),
        Param(name="cfg", label="CFG scale", kind=Kind.NUMBER, low=0, high=1, step=0.01,
              default=0.5,
              help="How closely the prompt is followed.",
              doubt="May be ignored: Kling's own documents say that its version 2 has none."),
        Param(name="count", label="Takes", kind=Kind.WHOLE, low=1, high=4, default=1,
              required=True, help="Each take is paid for, and has a seed of its own."),
        Param(name="format", label="Format", kind=Kind.CHOICE, choices=("mp4", "webm", "mov"),
              default="mp4", required=True),
        Param(name="quality", label="Quality", kind=Kind.WHOLE, low=20, high=99, default=95),
        Param(name="safety_check", label="Safety check", kind=Kind.FLAG, default=False),
        Param(name="safety", label="Safety mode", kind=Kind.CHOICE,
              choices=("none", "fast", "full"),
              help="fast looks at key frames, full at all of them; with the check on and no mode "
                   "chosen it is fast."),
        Param(name="ttl", label="Link lifetime", kind=Kind.WHOLE, low=60, unit="s",
              help="How long the provider keeps its link; the studio stores the video at once."),
        Param(name="upload_endpoint", label="Upload address", kind=Kind.LINK,
              help="The provider also puts the video there, by HTTP PUT.",
              doubt="The provider does not say whether the studio still gets the video then."),
        Param(name="routing", label="Routing", kind=Kind.OBJECT,
              doubt="The provider's own client knows it, but no document says what goes into it."),
    ),
)  # fmt: skip

PRICES = (
    ListPrice(model=MODEL, per="second", amount=micros("0.07"), source=SOURCE,
              checked_on=CHECKED_ON),
)  # fmt: skip
