"""What is taken over into the data of a form, under the names and as the texts by which it is sent."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

from studio.core.errors import InvalidOrder
from studio.core.orders import Order
from studio.core.spec import FILES, Capability
from studio.forms.fields import field_for, parts_of
from studio.forms.orders import flat, key_of
from studio.providers.registry import capability_of

NOTHING: tuple[Any, ...] = (None, "", {}, [])


def written(able: Capability, values: Mapping[str, Any]) -> QueryDict:
    """A whole form of that model with these values, and else the model's own."""
    data = QueryDict(mutable=True)
    data["model"] = data["drawn_for"] = key_of(able)
    for name, value in {**able.defaults(), **values}.items():
        put(data, able, name, value)
    return data


def put(data: QueryDict, able: Capability, name: str, value: Any) -> None:
    """Let one field of the form hold this value and nothing else."""
    if name in FILES:
        data[name] = str(value or "")
    elif param := able.param(name):
        for part in parts_of(param):
            data.pop(part, None)
        for part, text in field_for(param).written(value):
            data.appendlist(part, text)


def take_over(data: QueryDict, able: Capability, order: Order, names: Iterable[str]) -> list[str]:
    """Put these parts of another order into a form; returns a sentence for each that can not be.

    What that order's model has and its author left empty becomes empty here, too.
    """
    values = flat(able, order)
    source = _source(order, able)
    there = [name for name in names if name in FILES or source.param(name)]
    if all(values.get(name) in NOTHING for name in there) and not any(map(source.param, there)):
        return ["That take has none of these; nothing was changed."]
    return [
        sentence
        for name in there
        if (sentence := _take_over(data, able, name, values.get(name), source))
    ]


def _source(order: Order, able: Capability) -> Capability:
    """The order's own model; one that there is not any more had what this one has."""
    try:
        return capability_of(order)
    except InvalidOrder:
        return able


def _take_over(data: QueryDict, able: Capability, name: str, value: Any, source: Capability) -> str:
    param, other = able.param(name), source.param(name)
    if name not in FILES and param is None:
        label = other.label if other else name
        return "" if value in NOTHING else f"{label} was left out: {able.label} does not take it."
    problem = param.problem(value) if param and value not in NOTHING else None
    if problem:
        return problem
    put(data, able, name, value)
    return ""
