"""Where each setting stands in the director, and what `shoot --help` says together.

A table of parameter names, which mean the same for every provider: no template knows a provider,
and a parameter that is not in it stands under “More settings”.
"""

from collections.abc import Iterable
from dataclasses import dataclass

SHOT, MIDDLE, OUTPUT = "shot", "middle", "output"


@dataclass(frozen=True, kw_only=True)
class Section:
    """`column` is one of the director's three; one that `folds` is closed until it is asked for."""

    name: str
    title: str
    column: str
    params: tuple[str, ...] = ()
    folds: bool = False


MORE = Section(name="more", title="More settings", column=MIDDLE, folds=True)
SECTIONS = (
    Section(
        name="shot", title="Shot", column=SHOT,
        params=("negative_prompt", "cfg", "mode", "motion_level", "scene_type", "reference_video",
                "seed"),
    ),
    Section(name="camera", title="Camera", column=MIDDLE, params=("camera", "camera_type", "sway")),
    Section(name="scene", title="Scene", column=SHOT, params=("scene_link", "materials", "hdri")),
    Section(name="motion", title="Motion", column=MIDDLE, params=("motion",)),
    Section(name="sensors", title="Sensors", column=MIDDLE, params=("sensors",)),
    Section(
        name="physics", title="Physics", column=MIDDLE,
        params=("frame_rate", "collision_detection", "constraints"),
    ),
    Section(name="sound", title="Sound", column=MIDDLE, params=("audio",)),
    Section(name="safety", title="Safety", column=MIDDLE, params=("safety", "safety_check")),
    Section(
        name="output", title="Output", column=OUTPUT,
        params=("duration", "resolution", "aspect", "count", "format", "quality"),
    ),
    MORE,
)  # fmt: skip
_SECTION_OF = {name: section for section in SECTIONS for name in section.params}


def section_of(name: str) -> Section:
    return _SECTION_OF.get(name, MORE)


def in_order(names: Iterable[str]) -> list[str]:
    """By section, within it as the table has them, then as they were given."""
    known = [name for section in SECTIONS for name in section.params]
    given = list(names)
    return [name for name in known if name in given] + [n for n in given if n not in known]
