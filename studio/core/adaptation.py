"""An order for another model: the same as far as it goes, and precisely what is different there."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from studio.core import camera
from studio.core.orders import Order
from studio.core.spec import FILES, Capability, Kind, Param
from studio.core.words import plain, short

NUMBERS = {Kind.WHOLE, Kind.NUMBER, Kind.CHOICE}


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one field of an order becomes at another model; `now` is None where it is left out."""

    name: str
    label: str
    was: Any
    now: Any
    unit: str = ""

    def __str__(self) -> str:
        """“Leaves out seed 7.”, “Duration: 10 s instead of 8 s.”"""
        was = _said(self.was, self.unit)
        if self.now is None:
            return f"Leaves out {self.label[:1].lower()}{self.label[1:]}{was and f' {was}'}."
        return f"{self.label}: {_said(self.now, self.unit)} instead of {was}."


@dataclass(frozen=True, kw_only=True)
class Adapted:
    order: Order
    changes: tuple[Change, ...]


def adapted(order: Order, source: Capability, target: Capability) -> Adapted:
    """The order as `target` can hold it; `source` is the model that it was written for.

    What the target has no field for is left out, what is outside its limits becomes the nearest
    allowed value, else its own default. Only what somebody has set is told as a change: what is as
    the source would have it by itself is nobody's wish.
    """
    settings = {
        **target.defaults(),
        **{
            name: value
            for name, value in (
                (name, _fitted(target, name, v)) for name, v in order.settings.items()
            )
            if value is not None
        },
    }
    files = {name: getattr(order, name) if getattr(target, name) else None for name in FILES}
    made = Order(
        provider=target.provider, model=target.model, prompt=order.prompt, settings=settings,
        **files,
    )  # fmt: skip
    return Adapted(order=made, changes=tuple(_changes(order, made, source, target)))


def _fitted(target: Capability, name: str, value: Any) -> Any:
    """The value as the target has it, None to leave it out."""
    param = target.param(name)
    if param is None or value in (None, ""):
        return None
    return value if param.problem(value) is None else nearest(param, value)


def nearest(param: Param, value: Any) -> Any:
    """The allowed number closest to it, the smaller one of two; else the parameter's default."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or param.kind not in NUMBERS:
        return param.default
    if param.choices:
        numbers = [one for one in param.choices if isinstance(one, int | float)]
        return min(numbers, key=lambda one: (abs(one - value), one), default=param.default)
    low = value if param.low is None else max(value, type(value)(param.low))
    clamped = low if param.high is None else min(low, type(value)(param.high))
    return clamped if param.problem(clamped) is None else param.default


def _changes(order: Order, made: Order, source: Capability, target: Capability) -> Iterator[Change]:
    for name, words in FILES.items():
        if getattr(order, name) is not None and getattr(made, name) is None:
            yield Change(name=name, label=words, was="", now=None)
    labels = {param.name: param for param in (*target.params, *source.params)}
    for name, value in order.settings.items():
        now = _effective(made, name)
        if name in labels and now != value and _is_wished(source.param(name), value):
            yield Change(
                name=name, label=labels[name].label, was=value, now=now, unit=labels[name].unit
            )


def _effective(made: Order, name: str) -> Any:
    """A model without a number of takes makes one."""
    return made.count if name == "count" else made.settings.get(name)


def _is_wished(param: Param | None, value: Any) -> bool:
    """Whether somebody has set it to something that goes without saying nowhere."""
    if value in (None, "", False) or value == [] or value == {}:
        return bool(param and param.default)  # switched off what is on by itself
    if isinstance(value, Mapping) and param and param.kind == Kind.CAMERA:
        return any(value.values())
    return param is None or value != param.default


def _said(value: Any, unit: str) -> str:
    """A value in a few words, as a sentence can hold it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return f"{plain(value)} {unit}".strip()
    if isinstance(value, Mapping):
        return _said_object(value)
    if isinstance(value, list | tuple):
        return short(", ".join(map(str, value)))
    return f"“{short(value)}”" if " " in str(value) else short(value or "")


def _said_object(value: Mapping[str, Any]) -> str:
    if value and set(value) <= set(camera.AXIS_NAMES):
        return f"({camera.sentence(value).removeprefix('The camera ').removesuffix('.')})"
    return short(json.dumps(dict(value)))
