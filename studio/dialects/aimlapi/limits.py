"""What Kling 2.5 Turbo Pro takes at AI/ML API.

From the repository aimlapi/api-docs at f14fa72 (2026-08-21), docs/api-references/video-models/
Kling-AI: v2.5-turbo-pro-text-to-video.json and v2.5-turbo-pro-image-to-video.json, which agree with
https://docs.aimlapi.com/api-references/video-models/kling-ai/v2.5-turbo-pro-text-to-video. No page
of theirs that could be read states a price: so there is none here until an admin enters it.
"""

from studio.core.spec import Capability, Kind, Param, Way
from studio.dialects import kling

TEXT_TO_VIDEO = "klingai/v2.5-turbo/pro/text-to-video"
IMAGE_TO_VIDEO = "klingai/v2.5-turbo/pro/image-to-video"
PAGES = "https://docs.aimlapi.com/api-references/video-models/kling-ai"
CHECKED_ON = "2026-08-21"

PROMPT = Param(
    name="prompt", label="Prompt", kind=Kind.TEXT, high=2500, required=True,
    doubt="AI/ML API states no limit; 2,500 characters is what Kling itself takes.",
)  # fmt: skip
DURATION = Param(
    name="duration", label="Duration", kind=Kind.CHOICE, choices=(5, 10), default=5,
    required=True, unit="s",
)  # fmt: skip
ASPECT = Param(
    name="aspect", label="Ratio", kind=Kind.CHOICE, choices=("16:9", "9:16", "1:1"),
    default="16:9",
)  # fmt: skip
NEGATIVE_PROMPT = Param(
    name="negative_prompt", label="Negative prompt", kind=Kind.TEXT, high=2500,
    help="What should not be in the picture.",
)  # fmt: skip
CFG = Param(
    name="cfg", label="CFG scale", kind=Kind.NUMBER, low=0, high=1,
    help="How closely to follow the prompt.",
    doubt="Kling says that its 2.x models do not use it: it may be ignored.",
)  # fmt: skip
ROUTE = Param(
    name="route", label="Route", kind=Kind.CHOICE, choices=("auto", "kling", "klingai", "fal"),
    help="auto goes to Kling and, if that fails, to fal.ai; kling and klingai only to Kling.",
)  # fmt: skip

CAPABILITIES = (
    Capability(
        provider="aimlapi",
        model=TEXT_TO_VIDEO,
        label="Kling 2.5 Turbo Pro, from text",
        params=(PROMPT, DURATION, ASPECT, NEGATIVE_PROMPT, CFG, ROUTE),
        tells_cost=True,
        source=f"{PAGES}/v2.5-turbo-pro-text-to-video",
        checked_on=CHECKED_ON,
    ),
    Capability(
        provider="aimlapi",
        model=IMAGE_TO_VIDEO,
        label="Kling 2.5 Turbo Pro, from a picture",
        params=(PROMPT, DURATION, NEGATIVE_PROMPT, CFG, ROUTE),
        first_frame=True,
        needs=("first_frame",),
        wiser_pictures=kling.PICTURES,
        ways=(Way.LINK, Way.INLINE),
        tells_cost=True,
        source=f"{PAGES}/v2.5-turbo-pro-image-to-video",
        checked_on=CHECKED_ON,
    ),
)
