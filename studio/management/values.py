"""Values as they are written on a command line, read as the parameter's kind needs them.

Numbers that are none stay text: the parameter itself says what they should have been.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.core import camera, documents
from studio.core.spec import Kind, Param

FLAGS = {"yes": True, "no": False, "true": True, "false": False}


def read(param: Param, text: str) -> Any:
    """Raises ValueError with one sentence.

    Empty text is kept apart from a flag that is not there: it is a wrong value, no default.
    """
    if not text.strip():
        raise ValueError(f"{param.label} must be {param.allowed}, not empty.")
    return READ[param.kind](param, text)


def _read_whole(_param: Param, text: str) -> Any:
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,30}", text) else text


def _read_number(_param: Param, text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _read_choice(param: Param, text: str) -> Any:
    return {str(choice): choice for choice in param.choices}.get(text, text)


def _read_set(param: Param, text: str) -> list[Any]:
    return [_read_choice(param, word.strip()) for word in text.split(",") if word.strip()]


def _read_links(_param: Param, text: str) -> list[str]:
    """A comma may also be a part of a link: only one with a link behind it divides."""
    return [link.strip() for link in re.split(r",(?=\s*https?://)", text)]


def _read_document(param: Param, text: str) -> Any:
    """JSON, or the name of a file with JSON after an @."""
    return _json(param, _content(param, text[1:]) if text.startswith("@") else text)


def _read_motion(param: Param, text: str) -> Any:
    return _json(param, _content(param, text))


def _json(param: Param, text: str) -> Any:
    try:
        return documents.read(text)
    except ValueError as error:
        raise ValueError(f"{param.label} {error}") from error


def _content(param: Param, name: str) -> str:
    try:
        with Path(name).open("rb") as file:
            return file.read(documents.MOST_CHARACTERS + 1).decode(errors="replace")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ValueError(f"{param.label} can not be read from “{name}”: {why}.") from error


READ: dict[Kind, Callable[[Param, str], Any]] = {
    Kind.TEXT: lambda _param, text: text,
    Kind.CHOICE: _read_choice,
    Kind.WHOLE: _read_whole,
    Kind.SEED: _read_whole,
    Kind.NUMBER: _read_number,
    Kind.FLAG: lambda _param, text: FLAGS.get(text.lower(), text),
    Kind.CAMERA: lambda _param, text: camera.read(text),
    Kind.SET: _read_set,
    Kind.LINK: lambda _param, text: text,
    Kind.LINKS: _read_links,
    Kind.OBJECT: _read_document,
    Kind.OBJECTS: _read_document,
    Kind.MOTION: _read_motion,
}
# How the help shows what follows a flag.
SHOWN: dict[Kind, str] = {
    Kind.TEXT: "TEXT",
    Kind.CHOICE: "VALUE",
    Kind.WHOLE: "N",
    Kind.SEED: "N",
    Kind.NUMBER: "N",
    Kind.FLAG: "yes|no",
    Kind.CAMERA: "AXIS=N,…",
    Kind.SET: "A,B,…",
    Kind.LINK: "LINK",
    Kind.LINKS: "LINK,…",
    Kind.OBJECT: "JSON|@FILE",
    Kind.OBJECTS: "JSON|@FILE",
    Kind.MOTION: "FILE",
}
