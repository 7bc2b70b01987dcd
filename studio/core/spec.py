"""What a model accepts, as data: forms, quotes, checks and wires all read the same limits."""

import json
import math
import re
from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from studio.core import motion
from studio.core.camera import AXIS_NAMES, HIGHEST, LOWEST
from studio.core.errors import Problem
from studio.core.orders import Order
from studio.core.pictures import NO_LIMITS, PictureLimits
from studio.core.words import listed, short


class Kind(StrEnum):
    """How a value looks; `FIELDS` in forms has one form field for each."""

    TEXT = "text"
    CHOICE = "choice"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"
    CAMERA = "camera"
    SEED = "seed"
    SET = "set"  # several of the choices
    LINK = "link"
    LINKS = "links"
    OBJECT = "object"  # a JSON object
    OBJECTS = "objects"  # a list of JSON objects
    MOTION = "motion"  # curves of joints and paths, see core/motion.py


@dataclass(frozen=True, kw_only=True)
class Param:
    """One parameter of a model: `name` as in `Order.settings`, `low` and `high` inclusive.

    For TEXT, `low` and `high` are lengths in characters, for SET and LINKS how many there may be,
    for CAMERA `high` is on how many axes at once it may move. `step` is what numbers are multiples
    of, `unit` what they count. `beside` names other parameters and those of their values that this
    one can be set beside. `doubt` says what is uncertain about it at this provider ("may be
    ignored"), as a sentence for the form, and `doubtful` about which values.
    """

    name: str
    label: str
    kind: Kind
    choices: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    default: Any = None
    required: bool = False
    step: float | None = None
    unit: str = ""
    beside: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    help: str = ""
    doubt: str = ""
    doubtful: Callable[[Any], bool] = lambda value: True

    def doubt_about(self, value: Any) -> str:
        return self.doubt if self.doubtful(value) else ""

    @property
    def allowed(self) -> str:
        """The allowed values in words: “16:9, 9:16 or 1:1”, “1 to 10 s”."""
        if self.kind == Kind.SET:
            return f"any of {', '.join(map(str, self.choices))}"
        if self.choices:
            return listed(list(map(str, self.choices)), "or")
        if self.kind == Kind.TEXT:
            return self._lengths
        if words := ALLOWED.get(self.kind):
            return words
        return f"{self._range}{self._steps}{' ' + self.unit if self.unit else ''}"

    @property
    def _lengths(self) -> str:
        if self.low and self.high:
            return f"{self.low:,.0f} to {self.high:,.0f} characters"
        return "any text" if self.high is None else f"at most {self.high:,.0f} characters"

    @property
    def _steps(self) -> str:
        return f" in steps of {self.step:g}" if self.step else ""

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

    def problems(self, value: Any) -> list[Problem]:
        """All that is wrong with `value`, each at the part of it that is meant."""
        if self.kind == Kind.MOTION and value not in (None, ""):
            found = motion.wrongs(value)
            return [Problem(self.name, f"{self.label}: {w.sentence}", w.curve) for w in found]
        message = self.problem(value)
        return [Problem(self.name, message)] if message else []


def unless(*certain: Any) -> Callable[[Any], bool]:
    """Every value is doubtful but these."""
    return lambda value: value not in certain


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
    if not (param.low or 0) <= len(value) <= (param.high or math.inf):
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
    fits = _within(value, param.low, param.high) and _is_on_a_step(param, value)
    return None if fits else _off(param, value)


def _is_on_a_step(param: Param, value: float) -> bool:
    """A multiple of the step as people write decimals: 0.29 is 29 steps of 0.01."""
    return not param.step or Decimal(str(value)) % Decimal(str(param.step)) == 0


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
    return _check_axes(param, [axis for axis in AXIS_NAMES if value.get(axis)])


def _check_axes(param: Param, moving: list[str]) -> str | None:
    if len(moving) <= (param.high or math.inf):
        return None
    most = "one axis" if param.high == 1 else f"{param.high:g} axes"
    return f"{param.label} moves on {most} at a time, not on {listed(moving)}; set the others to 0."


def _check_set(param: Param, value: Any) -> str | None:
    if not isinstance(value, list | tuple):
        return f"{param.label} takes {param.allowed}."
    for item in value:
        if item not in param.choices:
            return f"{param.label} has no “{short(item)}”; it takes {param.allowed}."
    if len(set(value)) != len(value):
        return f"{param.label} has one of its values twice; it takes {param.allowed}."
    return _check_count(param, value)


def _check_count(param: Param, value: Sized) -> str | None:
    if not (param.low or 0) <= len(value) <= (param.high or math.inf):
        return f"{param.label} must have {param._range} of them, not {len(value)}."
    return None


def is_link(value: Any) -> bool:
    """An absolute http or https address without a name and password in it."""
    if not isinstance(value, str) or len(value) > LONGEST_LINK or re.search(r"[\s\0-\x1f]", value):
        return False
    try:
        place = urlsplit(value)
        return (
            place.scheme in {"http", "https"} and bool(place.hostname) and "@" not in place.netloc
        )
    except ValueError:
        return False


def _check_link(param: Param, value: Any) -> str | None:
    return None if is_link(value) else _off(param, value)


def _check_links(param: Param, value: Any) -> str | None:
    if not isinstance(value, list | tuple):
        return f"{param.label} takes {param.allowed}."
    wrong = next((item for item in value if not is_link(item)), None)
    return _off(param, wrong) if wrong is not None else _check_count(param, value)


def _check_object(param: Param, value: Any) -> str | None:
    return None if isinstance(value, Mapping) and _is_json(value) else _off(param, value)


def _check_objects(param: Param, value: Any) -> str | None:
    whole = isinstance(value, list | tuple) and all(isinstance(item, Mapping) for item in value)
    return None if whole and _is_json(value) else _off(param, value)


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _check_motion(param: Param, value: Any) -> str | None:
    return f"{param.label}: {wrong}" if (wrong := motion.problem(value)) else None


CHECKS: dict[Kind, Callable[[Param, Any], str | None]] = {
    Kind.TEXT: _check_text,
    Kind.CHOICE: _check_choice,
    Kind.WHOLE: _check_whole,
    Kind.NUMBER: _check_number,
    Kind.FLAG: _check_flag,
    Kind.CAMERA: _check_camera,
    Kind.SEED: _check_whole,
    Kind.SET: _check_set,
    Kind.LINK: _check_link,
    Kind.LINKS: _check_links,
    Kind.OBJECT: _check_object,
    Kind.OBJECTS: _check_objects,
    Kind.MOTION: _check_motion,
}
ALLOWED = {
    Kind.CAMERA: f"{', '.join(AXIS_NAMES)}, each from {LOWEST:g} to {HIGHEST:g}",
    Kind.FLAG: "yes or no",
    Kind.LINK: "an address that starts with https:// or http://",
    Kind.LINKS: "addresses that start with https:// or http://",
    Kind.OBJECT: 'a JSON object such as {"name": 1}',
    Kind.OBJECTS: 'a JSON list of objects such as [{"name": 1}]',
    Kind.MOTION: motion.ALLOWED,
}
LONGEST_LINK = 2000


class Way(StrEnum):
    """How a provider gets a file of an order."""

    LINK = "link"  # a short-lived link to this studio
    INLINE = "inline"  # in the request, as a data URI
    UPLOAD = "upload"  # sent to the provider before
    PART = "part"  # as a part of a multipart form


Rule = Callable[[Order], Problem | None]


@dataclass(frozen=True, kw_only=True)
class Capability:
    """One model of a provider: what it takes, and what holds between its values.

    `first_frame`, `last_frame` and `scene` say which files it takes, `needs` which of them it
    cannot do without, `ways` how it takes them, best first. `pictures` limits its frames,
    `wiser_pictures` says beyond what they may be refused though nothing forbids them. `advice` gives
    sentences about an order that is allowed but not wise. `source` and `checked_on` (ISO date) say where the limits come from.
    """

    provider: str
    model: str
    label: str
    params: tuple[Param, ...]
    rules: tuple[Rule, ...] = ()
    first_frame: bool = False
    last_frame: bool = False
    scene: bool = False
    needs: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    pictures: PictureLimits = NO_LIMITS
    wiser_pictures: PictureLimits = NO_LIMITS
    reports_progress: bool = False
    calls_back: bool = False
    tells_cost: bool = False
    advice: tuple[Rule, ...] = ()
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
            problem for param in self.params for problem in param.problems(values.get(param.name))
        ]
        found += [
            Problem(name, f"{self.label} has no setting “{short(name)}”.")
            for name in order.settings
            if name == "prompt" or self.param(name) is None
        ]
        found += self._beside_problems(values)
        found += self._file_problems(order)
        return found + [problem for rule in self.rules if (problem := rule(order))]

    def _beside_problems(self, values: Mapping[str, Any]) -> list[Problem]:
        clashes = [
            (param, other, allowed)
            for param in self.params
            for name, allowed in param.beside.items()
            if values.get(param.name) and values.get(name) not in (None, "", *allowed)
            for other in (self.param(name),)
            if other
        ]
        return [
            Problem(
                param.name,
                f"{param.label} can not be set beside {other.label} “{short(values[other.name])}”: "
                f"choose {listed(list(map(str, allowed)), 'or')} there, or clear {param.label}.",
            )
            for param, other, allowed in clashes
        ]

    def _file_problems(self, order: Order) -> list[Problem]:
        given = {name: getattr(order, name) is not None for name in FILES}
        found = [
            Problem(name, f"{self.label} takes no {words}.")
            for name, words in FILES.items()
            if given[name] and not getattr(self, name)
        ]
        found += [
            Problem(name, f"{self.label} needs a {FILES[name]}; add one.")
            for name in self.needs
            if not given[name]
        ]
        if given["last_frame"] and self.last_frame and not given["first_frame"]:
            found.append(Problem("last_frame", "A last frame needs a first frame; add one."))
        return found

    def advised(self, order: Order) -> list[Problem]:
        """What is allowed, but that the provider's own document advises against."""
        return [problem for rule in self.advice if (problem := rule(order))]


# The files that an order may have, in words; those that are pictures.
FILES = {"first_frame": "first frame", "last_frame": "last frame", "scene": "scene"}
PICTURES = ("first_frame", "last_frame")
