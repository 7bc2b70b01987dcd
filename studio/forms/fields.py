"""Form fields for the values of a model: they read what was typed and judge nothing.

Limits are checked in one place (`studio.orders.check`), so that the form and the command line say
the same sentence. What cannot be read stays as it was typed, and the check names it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from studio.core.camera import AXES
from studio.core.spec import Kind, Param

# Up to so many whole numbers are shown side by side; more of them get a slider.
MOST_SEGMENTS = 4


class Typed(forms.Field):
    """A value read by `read`; unreadable text is kept for the check to name."""

    def __init__(self, param: Param, read: Callable[[str], Any] = str) -> None:
        super().__init__(required=False, label=param.label, help_text=param.help)
        self.param = param
        self.read = read

    @property
    def control(self) -> str:
        """The name of the template in `compose/controls/` that draws this field."""
        return _control(self.param)

    @property
    def options(self) -> list[tuple[str, str]]:
        """Value and words of each choice, for controls that show them side by side."""
        param = self.param
        values = param.choices or range(int(param.low or 0), int(param.high or 0) + 1)
        words = _said_format if param.name == "format" else _words
        return [(str(value), words(param, value)) for value in values]

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self.read(value.strip())
        except ValueError:
            return value or None

    def said(self, value: Any) -> str:
        """The value in a few words, as a pill shows it: “5 s”, “2 takes”."""
        return SAID.get(self.param.name, _words)(self.param, value)


def _words(param: Param, value: Any) -> str:
    return f"{value} {param.unit}" if param.unit else str(value)


def _said_takes(_param: Param, value: Any) -> str:
    return "1 take" if str(value) == "1" else f"{value} takes"


def _said_format(_param: Param, value: Any) -> str:
    return {"webm": "WebM"}.get(str(value), str(value).upper())


SAID: dict[str, Callable[[Param, Any], str]] = {"count": _said_takes, "format": _said_format}


def _control(param: Param) -> str:
    if param.kind == Kind.WHOLE and (param.high or 0) - (param.low or 0) >= MOST_SEGMENTS:
        return "number"
    return CONTROLS[param.kind]


CONTROLS: dict[Kind, str] = {
    Kind.TEXT: "text",
    Kind.CHOICE: "choice",
    Kind.WHOLE: "choice",
    Kind.NUMBER: "number",
    Kind.FLAG: "flag",
    Kind.CAMERA: "camera",
    Kind.SEED: "seed",
}


class FlagField(Typed):
    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, bool) else value in {"on", "true", "1"}


class CameraInput(forms.Widget):
    """Reads `camera_pan`, `camera_zoom` … into one mapping; zeros are a camera that stays still."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> dict[str, str]:
        prefix = f"{name}_"
        typed = {key.removeprefix(prefix): data[key] for key in data if key.startswith(prefix)}
        return {axis: value for axis, value in typed.items() if value != ""}


class CameraField(Typed):
    widget = CameraInput

    def to_python(self, value: Any) -> Any:
        axes = {axis: _number(strength) for axis, strength in (value or {}).items()}
        return {axis: strength for axis, strength in axes.items() if strength != 0}

    def rows(self, value: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        """Each axis with its words and its present strength, for the sliders."""
        strengths = value or {}
        return [
            {"axis": axis, "value": _plain(strengths.get(axis.name, 0)), "short": axis.name[0]}
            for axis in AXES
        ]


def _number(text: Any) -> Any:
    try:
        return float(text)
    except (TypeError, ValueError):
        return text


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


FIELDS: dict[Kind, Callable[[Param], Typed]] = {
    Kind.TEXT: Typed,
    Kind.CHOICE: Typed,
    Kind.WHOLE: lambda param: Typed(param, int),
    Kind.NUMBER: lambda param: Typed(param, float),
    Kind.FLAG: FlagField,
    Kind.CAMERA: CameraField,
    Kind.SEED: lambda param: Typed(param, int),
}


def field_for(param: Param) -> Typed:
    field = FIELDS[param.kind](param)
    field.initial = param.default
    return field


Data = QueryDict | Mapping[str, Any]
