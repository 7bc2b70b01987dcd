"""The form of an order, made from what the chosen model can do."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField

from studio.core.camera import sentence
from studio.core.errors import InvalidOrder
from studio.core.moves import MOVES, Move, name_of
from studio.core.orders import Order
from studio.core.spec import Capability, Kind
from studio.forms.fields import CameraField, Data, Typed, field_for
from studio.orders import check
from studio.providers.registry import all_providers, capability_of

FRAMES = ("first_frame", "last_frame")


class OrderForm(forms.Form):
    """One field per parameter of `capability`, plus the frames.

    `clean` reads an `Order` and lets the same check judge it that the command line uses; each
    problem stands at its field. `order` is then whole, with defaults and seed filled in.
    """

    order: Order

    def __init__(
        self,
        capability: Capability,
        data: Data | None = None,
        *,
        team_id: int,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={**flat(capability), **(initial or {})}, auto_id="%s")
        self.capability = capability
        self.team_id = team_id
        self.use_required_attribute = False
        for param in capability.params:
            self.fields[param.name] = field_for(param)
        for frame in FRAMES:
            self.fields[frame] = forms.IntegerField(required=False)

    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        wanted = Order(
            provider=self.capability.provider,
            model=self.capability.model,
            prompt=values.pop("prompt", None) or "",
            first_frame=values.pop("first_frame", None),
            last_frame=values.pop("last_frame", None),
            settings={name: value for name, value in values.items() if value not in (None, "")},
        )
        try:
            self.order = check(self.team_id, wanted)
        except InvalidOrder as error:
            for problem in error.problems:
                self.add_error(
                    problem.field if problem.field in self.fields else None, problem.message
                )
        return self.cleaned_data

    def priced(self) -> Order:
        """The order as far as its price goes, whatever else is still missing or wrong."""
        defaults = self.capability.defaults()
        settings = {name: self.now(name) for name in (p.name for p in self.capability.settings)}
        able = {name: value for name, value in settings.items() if self._is_sound(name, value)}
        return Order(
            provider=self.capability.provider,
            model=self.capability.model,
            prompt="",
            settings={**defaults, **able},
        )

    def _is_sound(self, name: str, value: Any) -> bool:
        param = self.capability.param(name)
        return value not in (None, "") and param is not None and param.problem(value) is None

    def now(self, name: str) -> Any:
        """The field's present value, read but not judged."""
        field = self.fields[name]
        bound = self[name]
        value = bound.value()
        return field.to_python(value) if isinstance(field, Typed) else value

    @property
    def model_key(self) -> str:
        return key_of(self.capability)

    def typed(self) -> dict[str, Any]:
        """The settings as they are now, to start the next order with; a seed is for one shot."""
        kept = (p for p in self.capability.settings if p.kind != Kind.SEED)
        return {param.name: self.now(param.name) for param in kept}

    @property
    def prompt_limit(self) -> int:
        param = self.capability.param("prompt")
        return int(param.high or 0) if param else 0

    @property
    def camera_control(self) -> "CameraControl | None":
        """The camera with its rows and its sentence, where the model takes one."""
        named = (p.name for p in self.capability.params if p.kind == Kind.CAMERA)
        name = next(named, None)
        return CameraControl(self, name) if name else None

    def pills(self) -> Iterator["Control"]:
        """The settings that the compose bar shows, in the model's own order."""
        return (control for control in self.controls() if control.icon)

    def controls(self) -> Iterator["Control"]:
        """Every setting but the camera, which has a place of its own."""
        for param in self.capability.settings:
            if param.kind != Kind.CAMERA:
                yield Control(self, param.name)


# What stands before a setting's value on its pill; settings without one are the director's.
PILL_ICONS = {
    "duration": "timer",
    "resolution": "hd",
    "aspect": "ratio",
    "count": "stack",
    "format": "clip",
}


class Control:
    """One setting as a template draws it."""

    def __init__(self, form: OrderForm, name: str) -> None:
        field = form.fields[name]
        assert isinstance(field, Typed), "every setting is a typed field"
        self.field = field
        self.bound: BoundField = form[name]
        self.name = name
        self.param = field.param
        self.value = form.now(name)

    @property
    def icon(self) -> str:
        return PILL_ICONS.get(self.name, "")

    @property
    def template(self) -> str:
        return f"compose/controls/_{self.field.control}.html"

    @property
    def text(self) -> str:
        return "" if self.value is None else str(self.value)

    @property
    def said(self) -> str:
        return self.field.said(self.text)

    @property
    def options(self) -> list[tuple[str, str]]:
        return self.field.options

    @property
    def errors(self) -> list[str]:
        return [str(sentence) for sentence in self.bound.errors]


class CameraControl(Control):
    @property
    def rows(self) -> list[dict[str, Any]]:
        assert isinstance(self.field, CameraField)
        return self.field.rows(self.value)

    @property
    def moves(self) -> dict[str, float]:
        """The axes that are numbers already."""
        return {axis: float(v) for axis, v in self.value.items() if isinstance(v, int | float)}

    @property
    def sentence(self) -> str:
        return sentence(self.moves)

    @property
    def said(self) -> str:
        if not self.moves:
            return "Still"
        count = len(self.moves)
        return name_of(self.moves) or f"{count} {'axis' if count == 1 else 'axes'}"

    @property
    def named_moves(self) -> list[tuple[Move, str, bool]]:
        """Each move that has a name, its axes as JSON, and whether it is the present one."""
        now = name_of(self.moves)
        return [(move, json.dumps(dict(move.axes)), move.label == now) for move in MOVES]


def key_of(capability: Capability) -> str:
    return f"{capability.provider}/{capability.model}"


def all_capabilities() -> list[Capability]:
    """Every model there is, in the order of the registry."""
    return [able for provider in all_providers().values() for able in provider.capabilities]


def capability_named(key: str) -> Capability:
    """The model called `provider/model`. Raises InvalidOrder with those there are."""
    provider, _, model = key.partition("/")
    return capability_of(Order(provider=provider, model=model, prompt=""))


def flat(capability: Capability, order: Order | None = None) -> dict[str, Any]:
    """Field values by name: the model's defaults, or those of an order."""
    if order is None:
        return capability.defaults()
    return {
        **order.settings,
        "prompt": order.prompt,
        "first_frame": order.first_frame,
        "last_frame": order.last_frame,
    }
