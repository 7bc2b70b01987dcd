"""Scene files that people, exporters and attackers bring, built as they are needed."""

import json
import struct
from typing import Any

JSON, BIN = 0x4E4F534A, 0x004E4942
ARM = ["base", "shoulder", "elbow", "wrist"]


def chunk(kind: int, data: bytes) -> bytes:
    return struct.pack("<II", len(data), kind) + data


def glb_of(*chunks: bytes, version: int = 2, length: int | None = None) -> bytes:
    body = b"".join(chunks)
    size = 12 + len(body) if length is None else length
    return struct.pack("<4sII", b"glTF", version, size) + body


def document(nodes: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    named = [{"name": name} for name in ARM] if nodes is None else nodes
    return {"asset": {"version": "2.0"}, "nodes": named, **more}


def glb(nodes: list[Any] | None = None, *, buffer: bytes = b"\0" * 64, **more: Any) -> bytes:
    text = json.dumps(document(nodes, **more)).encode()
    return glb_of(chunk(JSON, text + b" " * (-len(text) % 4)), chunk(BIN, buffer))


def glb_with(text: bytes) -> bytes:
    return glb_of(chunk(JSON, text))


FBX_RECORDS = (b"FBXHeaderExtension", b"Objects")


def fbx(
    version: int = 7400, *, records: tuple[bytes, ...] = FBX_RECORDS, big: bool = False
) -> bytes:
    """A binary file with its outermost records: end, properties, their length, name."""
    order = ">" if big else "<"
    form = order + ("QQQB" if version >= 7500 else "IIIB")
    data = b"Kaydara FBX Binary  \0\x1a" + bytes([big]) + struct.pack(f"{order}I", version)
    for name in records:
        body = name + b"x" * 40
        end = len(data) + struct.calcsize(form) + len(body)
        data += struct.pack(form, end, 0, 0, len(name)) + body
    return data + b"\0" * struct.calcsize(form) + b"footer"


FBX_TEXT = b"""; FBX 7.7.0 project file
; ----------------------------------------------------

FBXHeaderExtension:  {
\tFBXHeaderVersion: 1004
}
"""
OBJ = b"# Blender\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"
STL = b"solid arm\nfacet normal 0 0 1\nendsolid arm\n"
GLTF = json.dumps(document()).encode()
