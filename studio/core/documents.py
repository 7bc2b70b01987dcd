"""JSON as people write it: read strictly, with a sentence about where it breaks."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from studio.core.words import short

# What Python says of broken JSON, in words for people.
BREAKS = {
    "Expecting value": "a value is missing",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing",
    "Extra data": "there is more after its end",
    "Unterminated string starting at": "a text without its closing quote begins",
    "Invalid control character at": "a text has a line break or another control character",
}
MOST_CHARACTERS = 1_000_000
MOST_DIGITS = 300


def read(text: str) -> Any:
    """The value that a JSON text stands for.

    Raises ValueError with the end of a sentence, to come after the name of the field.
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"is longer than {MOST_CHARACTERS:,} characters.")
    try:
        return json.loads(text, object_pairs_hook=_whole, parse_constant=_refuse, parse_int=_number)
    except json.JSONDecodeError as error:
        what = BREAKS.get(error.msg, error.msg.lower())
        raise ValueError(
            f"can not be read as JSON: {what} at line {error.lineno}, column {error.colno}."
        ) from error
    except RecursionError as error:
        raise ValueError("can not be read as JSON: it is nested too deeply.") from error


def write(value: Any) -> str:
    """A value as a person can read and change it."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def _whole(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a name that is there twice, one value would get lost in silence."""
    whole: dict[str, Any] = {}
    for name, value in pairs:
        if name in whole:
            raise ValueError(f"can not be read as JSON: “{short(name)}” is there twice.")
        whole[name] = value
    return whole


def _number(digits: str) -> int:
    """Python reads no more than 4,300 digits at once, and nobody needs as many."""
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"can not be read as JSON: “{short(digits)}” has too many digits.")
    return int(digits)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"can not be read as JSON: {constant} is no number.")


def read_pairs(text: str) -> Any:
    """An object from lines of `name = value`, or from JSON. Raises ValueError as `read` does."""
    if text.strip().startswith(("{", "[")):
        return read(text)
    lines = enumerate(text.splitlines(), start=1)
    return _whole([_pair(line, number) for number, line in lines if line.strip()])


def _pair(line: str, number: int) -> tuple[str, Any]:
    name, equals, value = (part.strip() for part in line.partition("="))
    if not (name and equals and value):
        raise ValueError(
            f"has “{short(line.strip())}” in line {number}, which is not NAME = VALUE."
        )
    return name, _scalar(value)


def _scalar(text: str) -> Any:
    """A number, true, false, or the text itself."""
    try:
        return read(text)
    except ValueError:
        return text


def write_pairs(value: Mapping[str, Any]) -> str:
    """Lines, as long as reading them gives the same object again; else JSON."""
    lines = "\n".join(f"{name} = {_written(item)}" for name, item in value.items())
    try:
        return lines if read_pairs(lines) == value else write(value)
    except ValueError:
        return write(value)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
