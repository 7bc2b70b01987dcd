"""A Runware task read as an order: strict about every field, whichever way frames are given.

The limits are those of the capability, with the fields called as the task calls them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from studio.core.errors import InvalidOrder, Problem
from studio.core.orders import Order
from studio.core.spec import is_link
from studio.core.wire import Sending
from studio.core.words import short
from studio.dialects.runware import limits
from studio.dialects.runware.fields import ALWAYS, FORMATS, PLAIN, SAFETY, SIZES, THEIRS, VIDEO
from studio.dialects.runware.frames import links_of

UUID4 = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE
)
# The model's limits in the task's words.
CAPABILITY = replace(
    limits.CAPABILITY,
    params=tuple(replace(param, label=THEIRS[param.name]) for param in limits.CAPABILITY.params),
)


@dataclass
class Reading:
    """What is left of a task to be read, and what was wrong with it so far."""

    left: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def take(self, name: str) -> Any:
        return self.left.pop(name, None)

    def refuse(self, name: str, what: str) -> None:
        self.problems.append(Problem(name, f"{name} {what}."))


def sending_of(task: Mapping[str, Any]) -> Sending:
    """Raises InvalidOrder with everything that is wrong with it. A null is as good as nothing."""
    reading = Reading({name: value for name, value in task.items() if value is not None})
    reading.take("taskType")
    sending = Sending(
        order=_order(reading),
        reference=_reference(reading),
        links=links_of(reading.left, reading.problems),
        callback=_callback(reading),
    )
    _read_constants(reading)
    for name in reading.left:
        reading.refuse(short(name), f"is no parameter of {VIDEO} with this model; take it out")
    if reading.problems:
        raise InvalidOrder(reading.problems)
    return sending


def _order(reading: Reading) -> Order:
    model, prompt = reading.take("model"), reading.take("positivePrompt")
    if model != limits.MODEL:
        reading.refuse("model", f"must be {limits.MODEL}, not “{short(model)}”")
    settings = {
        ours: reading.take(theirs) for ours, theirs in PLAIN.items() if theirs in reading.left
    }
    settings |= _format(reading) | _size(reading) | _safety(reading)
    order = Order(
        provider=CAPABILITY.provider,
        model=limits.MODEL,
        prompt=prompt if prompt is not None else "",
        settings=_whole(settings),
    )
    whole = replace(order, settings={**CAPABILITY.defaults(), **order.settings})
    reading.problems += [
        Problem(THEIRS[problem.field], problem.message) for problem in CAPABILITY.problems(whole)
    ]
    return order


def _whole(settings: dict[str, Any]) -> dict[str, Any]:
    """`duration` is documented as a float of two values: 5.0 is 5."""
    duration = settings.get("duration")
    if isinstance(duration, float) and duration.is_integer():
        settings["duration"] = int(duration)
    return settings


def _format(reading: Reading) -> dict[str, Any]:
    theirs = reading.take("outputFormat")
    if theirs is None:
        return {}
    for ours, known in FORMATS.items():
        if theirs == known:
            return {"format": ours}
    reading.refuse("outputFormat", f"must be {_one_of(FORMATS.values())}, not “{short(theirs)}”")
    return {}


def _size(reading: Reading) -> dict[str, Any]:
    size = reading.take("width"), reading.take("height")
    if size == (None, None):
        return {}
    for (aspect, resolution), known in SIZES.items():
        if size == known:
            return {"aspect": aspect, "resolution": resolution}
    allowed = _one_of(f"{width} and {height}" for width, height in SIZES.values())
    reading.refuse(
        "width", f"and height must be {allowed}, not {short(size[0])} and {short(size[1])}"
    )
    return {}


def _safety(reading: Reading) -> dict[str, Any]:
    safety = reading.take("safety")
    if safety is None:
        return {}
    if not isinstance(safety, dict):
        reading.refuse("safety", f"must be an object with {_one_of(SAFETY.values())}")
        return {}
    for name in safety.keys() - set(SAFETY.values()):
        reading.refuse(
            f"safety.{short(name)}", f"is not known; safety has {_one_of(SAFETY.values())}"
        )
    return {ours: safety[name] for ours, name in SAFETY.items() if safety.get(name) is not None}


def _reference(reading: Reading) -> str:
    """Kept as the client wrote it, so that it finds its own letters again."""
    given = reading.take("taskUUID")
    if isinstance(given, str) and UUID4.fullmatch(given):
        return given
    reading.refuse("taskUUID", f"must be a UUID of version 4, not “{short(given)}”")
    return ""


def _callback(reading: Reading) -> str:
    given = reading.take("webhookURL")
    if given is None or is_link(given):
        return given or ""
    reading.refuse("webhookURL", "must be an address that starts with https:// or http://")
    return ""


def _read_constants(reading: Reading) -> None:
    """The cost is always told, so it makes no difference whether it was asked for."""
    if not isinstance(reading.left.pop("includeCost", True), bool):
        reading.refuse("includeCost", "must be true or false")
    for name, only in ALWAYS.items():
        if reading.left.pop(name, only) != only:
            reading.refuse(name, f"must be {only} with this model, or left out")


def _one_of(values: Any) -> str:
    *most, last = values
    return f"{', '.join(most)} or {last}"
