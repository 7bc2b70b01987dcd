"""What things are called on TransendAI's wire.

The document (see limits.py) has the address of an order, its fields and the finished answer. It
says neither how a task is asked for nor which words there are for its state: those here are what
its other pages let one expect ("Platform: task_id, status polling, and result URLs"), and what the
document does not have stands below the line that says so.
"""

from studio.core.wire import Verdict

ORDER_PATH = "/v1/videos/kling2.5/generation"
PAYLOAD, SCENE = "payload", "scene"
SCENE_SUFFIXES = (".glb", ".fbx")

# Our setting → its place in the payload.
PLACES: dict[str, tuple[str, ...]] = {
    "duration": ("duration",),
    "frame_rate": ("physics", "frame_rate"),
    "collision_detection": ("physics", "collision_detection"),
    "sensors": ("sensors",),
    "constraints": ("constraints",),
    "motion": ("motion",),
    # Not in the document:
    "materials": ("materials",),
    "hdri": ("hdri",),
    "scene_link": ("scene_url",),
}
PROMPT, CALLBACK = "prompt", "webhook_url"  # the second is of the sibling page Sora 2

# Their sensor → our name of what it gives.
STREAMS = {
    "rgb": "video",
    "depth": "depth",
    "optical_flow": "optical_flow",
    # Not in the document:
    "normals": "normals",
}
LOG = "physics_log"

# Not in the document: where a task is asked for, the likeliest first, and the states but the first.
POLL_PATHS = (f"{ORDER_PATH}/{{}}", "/v1/videos/tasks/{}", "/v1/tasks/{}")
VERDICTS = {
    "succeeded": Verdict.SUCCEEDED,
    "failed": Verdict.FAILED,
    "error": Verdict.FAILED,
    "cancelled": Verdict.FAILED,
    "canceled": Verdict.FAILED,
    "queued": Verdict.RUNNING,
    "processing": Verdict.RUNNING,
}
QUEUED, PROCESSING, SUCCEEDED, FAILED = "queued", "processing", "succeeded", "failed"
