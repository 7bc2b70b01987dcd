"""The fields of a Runware task and our names for them, for both directions."""

import uuid
from typing import Any

LABEL = "Runware"
VIDEO = "videoInference"
POLL = "getResponse"
AUTHENTICATION = "authentication"

# The only values that this model takes, and the cost, which is left out unless asked for.
ALWAYS: dict[str, Any] = {"outputType": "URL", "deliveryMethod": "async", "includeCost": True}

# Our setting → its field, where the value is the same.
PLAIN = {
    "negative_prompt": "negativePrompt",
    "duration": "duration",
    "cfg": "CFGScale",
    "count": "numberResults",
    "quality": "outputQuality",
    "ttl": "ttl",
    "upload_endpoint": "uploadEndpoint",
    "routing": "routing",
}
SAFETY = {"safety_check": "checkContent", "safety": "mode"}
FORMATS = {"mp4": "MP4", "webm": "WEBM", "mov": "MOV"}
# Ratio and resolution → width and height: runware.ai/docs/en/providers/klingai, read 2026-11-20.
SIZES = {
    ("16:9", "720p"): (1280, 720),
    ("1:1", "720p"): (720, 720),
    ("9:16", "720p"): (720, 1280),
}
FRAMES = {"first_frame": "first", "last_frame": "last"}

# Our name of anything that an order may have → its field.
THEIRS: dict[str, str] = {
    "prompt": "positivePrompt",
    "aspect": "width",
    "resolution": "height",
    "format": "outputFormat",
    "first_frame": "inputs.frameImages",
    "last_frame": "inputs.frameImages",
    **PLAIN,
    **{ours: f"safety.{theirs}" for ours, theirs in SAFETY.items()},
}


def task_uuid(reference: str) -> str:
    """The task's UUID of one of our references: the 32 hex digits at its end."""
    return str(uuid.UUID(hex=reference.replace("-", "")[-32:], version=4))


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list, or the one that stands there instead of a list."""
    listed = value if isinstance(value, list) else [value]
    return [item for item in listed if isinstance(item, dict)]
