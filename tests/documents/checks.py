"""What a document says about a value, as functions that say where a value is otherwise."""

import math
import re
from collections.abc import Mapping
from urllib.parse import urlsplit


class Wrong(Exception):
    """`where` is the field as the document names it, with the fields around it."""

    def __init__(self, where, said):
        super().__init__(f"{where} {said}")
        self.where = where


def text(low=0, high=math.inf):
    def check(where, value):
        if not isinstance(value, str) or not low <= len(value) <= high:
            raise Wrong(where, f"must be text of {low} to {high} characters, not {value!r}")

    return check


def like(pattern):
    def check(where, value):
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise Wrong(where, f"must look like {pattern}, not {value!r}")

    return check


def one_of(*choices):
    """The type counts, too: "5" is not 5, and True is not 1."""

    def check(where, value):
        if not any(type(value) is type(choice) and value == choice for choice in choices):
            raise Wrong(where, f"must be one of {choices}, not {value!r}")

    return check


def number(low=-math.inf, high=math.inf, *, kinds=(int, float)):
    def check(where, value):
        if type(value) not in kinds or not low <= value <= high:
            raise Wrong(where, f"must be a number from {low} to {high}, not {value!r}")

    return check


def whole(low=-math.inf, high=math.inf):
    return number(low, high, kinds=(int,))


def flag(where, value):
    if type(value) is not bool:
        raise Wrong(where, f"must be true or false, not {value!r}")


def link(where, value):
    place = urlsplit(value) if isinstance(value, str) else None
    if not place or place.scheme not in {"http", "https"} or not place.hostname:
        raise Wrong(where, f"must be a URL, not {str(value)[:80]!r}")


def anything(where, value):
    """The document leaves open what this is."""


def object_(where, value):
    if not isinstance(value, Mapping):
        raise Wrong(where, f"must be an object, not {value!r}")


def fields(required="", /, **checks):
    """An object with these fields, no others, and at least the required ones."""

    def check(where, value):
        object_(where, value)
        for name in required.split():
            if name not in value:
                raise Wrong(f"{where}.{name}".strip("."), "is missing")
        for name, part in value.items():
            if name not in checks:
                raise Wrong(f"{where}.{name}".strip("."), "is unknown")
            checks[name](f"{where}.{name}".strip("."), part)

    return check


def items(part, low=0, high=math.inf):
    def check(where, value):
        if not isinstance(value, list) or not low <= len(value) <= high:
            raise Wrong(where, f"must be a list of {low} to {high}, not {value!r}")
        for number_, item in enumerate(value):
            part(f"{where}[{number_}]", item)

    return check


def either(*checks):
    def check(where, value):
        wrongs = []
        for one in checks:
            try:
                return one(where, value)
            except Wrong as wrong:
                wrongs.append(str(wrong))
        raise Wrong(where, " and ".join(wrongs))

    return check
