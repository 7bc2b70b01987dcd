"""What OctopusX's three Kling models take.

Source unless a line says otherwise: docs.octopusx.ai/en/videos/kling, the pages generation and
overview, read 2026-11-20. No price is in its documents, so there is none here. It names a task's
model by what it bills ("kling-3.0-omni-720p-ref-audio"): resolution, reference and audio.

Negative prompt and CFG have no documented field; `ext_info` reaches whatever lies behind it.
"""

from collections.abc import Callable
from dataclasses import replace

from studio.core.errors import Problem
from studio.core.orders import Order
from studio.core.spec import Capability, Kind, Param, Rule, Way, unless
from studio.dialects import kling

SOURCE = "https://docs.octopusx.ai/en/videos/kling/generation"
CHECKED_ON = "2026-11-20"
SLUG, LABEL = "octopusx", "OctopusX"

ASPECTS = ("16:9", "9:16", "1:1")
RESOLUTIONS = ("720p", "1080p")
SCENE_TYPES = ("motion_control", "avatar_i2v", "lip_sync", "template_effect")
MOTION_LEVELS = ("std", "pro")

# Kling's own limit (its text2video page), which is what OctopusX passes a prompt on to.
LONGEST_PROMPT = 2500

SHORT = Param(
    name="duration", label="Duration", kind=Kind.CHOICE, choices=(5, 10), default=5,
    required=True, unit="s",
)  # fmt: skip
LONG = Param(
    name="duration", label="Duration", kind=Kind.WHOLE, low=5, high=15, default=5,
    required=True, unit="s",
    doubt="One page says 5 to 15 seconds, another only 5, 10 or 15: others may be refused.",
    doubtful=unless(5, 10, 15),
)  # fmt: skip
AUDIO = Param(name="audio", label="Audio", kind=Kind.FLAG, default=False)
SILENT = replace(
    AUDIO, doubt="Kling's own 2.5 makes no sound: it may be ignored or refused.",
    doubtful=bool,
)  # fmt: skip


def _params(duration: Param, audio: Param) -> tuple[Param, ...]:
    return (
        Param(name="prompt", label="Prompt", kind=Kind.TEXT, high=LONGEST_PROMPT, required=True),
        duration,
        Param(name="aspect", label="Ratio", kind=Kind.CHOICE, choices=ASPECTS, default="16:9",
              required=True, help="A first frame may bring its own ratio."),
        Param(name="resolution", label="Resolution", kind=Kind.CHOICE, choices=RESOLUTIONS,
              default="720p", required=True),
        audio,
        Param(name="scene_type", label="Scene type", kind=Kind.CHOICE, choices=SCENE_TYPES,
              help="Empty for a plain video."),
        Param(name="motion_level", label="Motion level", kind=Kind.CHOICE, choices=MOTION_LEVELS,
              help="Which tier motion control is billed at."),
        Param(name="offpeak", label="Off-peak", kind=Kind.FLAG, default=False,
              help="Made off-peak and billed at that rate; otherwise at once."),
        Param(name="reference_video", label="Reference video", kind=Kind.LINK),
        Param(name="file_infos", label="File infos", kind=Kind.OBJECTS,
              help="Passed on as they are: FileInfos of Tencent VOD.",
              doubt="The document does not say what is in them."),
        Param(name="ext_info", label="Ext info", kind=Kind.OBJECT,
              help="Passed on as it is: ExtInfo of Tencent VOD.",
              doubt="The document does not say what is in it."),
    )  # fmt: skip


def _level_alone(order: Order) -> Problem | None:
    """ "Motion level … used for motion control billing tiers" (generation)."""
    settings = order.settings
    if not settings.get("motion_level") or settings.get("scene_type") == "motion_control":
        return None
    words = "Motion level counts only for motion control; choose that scene type or leave it empty."
    return Problem("motion_level", words)


def _advises(scene_type: str, what: str, is_there: Callable[[Order], bool], field: str) -> Rule:
    """OctopusX says only what a scene type is for; what it works with is known from elsewhere.

    Kling's motion control, avatar and lip sync as another seller lists them
    (docs.scenario.com/docs/video-generation-kuaishou-technology, 2026-03-13). `file_infos` may
    bring it, too.
    """

    def rule(order: Order) -> Problem | None:
        if order.settings.get("scene_type") != scene_type or is_there(order):
            return None
        if order.settings.get("file_infos"):
            return None
        return Problem(field, f"{scene_type} works with {what}; add one.")

    return rule


def _has_first_frame(order: Order) -> bool:
    return order.first_frame is not None


def _has_video(order: Order) -> bool:
    return bool(order.settings.get("reference_video"))


def _last_frame_at_720p(order: Order) -> Problem | None:
    """Kling's capability map, kling-v2-5-turbo: first and last frame in pro mode only."""
    if order.last_frame is None or order.settings.get("resolution") != "720p":
        return None
    words = "Kling's own 2.5 takes a last frame only at 1080p; at 720p it may be refused."
    return Problem("last_frame", words)


ADVICE: tuple[Rule, ...] = (
    _level_alone,
    _advises("motion_control", "a reference video", _has_video, "reference_video"),
    _advises("motion_control", "a first frame", _has_first_frame, "first_frame"),
    _advises("lip_sync", "a reference video", _has_video, "reference_video"),
    _advises("avatar_i2v", "a first frame", _has_first_frame, "first_frame"),
)

OMNI = Capability(
    provider=SLUG,
    model="Kling-3.0-Omni",
    label="Kling 3.0 Omni",
    params=_params(LONG, AUDIO),
    first_frame=True,
    last_frame=True,
    ways=(Way.LINK,),
    wiser_pictures=kling.PICTURES,
    reports_progress=True,
    advice=ADVICE,
    source=SOURCE,
    checked_on=CHECKED_ON,
)
KLING_26 = replace(OMNI, model="Kling-2.6", label="Kling 2.6", params=_params(SHORT, AUDIO))
KLING_25 = replace(
    OMNI,
    model="Kling-2.5",
    label="Kling 2.5",
    params=_params(SHORT, SILENT),
    advice=(*ADVICE, _last_frame_at_720p),
)
CAPABILITIES = (KLING_25, KLING_26, OMNI)
