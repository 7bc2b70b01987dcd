"""What a model accepts, as data: forms, quotes, checks and wires all read the same limits."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from studio.core.camera import AXIS_NAMES, HIGHEST, LOWEST
from studio.core.errors import Problem
from studio.core.orders import Order
from studio.core.words import short


class Kind(StrEnum):
    """How a value looks; `FIELDS` in forms has one form field for each."""

    TEXT = "text"
    CHOICE = "choice"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"
    CAMERA = "camera"
    SEED = "seed"


@dataclass(frozen=True, kw_only=True)
class Param:
    """One parameter of a model: `name` as in `Order.settings`, `low` and `high` inclusive.

    For TEXT, `high` is the longest length in characters. `unit` is what the numbers count.
    """

    name: str
    label: str
    kind: Kind
    choices: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    default: Any = None
    required: bool = False
    unit: str = ""
    help: str = ""

    @property
    def allowed(self) -> str:
        """The allowed values in words: “16:9, 9:16 or 1:1”, “1 to 10 s”."""
        if self.choices:
            *most, last = map(str, self.choices)
            return f"{', '.join(most)} or {last}" if most else last
        if self.kind == Kind.CAMERA:
            return f"{', '.join(AXIS_NAMES)}, each from {LOWEST:g} to {HIGHEST:g}"
        if self.kind == Kind.FLAG:
            return "yes or no"
        if self.kind == Kind.TEXT:
            return "any text" if self.high is None else f"at most {self.high:,.0f} characters"
        return f"{self._range}{' ' + self.unit if self.unit else ''}"

    @property
    def _range(self) -> str:
        low, high = (None if end is None else f"{end:.15g}" for end in (self.low, self.high))
        if low and high:
            return f"{low} to {high}"
        if low or high:
            return f"at least {low}" if low else f"at most {high}"
        return "a whole number" if self.kind in {Kind.WHOLE, Kind.SEED} else "a number"

    def problem(self, value: Any) -> str | None:
        """One sentence that says what is wrong with `value`, or None."""
        if value is None or value == "":
            return f"{self.label} is needed: {self.allowed}." if self.required else None
        return CHECKS[self.kind](self, value)


def _off(param: Param, value: Any) -> str:
    return f"{param.label} must be {param.allowed}, not “{short(value)}”."


def _check_choice(param: Param, value: Any) -> str | None:
    """The type counts, too: True is not 1."""
    known = any(value == choice and type(value) is type(choice) for choice in param.choices)
    return None if known else _off(param, value)


def _check_text(param: Param, value: Any) -> str | None:
    if not isinstance(value, str):
        return f"{param.label} must be text."
    if param.required and not value.strip():
        return f"{param.label} is needed: {param.allowed}."
    if param.high is not None and len(value) > param.high:
        return f"{param.label} is {len(value):,} characters long; it may have {param.allowed}."
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in value):
        return f"{param.label} has a character that is no text; it may have {param.allowed}."
    return None


def _within(value: Any, low: float | None, high: float | None) -> bool:
    """A real number (no bool, no nan, no infinity) between the ends, as far as there are any."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    lowest = -math.inf if low is None else low
    highest = math.inf if high is None else high
    return bool(abs(value) != math.inf and lowest <= value <= highest)


def _check_number(param: Param, value: Any) -> str | None:
    return None if _within(value, param.low, param.high) else _off(param, value)


def _check_whole(param: Param, value: Any) -> str | None:
    return _check_number(param, value) if isinstance(value, int) else _off(param, value)


def _check_flag(param: Param, value: Any) -> str | None:
    return None if isinstance(value, bool) else _off(param, value)


def _check_camera(param: Param, value: Any) -> str | None:
    if not isinstance(value, Mapping):
        return f"{param.label} takes {param.allowed}."
    for axis, strength in value.items():
        if axis not in AXIS_NAMES:
            return f"{param.label} has no axis “{short(axis)}”; it takes {param.allowed}."
        if not _within(strength, LOWEST, HIGHEST):
            return f"{param.label}: {axis} must be from -10 to 10, not “{short(strength)}”."
    return None


CHECKS: dict[Kind, Callable[[Param, Any], str | None]] = {
    Kind.TEXT: _check_text,
    Kind.CHOICE: _check_choice,
    Kind.WHOLE: _check_whole,
    Kind.NUMBER: _check_number,
    Kind.FLAG: _check_flag,
    Kind.CAMERA: _check_camera,
    Kind.SEED: _check_whole,
}

Rule = Callable[[Order], Problem | None]


@dataclass(frozen=True, kw_only=True)
class Capability:
    """One model of a provider: what it takes, and what holds between its values.

    `source` and `checked_on` (ISO date) say where the limits come from.
    """

    provider: str
    model: str
    label: str
    params: tuple[Param, ...]
    rules: tuple[Rule, ...] = ()
    first_frame: bool = False
    last_frame: bool = False
    reports_progress: bool = False
    source: str = ""
    checked_on: str = ""

    def param(self, name: str) -> Param | None:
        return next((param for param in self.params if param.name == name), None)

    @property
    def settings(self) -> tuple[Param, ...]:
        """Every parameter but the prompt, which is a field of the order itself."""
        return tuple(param for param in self.params if param.name != "prompt")

    def defaults(self) -> dict[str, Any]:
        return {param.name: param.default for param in self.settings if param.default is not None}

    def problems(self, order: Order) -> list[Problem]:
        """Everything that forbids sending this order, each naming its field."""
        values = {**order.settings, "prompt": order.prompt}
        found = [
            Problem(param.name, message)
            for param in self.params
            if (message := param.problem(values.get(param.name)))
        ]
        found += [
            Problem(name, f"{self.label} has no setting “{short(name)}”.")
            for name in order.settings
            if name == "prompt" or self.param(name) is None
        ]
        found += self._frame_problems(order)
        return found + [problem for rule in self.rules if (problem := rule(order))]

    def _frame_problems(self, order: Order) -> list[Problem]:
        found = []
        if order.first_frame and not self.first_frame:
            found.append(Problem("first_frame", f"{self.label} takes no first frame."))
        if order.last_frame and not self.last_frame:
            found.append(Problem("last_frame", f"{self.label} takes no last frame."))
        if order.last_frame and self.last_frame and not order.first_frame:
            found.append(Problem("last_frame", "A last frame needs a first frame; add one."))
        return found
