"""The form of an order, made from what the chosen model can do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from django import forms

from studio.core.errors import InvalidOrder, Problem
from studio.core.matrix import FIELD, MODEL, Variant
from studio.core.orders import Order
from studio.core.spec import FILES, Capability, Kind
from studio.forms.batches import Batch, batch_of
from studio.forms.camera import SPOKEN, CameraField, camera_of
from studio.forms.controls import CameraControl, Control, Group, control_of
from studio.forms.fields import Data, field_for
from studio.forms.matrix import FIELDS, PICK, PICK_SEED, Matrix, Several, typed_in
from studio.forms.parts import AtPart
from studio.forms.sections import SECTIONS, in_order, section_of
from studio.forms.typed import Typed
from studio.orders import advised, check
from studio.providers.registry import all_providers, capability_of

# What belongs to one shot only: the next order does not start with it.
FOR_ONE_SHOT = {Kind.SEED, Kind.MOTION}
NOT_SETTINGS = {*FIELDS, PICK, PICK_SEED}


class OrderForm(forms.Form):
    """One field per parameter of `capability`, plus the files.

    `extra` are parameters that the form shows and no order has. `clean` reads an `Order` and lets
    the same check judge it that the command line uses; each problem stands at its field. `order`
    is then whole, with defaults and seed filled in. A prompt with wildcards and a matrix are many
    orders: all of them are in `variants`, each whole, and `order` is the first. `refused` is what a
    provider said against joints of the order that this one follows.
    """

    order: Order
    variants: list[Variant]
    refused: Sequence[AtPart] = ()

    def __init__(
        self,
        capability: Capability,
        data: Data | None = None,
        *,
        team_id: int,
        initial: Mapping[str, Any] | None = None,
        matrix: Matrix | None = None,
    ) -> None:
        super().__init__(data, initial={**flat(capability), **(initial or {})}, auto_id="%s")
        self.capability = capability
        self.matrix = matrix or Matrix(capability, team_id, typed_in(data))
        self.team_id = team_id
        self.use_required_attribute = False
        self.extra = (SPOKEN,) if camera_of(capability) is SPOKEN else ()
        for param in (*capability.params, *self.extra):
            field = self.fields[param.name] = field_for(param)
            if isinstance(field, CameraField):
                field.stand_beside(one.name for one in capability.params)
        for name in FILES:
            self.fields[name] = forms.IntegerField(required=False)
        for name in (*FIELDS, PICK, PICK_SEED):
            self.fields[name] = forms.Field(required=False)  # so that problems have a place

    def clean(self) -> dict[str, Any]:
        unread = set(self.errors)
        try:
            self.variants = self._checked(self.matrix.variants(self._wanted()))
            self.order = self.variants[0].order
        except InvalidOrder as error:
            for problem in error.problems:
                self._show(problem, unread)
        return self.cleaned_data

    def _checked(self, variants: Sequence[Variant]) -> list[Variant]:
        """Each order whole. Raises InvalidOrder with the first problem of each field or joint."""
        whole, found = [], dict[tuple[str, str | None], Problem]()
        for number, variant in enumerate(variants, 1):
            try:
                whole.append(replace(variant, order=check(self.team_id, variant.order)))
            except InvalidOrder as error:
                place = f"{number} of {len(variants)}" if len(variants) > 1 else ""
                for problem in (self._placed(variant, one, place) for one in error.problems):
                    found.setdefault((problem.field, problem.part), problem)
        if found:
            raise InvalidOrder(found.values())
        return whole

    def _placed(self, variant: Variant, problem: Problem, place: str) -> Problem:
        """The problem at what varies, and which of many has it."""
        varied = {axis.name for axis, _ in variant.told}
        if MODEL in varied and variant.order.model != self.capability.model:
            label = capability_of(variant.order).label
            return Problem(f"{FIELD}{MODEL}", f"{label}: {problem.message}")
        if problem.field in varied:
            return replace(problem, field=f"{FIELD}{problem.field}")
        if problem.field == "prompt" and place:
            return replace(problem, message=f"Of the prompts, {place}: {problem.message}")
        return problem

    def _wanted(self) -> Order:
        """What the model does not take stays with the form, for another model."""
        left = NOT_SETTINGS | {param.name for param in self.extra}
        values = {name: v for name, v in self.cleaned_data.items() if name not in left}
        files = {name: values.pop(name, None) for name in FILES}
        return Order(
            provider=self.capability.provider,
            model=self.capability.model,
            prompt=values.pop("prompt", None) or "",
            settings={name: value for name, value in values.items() if value not in (None, "")},
            **{name: key for name, key in files.items() if getattr(self.capability, name)},
        )

    def _show(self, problem: Problem, unread: set[str]) -> None:
        """Of what could not be read, the form has said so already."""
        if problem.field not in unread:
            field = problem.field if problem.field in self.fields else None
            self.add_error(field, AtPart(problem.message, problem.part))

    def unjudged(self, changes: Mapping[str, Any] | None = None) -> "OrderForm":
        """A form that holds the same, as it was typed, and has not looked at it.

        `changes` are values of fields that stand there instead.
        """
        values = {name: self[name].value() for name in self.fields} | dict(changes or {})
        return OrderForm(self.capability, team_id=self.team_id, initial=values, matrix=self.matrix)

    @cached_property
    def batch(self) -> Batch:
        """Every order that it holds, as far as it can be read, for its price and its preview."""
        return batch_of(self.matrix, self.so_far())

    def so_far(self) -> Order:
        """The order as far as it can be read, for its price and for advice."""
        settings = {param.name: self.now(param.name) for param in self.capability.settings}
        sound = {name: value for name, value in settings.items() if self.is_sound(name, value)}
        return Order(
            provider=self.capability.provider,
            model=self.capability.model,
            prompt=self.now("prompt") or "",
            settings={**self.capability.defaults(), **sound},
            **{name: self._key(name) for name in FILES if getattr(self.capability, name)},
        )

    def as_typed(self) -> Order:
        """All that the form holds, also what its model does not take or allow."""
        settings = {param.name: self.now(param.name) for param in self.capability.settings}
        return Order(
            provider=self.capability.provider,
            model=self.capability.model,
            prompt=str(self.now("prompt") or ""),
            settings={name: value for name, value in settings.items() if value not in (None, "")},
            **{name: self._key(name) for name in FILES},
        )

    def _key(self, name: str) -> int | None:
        """Of the file that the form holds."""
        text = str(self.now(name) or "")
        return int(text) if text.isdecimal() else None

    def is_sound(self, name: str, value: Any) -> bool:
        param = self.capability.param(name)
        return value not in (None, "") and param is not None and param.problem(value) is None

    def now(self, name: str) -> Any:
        """The field's present value, read but not judged."""
        field = self.fields[name]
        bound = self[name]
        value = bound.value()
        return field.to_python(value) if isinstance(field, Typed) else value

    def several(self, name: str) -> Several | None:
        """The switch for several values of that setting, with what is wrong with them."""
        found = self.matrix.several(name)
        errors = self[found.field].errors if found else ()
        return found and replace(found, errors=tuple(map(str, errors)))

    @property
    def several_models(self) -> Several | None:
        return self.several(MODEL)

    @property
    def advice(self) -> list[str]:
        """What is allowed, but not wise."""
        return [problem.message for problem in advised(self.team_id, self.so_far())]

    @property
    def model_key(self) -> str:
        return key_of(self.capability)

    def typed(self) -> dict[str, Any]:
        """The settings as they are now, to start the next order with."""
        shown = (*self.capability.settings, *self.extra)
        kept = (param for param in shown if param.kind not in FOR_ONE_SHOT)
        return {param.name: self.now(param.name) for param in kept}

    @property
    def prompt_limit(self) -> int:
        """The most characters, 0 for no limit."""
        param = self.capability.param("prompt")
        return int(param.high or 0) if param else 0

    @property
    def camera_control(self) -> CameraControl | None:
        """The camera with its rows and its sentence, also where it can only be said in words."""
        found = (one for one in self.controls() if isinstance(one, CameraControl))
        return next(found, None)

    def pills(self) -> Iterator[Control]:
        """The settings that the compose bar shows, in the model's own order."""
        return (control for control in self.controls() if control.icon)

    def controls(self) -> Iterator[Control]:
        shown = (*self.capability.settings, *self.extra)
        return (control_of(self[param.name], self.capability) for param in shown)

    def groups(self, column: str) -> list[Group]:
        """The sections of one of the director's columns, without those that have nothing."""
        controls = {control.name: control for control in self.controls()}
        names = in_order(controls)
        found = (
            Group(
                section=section,
                controls=tuple(controls[name] for name in names if section_of(name) is section),
            )
            for section in SECTIONS
            if section.column == column
        )
        return [group for group in found if group.controls]


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
    files = {name: getattr(order, name) for name in FILES}
    return {**order.settings, "prompt": order.prompt, **files}
