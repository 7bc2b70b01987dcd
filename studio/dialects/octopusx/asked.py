"""What another program asks for in OctopusX's format, as an order."""

import re
from dataclasses import replace
from typing import Any

from studio.core.errors import InvalidOrder, Problem
from studio.core.orders import Order
from studio.core.spec import Capability, Kind, Param, is_link
from studio.core.wire import Request, Sending
from studio.core.words import short
from studio.dialects.octopusx.bodies import body_of, leaves
from studio.dialects.octopusx.limits import CAPABILITIES, SLUG
from studio.dialects.octopusx.places import (
    FILE_PLACES,
    METADATA,
    MODEL,
    OBJECTS,
    PICTURE,
    PLACES,
    PROMPT,
    SIZE,
    SIZES,
    Place,
)

PLACE_AT = {place.path: place for place in PLACES}
FILE_AT = {path: name for name, paths in FILE_PLACES.items() for path in paths}
FILE_PARTS = (PICTURE, "image")
FIELDS = (MODEL, PROMPT, SIZE, *PLACE_AT, *FILE_AT)

_models = tuple(able.model for able in CAPABILITIES)
MODEL_PARAM = Param(name=MODEL, label=MODEL, kind=Kind.CHOICE, choices=_models, required=True)
SIZE_PARAM = Param(name=SIZE, label=SIZE, kind=Kind.CHOICE, choices=tuple(SIZES))


def read(request: Request) -> Sending:
    """The order, with its files where the request says they are; raises InvalidOrder."""
    body = body_of(request)
    asked = Asked(_capability(body.get(MODEL)))
    for path, value in leaves(body):
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
        if problem := param.problem(ours):
            theirs = place.in_their_words(param).problem(value if place.words else ours)
            self._refuse(place.path, theirs or problem)
        else:
            self._settle(place.path, place.setting, ours)

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
