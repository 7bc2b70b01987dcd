"""What another program asks for in OctopusX's format: a JSON body or a form, as an order.

OpenAI's own libraries always send a form, where metadata[output_config][resolution] is 720P and
every value is text (openai 2.54.0, 2026-11-20); OctopusX documents JSON.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from studio.core.errors import InvalidOrder, Problem
from studio.core.orders import Order
from studio.core.spec import Capability, Kind, Param, is_link
from studio.core.wire import Request, Sending
from studio.core.words import short
from studio.dialects.octopusx.limits import CAPABILITIES, SLUG
from studio.dialects.octopusx.places import (
    CONFIG,
    FILE_PLACES,
    METADATA,
    MODEL,
    PICTURE,
    PLACES,
    PROMPT,
    SIZE,
    SIZES,
    Place,
    as_json,
)

PLACE_AT = {place.path: place for place in PLACES}
FILE_AT = {path: name for name, paths in FILE_PLACES.items() for path in paths}
OBJECTS = (METADATA, CONFIG, PICTURE)
FILE_PARTS = (PICTURE, "image")
FIELDS = (MODEL, PROMPT, SIZE, *PLACE_AT, *FILE_AT)
DEEPEST = 8  # brackets in the name of a form's field

_models = tuple(able.model for able in CAPABILITIES)
MODEL_PARAM = Param(name=MODEL, label=MODEL, kind=Kind.CHOICE, choices=_models, required=True)
SIZE_PARAM = Param(name=SIZE, label=SIZE, kind=Kind.CHOICE, choices=tuple(SIZES))


def read(request: Request) -> Sending:
    """The order, with its files where the request says they are; raises InvalidOrder."""
    body = _body(request)
    asked = Asked(_capability(body.get(MODEL)))
    for path, value in _leaves(body):
        asked.take(path, value)
    for part, (_, name) in request.files.items():
        asked.take_part(part, name)
    return asked.sending()


class Asked:
    """An order in the making, and what is wrong with it so far."""

    def __init__(self, able: Capability) -> None:
        self.able = able
        self.prompt: Any = None
        self.settings: dict[str, Any] = {}
        self.links: dict[str, str] = {}
        self.parts: dict[str, str] = {}
        self.problems: list[Problem] = []

    def take(self, path: str, value: Any) -> None:
        if path == PROMPT:
            self.prompt = value
        elif path == SIZE:
            self._take_size(value)
        elif path in PLACE_AT:
            self._take_setting(PLACE_AT[path], value)
        elif path in FILE_AT:
            self._take_link(path, value)
        elif path != MODEL:
            self._refuse(path, _unknown(path))

    def take_part(self, part: str, name: str) -> None:
        if part not in FILE_PARTS:
            self._refuse(part, f"{short(part)} is no file here; send {PICTURE}.")
        elif self.links.get("first_frame") or self.parts:
            self._refuse(part, f"{part}: there is a first frame already; send one.")
        else:
            self.parts["first_frame"] = name

    def sending(self) -> Sending:
        if problem := replace(self._param(PROMPT), label=PROMPT).problem(self.prompt):
            self._refuse(PROMPT, problem)
        if "last_frame" in self.links and not (self.parts or "first_frame" in self.links):
            path = f"{METADATA}.last_frame_url"
            self._refuse(path, f"{path} needs a first frame; send image.")
        if self.problems:
            raise InvalidOrder(self.problems)
        order = Order(
            provider=SLUG, model=self.able.model, prompt=self.prompt, settings=self.settings
        )
        return Sending(order=order, reference="", links=self.links, parts=self.parts)

    def _take_size(self, value: Any) -> None:
        if problem := SIZE_PARAM.problem(value):
            self._refuse(SIZE, problem)
            return
        for setting, said in zip(("aspect", "resolution"), SIZES[value], strict=True):
            self._settle(SIZE, setting, said)

    def _take_setting(self, place: Place, value: Any) -> None:
        param, ours = self._param(place.setting), place.understood(value)
        if not param.problem(ours):
            self._settle(place.path, place.setting, ours)
        elif problem := place.in_their_words(param).problem(value if place.words else ours):
            self._refuse(place.path, problem)

    def _settle(self, path: str, setting: str, value: Any) -> None:
        """The same value may stand at two places, another may not."""
        if self.settings.setdefault(setting, value) != value:
            others = [place.path for place in PLACES if place.setting == setting]
            places = " and ".join(dict.fromkeys((path, *others)))
            self._refuse(path, f"{places} do not say the same; send one of them.")

    def _take_link(self, path: str, value: Any) -> None:
        if not (is_link(value) or _is_picture(value)):
            words = "an address that starts with https:// or http://, or a picture as data URI"
            self._refuse(path, f"{path} must be {words}, not “{short(value)}”.")
        elif self.links.setdefault(FILE_AT[path], value) != value:
            self._refuse(path, f"{path}: there is a first frame already; send one.")

    def _param(self, name: str) -> Param:
        param = self.able.param(name)
        assert param, f"{self.able.model} has no {name}"  # every model takes every place
        return param

    def _refuse(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))


def _capability(model: Any) -> Capability:
    if problem := MODEL_PARAM.problem(model):
        raise InvalidOrder([Problem(MODEL, problem)])
    return next(able for able in CAPABILITIES if able.model == model)


def _unknown(path: str) -> str:
    if path in OBJECTS:
        return f"{path} must be a JSON object."
    if path == f"{PICTURE}.file_id":
        return f"{path}: there are no uploaded files here; send image_url or the file itself."
    return f"“{short(path)}” is no field here; there are {', '.join(FIELDS)}."


def _is_picture(value: Any) -> bool:
    return isinstance(value, str) and bool(re.match(r"data:image/[a-z]+;base64,", value))


def _body(request: Request) -> Mapping[str, Any]:
    if request.fields or request.files:
        return _nested(request.fields)
    if isinstance(request.json, Mapping):
        return request.json
    raise InvalidOrder([Problem("body", "The body must be a JSON object or a form with fields.")])


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value by its path with dots, without those that are left empty."""
    inside = as_json(value) if path in OBJECTS else value
    if path in ("", *OBJECTS) and isinstance(inside, Mapping):
        for name, deeper in inside.items():
            yield from _leaves(deeper, f"{path}.{name}" if path else name)
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
