"""The camera's six axes as one field."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from studio.core.camera import AXES, AXIS_NAMES
from studio.core.moves import WHOLE_MOVES
from studio.core.spec import Capability, Kind, Param
from studio.forms.typed import Typed

# The camera beside a model that takes none: it can still be said in the words of the prompt.
SPOKEN = Param(name="camera", label="Camera", kind=Kind.CAMERA)


def camera_of(able: Capability) -> Param | None:
    """The parameter by which this model moves its camera, SPOKEN, or None where there is nothing
    that a camera of ours could look at.
    """
    found = next((param for param in able.params if param.kind == Kind.CAMERA), None)
    return found or (None if able.scene else SPOKEN)


def types_of(able: Capability) -> Param | None:
    """The parameter that chooses one of a model's own moves."""
    return next((param for param in able.params if set(param.choices) & set(WHOLE_MOVES)), None)


def said_rule(able: Capability) -> str:
    """What this model does with a camera, as a sentence."""
    camera, types = camera_of(able), types_of(able)
    if camera is None:
        return ""
    if camera is SPOKEN:
        return "This model makes its own moves only." if types else IGNORED
    if camera.high == 1:
        return "It moves the camera on one axis at a time."
    most = f"Up to {camera.high:g}" if camera.high else "All six"
    return (
        f"{most} camera axes go through as numbers{', or one of its own moves' if types else ''}."
    )


IGNORED = "This model ignores camera control."


class CameraInput(forms.Widget):
    """Reads `camera_pan`, `camera_zoom` … into one mapping; zeros are a camera that stays still.

    `others` are parameters whose names only look like axes, such as `camera_type`.
    """

    others: frozenset[str] = frozenset()

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> dict[str, str]:
        prefix = f"{name}_"
        axes = [key for key in data if key.startswith(prefix) and key not in self.others]
        return {key.removeprefix(prefix): data[key] for key in axes if data[key] != ""}


class CameraField(Typed):
    widget = CameraInput

    def __init__(self, param: Param) -> None:
        super().__init__(param)

    def stand_beside(self, names: Iterable[str]) -> None:
        self.widget.others = frozenset(names)

    def to_python(self, value: Any) -> Any:
        axes = {axis: _number(strength) for axis, strength in (value or {}).items()}
        return {axis: strength for axis, strength in axes.items() if strength != 0}

    def written(self, value: Mapping[str, Any] | None) -> list[tuple[str, str]]:
        return [
            (f"{self.param.name}_{axis}", self.text(strength))
            for axis, strength in self.to_python(value).items()
        ]

    def rows(self, value: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        """Each axis with its words and its present strength, for the sliders."""
        strengths = value or {}
        return [
            {"axis": axis, "value": self.text(strengths.get(axis.name, 0.0)), "short": axis.name[0]}
            for axis in AXES
        ]


def _number(text: Any) -> Any:
    try:
        return float(text)
    except (TypeError, ValueError):
        return text


def parts(name: str) -> tuple[str, ...]:
    """The names under which a form sends the camera."""
    return tuple(f"{name}_{axis}" for axis in AXIS_NAMES)
