"""The slate of a take: what was asked for to make it, as one JSON value that travels in its file.

Files come back from anywhere, so that the value is read strictly: a wrong type or an unreadable
text is no slate, names that nobody knows are left alone, and nothing in it is ever run.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from studio.core import documents
from studio.core.orders import Order
from studio.core.spec import FILES
from studio.core.words import storable

FORMAT = 1
MADE_WITH = "Dailies 0.1.0"
MOST_BYTES = 512 * 1024
LONGEST_NAME = 120
MOST_JOINED = 100

_SHA256 = re.compile(r"[0-9a-f]{64}")
# What JSON allows in a text, but neither XML nor a database.
_UNFIT = re.compile("[\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class NoSlate(ValueError):
    """This is no slate of ours, or too large to be one."""


@dataclass(frozen=True, kw_only=True)
class Slate:
    """One order and where its take comes from.

    `files` are the order's files by name, each as the SHA-256 of its content, so that another
    studio can find them. `number` counts the takes of the order from 1, `seed` is the take's own,
    `source` the SHA-256 of its file as it came from its maker. `continues` is that of the video
    that it goes on from, as it is stored, after `frame` (None: its last). A film of several takes
    has the slate of its last one, and all of them in `joins`.

    No number of a row is in it: the same order with the same seed gives the same bytes, and other
    studios have other rows.
    """

    provider: str
    model: str
    prompt: str
    written: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    continues: str = ""
    frame: int | None = None
    source: str = ""
    project: str = ""
    number: int = 1
    joins: tuple["Slate", ...] = ()

    @property
    def title(self) -> str:
        return Order(provider=self.provider, model=self.model, prompt=self.prompt).title

    def to_json(self) -> dict[str, Any]:
        """Without what is not said, so that the text is no longer than it has to be."""
        values = {name: getattr(self, name) for name in READERS}
        said = {
            name: value for name, value in values.items() if name in NEEDED or value not in NOTHING
        }
        if self.joins:
            said["joins"] = [one.to_json() for one in self.joins]
        return said

    def text(self) -> str:
        """The same slate always gives the same text. Raises NoSlate when it is too large."""
        value = {"dailies": FORMAT, "made_with": MADE_WITH, **self.to_json()}
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        text = _UNFIT.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
        if len(text.encode()) > MOST_BYTES:
            raise NoSlate("The order is too large to travel in a file.")
        return text

    @classmethod
    def read(cls, text: str) -> Self:
        """The slate that a text holds. Raises NoSlate for everything else."""
        if len(text.encode(errors="replace")) > MOST_BYTES:
            raise NoSlate("It is longer than a slate can be.")
        try:
            value = documents.read(text)
        except ValueError as error:
            raise NoSlate(str(error)) from error
        if not isinstance(value, dict) or value.get("dailies") != FORMAT:
            raise NoSlate("It is no slate of this format.")
        joins = value.get("joins", [])
        if not isinstance(joins, list) or len(joins) > MOST_JOINED:
            raise NoSlate("“joins” is not what a slate has there.")
        return cls(**_fields(value), joins=tuple(cls(**_fields(one)) for one in joins))


NOTHING: tuple[Any, ...] = ("", None, {})


def _text(value: Any) -> str:
    _require(isinstance(value, str))
    return storable(value)


def _name(value: Any) -> str:
    return _text(value)[:LONGEST_NAME]


def _count(value: Any) -> int:
    _require(isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63)
    count: int = value
    return count


def _seed(value: Any) -> int:
    _require(isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63)
    seed: int = value
    return seed


def _sha256(value: Any) -> str:
    _require(isinstance(value, str) and bool(_SHA256.fullmatch(value)))
    digest: str = value
    return digest


def _settings(value: Any) -> Mapping[str, Any]:
    _require(isinstance(value, dict))
    settings: Mapping[str, Any] = value
    return settings


def _files(value: Any) -> Mapping[str, str]:
    _require(isinstance(value, dict))
    return {name: _sha256(value[name]) for name in FILES if name in value}


READERS: Mapping[str, Callable[[Any], Any]] = {
    "provider": _name, "model": _name, "prompt": _text, "written": _text, "settings": _settings,
    "seed": _seed, "files": _files, "continues": _sha256, "frame": _count, "source": _sha256,
    "project": _name, "number": _count,
}  # fmt: skip
NEEDED = ("provider", "model", "prompt")


def _fields(value: Any) -> dict[str, Any]:
    """The known names of one slate, each as what it has to be; null is nothing said."""
    _require(isinstance(value, dict) and all(name in value for name in NEEDED))
    said = {name: value[name] for name in READERS if value.get(name) is not None}
    return {name: READERS[name](one) for name, one in said.items()}


def _require(fits: bool) -> None:  # noqa: FBT001  (reads as a sentence)
    if not fits:
        raise NoSlate("A value is not what a slate has there.")
