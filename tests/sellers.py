"""Providers for tests of forms and commands: between them they have every kind of parameter.

They are put beside the studio's own ones; nothing is ever sent to them.
"""

from studio.core.errors import Problem
from studio.core.pictures import PictureLimits
from studio.core.spec import Capability, Kind, Param
from studio.providers.base import Provider

PROMPT = Param(name="prompt", label="Prompt", kind=Kind.TEXT, required=True)
NEEDS = "Locked has no key; an admin can set LOCKED_API_KEY."
SMOOTH = "Frame rate should be at least 60 fps for robots, so that their curves are smooth."
BLOCKED = "Lab can not reach this studio; set DAILIES_PUBLIC_URL to send frames there."


def _slow(order):
    rate = order.settings.get("frame_rate")
    return Problem("frame_rate", SMOOTH) if rate and rate < 60 else None


def _needs_a_scene(order):
    if order.scene is None and not order.settings.get("scene_link"):
        return Problem("scene", "A scene is needed: add a file or give a link.")
    return None


LAB = Capability(
    provider="lab", model="lab-sim", label="Lab Simulation", scene=True,
    rules=(_needs_a_scene,), advice=(_slow,),
    params=(
        Param(name="prompt", label="Prompt", kind=Kind.TEXT),
        Param(name="duration", label="Duration", kind=Kind.WHOLE, low=1, high=60, default=20,
              required=True, unit="s"),
        Param(name="sensors", label="Sensors", kind=Kind.SET,
              choices=("rgb", "depth", "normals", "optical_flow"), low=1, default=("rgb",)),
        Param(name="frame_rate", label="Frame rate", kind=Kind.WHOLE, low=1, high=1000,
              default=120, unit="fps"),
        Param(name="collision_detection", label="Collision detection", kind=Kind.FLAG, default=True),
        Param(name="constraints", label="Constraints", kind=Kind.OBJECT),
        Param(name="motion", label="Motion", kind=Kind.MOTION),
        Param(name="scene_link", label="Scene link", kind=Kind.LINK),
        Param(name="materials", label="Materials", kind=Kind.LINKS, high=4),
        Param(name="hdri", label="HDRI", kind=Kind.LINK),
    ),
)  # fmt: skip

FULL = Capability(
    provider="lab", model="lab-film", label="Lab Film", first_frame=True, last_frame=True,
    needs=("first_frame",),
    pictures=PictureLimits(shortest=100),
    wiser_pictures=PictureLimits(times_longer=2, by="Lab elsewhere"),
    params=(
        PROMPT,
        Param(name="duration", label="Duration", kind=Kind.CHOICE, choices=(5, 10), default=5,
              required=True, unit="s"),
        Param(name="aspect", label="Ratio", kind=Kind.CHOICE, choices=("16:9", "9:16", "1:1")),
        Param(name="cfg", label="Stick to the prompt", kind=Kind.NUMBER, low=0, high=1, step=0.01,
              default=0.5, doubt="Lab may ignore this."),
        Param(name="mode", label="Mode", kind=Kind.CHOICE, choices=("std", "pro"), default="std"),
        Param(name="negative_prompt", label="Leave out", kind=Kind.TEXT, low=2, high=2500),
        Param(name="route", label="Route", kind=Kind.CHOICE,
              choices=("auto", "a", "b", "c", "d", "e")),
        Param(name="camera", label="Camera", kind=Kind.CAMERA, high=1,
              beside={"camera_type": ("simple",)}),
        Param(name="camera_type", label="Camera type", kind=Kind.CHOICE,
              choices=("simple", "down_back")),
        Param(name="audio", label="Sound", kind=Kind.FLAG),
        Param(name="seed", label="Seed", kind=Kind.SEED, low=0, high=99),
        Param(name="ttl", label="Kept for", kind=Kind.WHOLE, low=60, unit="s"),
        Param(name="layers", label="Layers", kind=Kind.SET, choices=("a", "b"), default=("a",)),
        Param(name="file_infos", label="File infos", kind=Kind.OBJECTS),
        Param(name="ext_info", label="Ext info", kind=Kind.OBJECT),
        Param(name="upload_endpoint", label="Upload endpoint", kind=Kind.LINK),
    ),
)  # fmt: skip

# It knows words only: no camera, no files.
PLAIN = Capability(
    provider="lab", model="lab-plain", label="Lab Plain",
    params=(PROMPT, Param(name="duration", label="Duration", kind=Kind.CHOICE, choices=(5, 10),
                          default=5, required=True, unit="s")),
)  # fmt: skip

LOCKED = Capability(
    provider="locked", model="locked-1", label="Locked 1",
    params=(PROMPT, Param(name="duration", label="Duration", kind=Kind.CHOICE, choices=(5, 10),
                          default=5, required=True, unit="s")),
)  # fmt: skip


class Lab(Provider):
    slug = "lab"
    label = "Lab"
    capabilities = (FULL, LAB, PLAIN)
    blocked = ""

    def file_problem(self, able, name):
        return self.blocked


class Locked(Provider):
    slug = "locked"
    label = "Locked"
    capabilities = (LOCKED,)
    needs = NEEDS
