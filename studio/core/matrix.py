"""A matrix: one order with several values for some of its settings becomes many orders."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

from studio.core.adaptation import adapted
from studio.core.errors import InvalidOrder, Problem
from studio.core.orders import Order
from studio.core.spec import Capability, Kind, Param
from studio.core.wildcards import Piece, text_of
from studio.core.words import short

MOST_AT_ONCE = 200
MODEL = "model"
FIELD = "many_"  # begins the names of problems with several values
MOST_SHOWN = 10**12
LONGEST = 4000  # characters of typed values

_NUMBER = r"[+-]?\d{1,15}(?:\.\d{1,9})?"
_RANGE = re.compile(
    rf"({_NUMBER})\s*(?:\u2013|-|to|\.\.)\s*({_NUMBER})(?:\s*(?:in steps of|steps of|step|by)\s*({_NUMBER}))?"
)
_SEEDS = re.compile(r"(\d{1,9})\s*seeds?")


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value, and how a page says it; for the model it is a Capability."""

    value: Any
    said: str


@dataclass(frozen=True, kw_only=True)
class Axis:
    """What varies: a setting by its name, or MODEL."""

    name: str
    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One of the orders; `told` is what it has of each axis, `changes` what its model does else.

    `prompt` is its text in pieces.
    """

    order: Order
    told: tuple[tuple[Axis, Value], ...] = ()
    changes: tuple[str, ...] = ()
    prompt: tuple[Piece, ...] = ()

    def with_prompt(self, prompt: tuple[Piece, ...]) -> "Variant":
        return replace(self, order=replace(self.order, prompt=text_of(prompt)), prompt=prompt)


def count(axes: Sequence[Axis]) -> int:
    return prod(len(axis.values) for axis in axes)


def require_few(jobs: int) -> None:
    """Raise InvalidOrder for more jobs than one press makes."""
    if jobs > MOST_AT_ONCE:
        told = f"{jobs:,}" if jobs < MOST_SHOWN else "more than a trillion"
        sentence = f"This would make {told} jobs; one press makes at most {MOST_AT_ONCE}."
        raise InvalidOrder([Problem("prompt", sentence)])


def variants(order: Order, source: Capability, axes: Sequence[Axis]) -> Iterator[Variant]:
    """Each combination of values, the first axis slowest; `source` is the order's own model.

    Raises InvalidOrder where another model can not have a value that varies: two orders that
    differ here would be the same there.
    """
    for chosen in product(*(axis.values for axis in axes)):
        yield _variant(order, source, tuple(zip(axes, chosen, strict=True)))


def _variant(order: Order, source: Capability, told: tuple[tuple[Axis, Value], ...]) -> Variant:
    varied = {axis.name: value.value for axis, value in told}
    target: Capability = varied.pop(MODEL, source)
    here = replace(order, settings={**order.settings, **varied})
    if target is source:
        return Variant(order=here, told=told)
    there = adapted(here, source, target)
    for change in there.changes:
        if change.name in varied:
            why = _why_not(target, change.name, varied[change.name])
            raise InvalidOrder([Problem(f"{FIELD}{MODEL}", why)])
    return Variant(order=there.order, told=told, changes=tuple(map(str, there.changes)))


def _why_not(target: Capability, name: str, value: Any) -> str:
    param = target.param(name)
    why = param.problem(value) if param else f"it has no setting “{name}”."
    return f"{target.label} can not take all of these values: {why}"


def listed(param: Param, text: str) -> list[Any]:
    """Typed values: “0.3, 0.5”, “0.3 to 0.7 step 0.1”, “3 seeds” (None: a new one each).

    Each once, in the order typed, not judged. Raises ValueError with one sentence.
    """
    found: list[Any] = []
    for item in re.split(r"[,;\n]", text[: LONGEST + 1]):
        found += _read(param, item.strip()) if item.strip() else []
    if len(text) > LONGEST or len(found) > MOST_AT_ONCE:
        told = f"{len(found):,} of them" if len(text) <= LONGEST else "a longer text"
        raise ValueError(f"{param.label} may have at most {MOST_AT_ONCE} values, not {told}.")
    new = found.count(None)
    return [*dict.fromkeys(one for one in found if one is not None), *[None] * new]


def _read(param: Param, item: str) -> Sequence[Any]:
    if param.kind == Kind.SEED and (seeds := _SEEDS.fullmatch(item)):
        return [None] * _few(param, int(seeds[1]))
    if between := _RANGE.fullmatch(item):
        low, high = Decimal(between[1]), Decimal(between[2])
        return _range(param, low, high, Decimal(between[3] or param.step or 1))
    if not re.fullmatch(_NUMBER, item):
        raise ValueError(
            f"{param.label} can not be read from “{short(item)}”; write values with commas between, "
            f"{_example(param)}."
        )
    return [_number(param, Decimal(item))]


def _example(param: Param) -> str:
    if param.kind == Kind.SEED:
        return "like 7, 8, 9, or “3 seeds” for new ones"
    return "like 0.3, 0.5, or a range like 0.3 to 0.7 step 0.1"


def _range(param: Param, low: Decimal, high: Decimal, step: Decimal) -> list[Any]:
    if step <= 0 or high < low:
        raise ValueError(
            f"{param.label}: a range goes up, from a lower to a higher number in steps above 0."
        )
    steps = _few(param, int((high - low) / step) + 1)
    return [_number(param, low + step * number) for number in range(steps)]


def _few(param: Param, many: int) -> int:
    """Refused before anything of that size is made."""
    if many > MOST_AT_ONCE:
        raise ValueError(f"{param.label} may have at most {MOST_AT_ONCE} values, not {many:,}.")
    return many


def _number(param: Param, value: Decimal) -> Any:
    """A fraction stays one where a whole number belongs, for the check to name."""
    whole = value == value.to_integral_value()
    return int(value) if whole and param.kind != Kind.NUMBER else float(value)
