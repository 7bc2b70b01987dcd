"""The JSON inside a glTF binary (.glb), read with bounds: what its nodes are called, what it lacks.

The layout is that of the glTF 2.0 specification, section 4 (GLB File Format Specification).
"""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

MAGIC = b"glTF"
HEADER = struct.Struct("<4sII")
CHUNK = struct.Struct("<II")
JSON_CHUNK = 0x4E4F534A
MOST_JSON_BYTES = 16 * 1024 * 1024


class Damaged(Exception):
    """Says why a file can not be read, as the end of a sentence."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """`nodes` are the names of all its nodes, `joints` of those that can be turned.

    `outside` is the first file beside the scene that it refers to, or "".
    """

    nodes: tuple[str, ...]
    joints: tuple[str, ...]
    outside: str


def contents(file: BinaryIO, size: int) -> Contents:
    """Read a file of `size` bytes from its beginning. Raises Damaged."""
    document = _document(file, size)
    _require_version(document)
    nodes = [_name(node) for node in _rows(document, "nodes")]
    able = _named(nodes, [*_skinned(document), *_animated(document)])
    everything = _named(nodes, range(len(nodes)))
    return Contents(nodes=everything, joints=able or everything, outside=_outside(document))


def _document(file: BinaryIO, size: int) -> dict[str, Any]:
    _, version, length = _unpack(HEADER, file)
    if version != 2:
        raise Damaged(f"is glTF {version}; export it as glTF 2.0")
    if length != size:
        raise Damaged(f"should have {length:,} bytes and has {size:,}; export it again")
    first, kind = _unpack(CHUNK, file)
    if kind != JSON_CHUNK or first > size - file.tell():
        raise Damaged("is damaged or cut off; export it again")
    if first > MOST_JSON_BYTES:
        raise Damaged(f"has more than {MOST_JSON_BYTES >> 20} MB of JSON; keep data in its buffer")
    document = _parsed(file.read(first))
    _require_whole_chunks(file, size)
    return document


def _unpack(form: struct.Struct, file: BinaryIO) -> tuple[Any, ...]:
    read = file.read(form.size)
    if len(read) != form.size:
        raise Damaged("is damaged or cut off; export it again")
    return form.unpack(read)


def _parsed(text: bytes) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Damaged("has JSON that can not be read; export it again") from error
    if not isinstance(document, dict):
        raise Damaged("has JSON that is no scene; export it again")
    return document


def _require_whole_chunks(file: BinaryIO, size: int) -> None:
    """What follows the JSON, mostly one buffer, lies within the file; none of it is read."""
    while file.tell() < size:
        length, _ = _unpack(CHUNK, file)
        if length > size - file.tell():
            raise Damaged("is damaged or cut off; export it again")
        file.seek(length, 1)


def _require_version(document: Mapping[str, Any]) -> None:
    asset = document.get("asset")
    version = asset.get("version") if isinstance(asset, dict) else None
    if not isinstance(version, str) or not version.startswith("2."):
        raise Damaged("does not say that it is glTF 2.0; export it again")


def _rows(document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects; what is none of that counts as an empty object, so that places stay."""
    rows = document.get(name)
    return [row if isinstance(row, dict) else {} for row in rows] if isinstance(rows, list) else []


def _name(node: Mapping[str, Any]) -> str:
    name = node.get("name")
    return name if isinstance(name, str) else ""


def _named(nodes: list[str], places: Any) -> tuple[str, ...]:
    """The names at these places, each once, in their order; strange places have none."""
    known = range(len(nodes))
    names = (nodes[place] for place in places if type(place) is int and place in known)
    return tuple(dict.fromkeys(name for name in names if name.strip()))


def _skinned(document: Mapping[str, Any]) -> Iterator[Any]:
    for skin in _rows(document, "skins"):
        joints = skin.get("joints")
        yield from joints if isinstance(joints, list) else ()


def _animated(document: Mapping[str, Any]) -> Iterator[Any]:
    for animation in _rows(document, "animations"):
        for channel in _rows(animation, "channels"):
            target = channel.get("target")
            yield target.get("node") if isinstance(target, dict) else None


def _outside(document: Mapping[str, Any]) -> str:
    """Data inside is fine, and so is what anybody can fetch by a link."""
    for row in [*_rows(document, "buffers"), *_rows(document, "images")]:
        uri = row.get("uri")
        if isinstance(uri, str) and not uri.lower().startswith(("data:", "https://", "http://")):
            return uri
    return ""
