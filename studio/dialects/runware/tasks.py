"""An order of ours as a Runware task; `orders` reads it back."""

from typing import Any

from studio.core.errors import Unsupported
from studio.core.spec import FILES
from studio.core.wire import Sending
from studio.dialects.runware import limits
from studio.dialects.runware.fields import (
    ALWAYS,
    FORMATS,
    FRAMES,
    LABEL,
    PLAIN,
    SAFETY,
    SIZES,
    VIDEO,
    task_uuid,
)

Fields = dict[str, Any]


def task_of(sending: Sending) -> Fields:
    """Raises Unsupported for whatever this format has no place for."""
    order = sending.order
    if order.model != limits.MODEL:
        raise Unsupported(f"{LABEL} has no model {order.model} here.")
    left = dict(order.settings)
    task = {
        "taskType": VIDEO,
        "taskUUID": task_uuid(sending.reference),
        "model": order.model,
        "positivePrompt": order.prompt,
        **ALWAYS,
        **_renamed(left, PLAIN),
        **_format(left),
        **_size(left),
        **_nested("safety", _renamed(left, SAFETY)),
        **_nested("inputs", _nested("frameImages", _frames(sending))),
        **({"webhookURL": sending.callback} if sending.callback else {}),
    }
    if left:
        raise Unsupported(f"{LABEL} has no place for {', '.join(left)}.")
    return task


def _renamed(left: Fields, names: dict[str, str]) -> Fields:
    return {theirs: left.pop(ours) for ours, theirs in names.items() if ours in left}


def _nested(name: str, value: Any) -> Fields:
    return {name: value} if value else {}


def _format(left: Fields) -> Fields:
    if "format" not in left:
        return {}
    ours = left.pop("format")
    if ours not in FORMATS:
        raise Unsupported(f"{LABEL} makes {', '.join(FORMATS)}, not {ours}.")
    return {"outputFormat": FORMATS[ours]}


def _size(left: Fields) -> Fields:
    """Width and height are given together or not at all."""
    if "aspect" not in left and "resolution" not in left:
        return {}
    wanted = left.pop("aspect", None), left.pop("resolution", None)
    if wanted not in SIZES:
        known = ", ".join(" at ".join(pair) for pair in SIZES)
        raise Unsupported(f"{LABEL} makes {known}, not {wanted[0]} at {wanted[1]}.")
    width, height = SIZES[wanted]
    return {"width": width, "height": height}


def _frames(sending: Sending) -> list[Fields]:
    links = sending.links
    wanted = {name for name in FILES if getattr(sending.order, name) is not None}
    if lost := (wanted | {*links, *sending.parts}) - (FRAMES.keys() & links.keys()):
        raise Unsupported(f"{LABEL} cannot get {', '.join(sorted(lost))} this way.")
    return [
        {"image": links[name], "frame": frame} for name, frame in FRAMES.items() if name in links
    ]
