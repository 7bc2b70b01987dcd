"""What was asked for, in words: an order's settings as label and value."""

import json
from typing import Any

from django.utils.text import Truncator

from studio.core import camera
from studio.core.orders import Order
from studio.models import Job
from studio.providers.registry import all_providers


def settings_of(job: Job) -> list[tuple[str, str]]:
    """The order's settings as label and value, in the order that the model lists them."""
    order = job.order
    provider = all_providers().get(order.provider)
    labels = labels_of(order)
    rows = [("Provider", f"{provider.label if provider else order.provider}, {order.model}")]
    rows += [
        (label, f"{said(value)} {unit}".strip())
        for name, (label, unit) in labels.items()
        if name != "camera" and (value := order.settings.get(name)) not in (None, "")
    ]
    return [*rows, ("Camera", camera_words(order))] if "camera" in labels else rows


def labels_of(order: Order) -> dict[str, tuple[str, str]]:
    """Label and unit of each setting that its model has; none of a model that is gone."""
    provider = all_providers().get(order.provider)
    able = provider.capability(order.model) if provider else None
    return {param.name: (param.label, param.unit) for param in (able.settings if able else ())}


def said(value: Any) -> str:
    """A value in a few words: a list as its items, an object as the beginning of its JSON."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(item.replace("_", " ") for item in value)
    return Truncator(json.dumps(value)).chars(120) if isinstance(value, dict | list) else str(value)


def camera_words(order: Order) -> str:
    """The move in words and, since it may be wanted again, in numbers."""
    words = camera.sentence(order.camera).removeprefix("The camera ").removesuffix(".")
    numbers = camera.write(order.camera).replace(",", ", ")
    return f"{words} ({numbers})" if numbers else words
