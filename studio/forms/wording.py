"""How a page says the values of parameters: by the parameter's name, since names mean the same
for every provider.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from studio.core.spec import Param


@dataclass(frozen=True, kw_only=True)
class Saying:
    """A value in words, and what there is to say about it."""

    words: str
    hint: str = ""
    icon: str = ""


# What the streams of a simulation are: Sensor Output Options of TransendAI, 2025-03-18.
SENSORS = {
    "rgb": Saying(words="RGB", hint="MP4, H.264, 1080p", icon="image"),
    "depth": Saying(words="Depth", hint="16-bit PNG, metres", icon="depth"),
    "normals": Saying(words="Normals", hint="float PNG, surface directions", icon="normal"),
    "optical_flow": Saying(words="Optical flow", hint="float PNG, motion in pixels", icon="flow"),
}
FLAGS = {True: Saying(words="On"), False: Saying(words="Off")}
TIERS = {"std": Saying(words="Standard"), "pro": Saying(words="Pro")}
CHOICES: Mapping[str, Mapping[Any, Saying]] = {
    "sensors": SENSORS,
    "mode": TIERS,
    "motion_level": TIERS,
    "format": {
        "mp4": Saying(words="MP4"),
        "mov": Saying(words="MOV"),
        "webm": Saying(words="WebM"),
    },
}


def said_choice(param: Param, value: Any) -> Saying:
    """One of the parameter's values, as the control offers it."""
    if isinstance(value, bool):
        return FLAGS[value]
    known = CHOICES.get(param.name, {})
    return known.get(value) or Saying(words=_with_unit(param, str(value).replace("_", " ")))


def said_value(param: Param, text: str) -> str:
    """The present value as a pill says it; "" for none."""
    return SAID.get(param.name, _said)(param, text) if text else ""


def _said(param: Param, text: str) -> str:
    known = {str(value): saying for value, saying in CHOICES.get(param.name, {}).items()}
    return known[text].words if text in known else _with_unit(param, text)


def _with_unit(param: Param, text: str) -> str:
    return f"{text} {param.unit}" if param.unit else text


def _said_takes(_param: Param, text: str) -> str:
    return "1 take" if text == "1" else f"{text} takes"


SAID: dict[str, Callable[[Param, str], str]] = {"count": _said_takes}
