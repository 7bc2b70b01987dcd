"""The body of a request as one JSON object, and that as values by their paths.

OpenAI's own libraries always send a form, where metadata[output_config][resolution] is 720P and
every value is text (openai 2.54.0, 2026-11-20); OctopusX documents JSON.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from studio.core.errors import InvalidOrder, Problem
from studio.core.wire import Request
from studio.core.words import short
from studio.dialects.octopusx.places import OBJECTS, as_json

DEEPEST = 8  # brackets in the name of a form's field


def body_of(request: Request) -> Mapping[str, Any]:
    if request.fields or request.files:
        return _nested(request.fields)
    if isinstance(request.json, Mapping):
        return request.json
    raise InvalidOrder([Problem("body", "The body must be a JSON object or a form with fields.")])


def leaves(body: Mapping[str, Any], outer: str = "") -> Iterator[tuple[str, Any]]:
    """Every value by its path with dots, without those that are left empty."""
    for name, value in body.items():
        path = f"{outer}{name}"
        inside = as_json(value) if path in OBJECTS else None
        if isinstance(inside, Mapping):
            yield from leaves(inside, f"{path}.")
        elif value not in (None, ""):
            yield path, value


def _nested(fields: Mapping[str, str]) -> dict[str, Any]:
    """metadata[tags][0]=a as {"metadata": {"tags": ["a"]}}."""
    body: dict[str, Any] = {}
    for name, value in fields.items():
        *outer, last = re.split(r"\]?\[", name.removesuffix("]"), maxsplit=DEEPEST)
        inside: Any = body
        for part in outer:
            inside = inside.setdefault(part, {}) if isinstance(inside, dict) else None
        if not isinstance(inside, dict) or last in inside:
            message = f"{short(name)} is there twice, whole and in parts; send one of them."
            raise InvalidOrder([Problem(name, message)])
        inside[last] = value
    return {name: _listed(value) for name, value in body.items()}


def _listed(value: Any) -> Any:
    """An object whose names are numbers or empty is a list."""
    if not isinstance(value, dict):
        return value
    inside = {name: _listed(deeper) for name, deeper in value.items()}
    is_list = all(name == "" or name.isdecimal() for name in inside)
    return list(inside.values()) if is_list else inside
