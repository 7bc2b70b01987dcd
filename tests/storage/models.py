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


CORNERS = [(x, y, z) for x in (-0.5, 0.5) for y in (0.0, 1.0) for z in (-0.5, 0.5)]
FACES = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]


def arm(picture: bytes = b"") -> bytes:
    """A whole scene: four blocks, each standing on the one before, the first one with a picture."""
    points = b"".join(struct.pack("<3f", *corner) for corner in CORNERS)
    places = b"".join(struct.pack("<2f", x + 0.5, y) for x, y, _ in CORNERS)
    turns = struct.pack("<36H", *(c for a, b, d, e in FACES for c in (a, b, d, a, d, e)))
    lengths = [len(points), len(places), len(turns), len(picture)]
    views = [
        {"buffer": 0, "byteOffset": sum(lengths[:n]), "byteLength": length}
        for n, length in enumerate(lengths)
        if length
    ]
    children = [{"children": [n]} for n in range(1, len(ARM))] + [{}]
    nodes = [
        {"name": name, "mesh": 0 if n else 1, "translation": [0, 1 if n else 0, 0], **children[n]}
        for n, name in enumerate(ARM)
    ]
    shape = {"attributes": {"POSITION": 0, "TEXCOORD_0": 1}, "indices": 2}
    look = {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}
    painted = {
        "images": [{"bufferView": 3, "mimeType": "image/png"}],
        "textures": [{"source": 0}],
        "materials": [look],
    }
    return glb(
        nodes,
        buffer=points + places + turns + picture,
        scene=0,
        scenes=[{"nodes": [0]}],
        buffers=[{"byteLength": sum(lengths)}],
        bufferViews=views,
        accessors=[
            {"bufferView": 0, "componentType": 5126, "count": 8, "type": "VEC3",
             "min": [-0.5, 0, -0.5], "max": [0.5, 1, 0.5]},
            {"bufferView": 1, "componentType": 5126, "count": 8, "type": "VEC2"},
            {"bufferView": 2, "componentType": 5123, "count": 36, "type": "SCALAR"},
        ],
        meshes=[{"primitives": [shape]},
                {"primitives": [{**shape, **({"material": 0} if picture else {})}]}],
        **(painted if picture else {}),
    )  # fmt: skip


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


def fbx_arm() -> bytes:
    """A whole scene as text: a block, and on it a joint without a surface."""
    points = ",".join(str(number) for corner in CORNERS for number in corner)
    faces = ",".join(f"{a},{b},{c},{-d - 1}" for a, b, c, d in FACES)
    return f"""; FBX 7.4.0 project file
FBXHeaderExtension:  {{
\tFBXHeaderVersion: 1003
\tFBXVersion: 7400
}}
Objects:  {{
\tGeometry: 1, "Geometry::", "Mesh" {{
\t\tVertices: *24 {{
\t\t\ta: {points}
\t\t}}
\t\tPolygonVertexIndex: *24 {{
\t\t\ta: {faces}
\t\t}}
\t}}
\tModel: 2, "Model::base", "Mesh" {{
\t\tVersion: 232
\t}}
\tModel: 3, "Model::elbow joint", "Null" {{
\t\tVersion: 232
\t}}
}}
Connections:  {{
\tC: "OO",2,0
\tC: "OO",3,2
\tC: "OO",1,2
}}
""".encode()


OBJ = b"# Blender\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"
STL = b"solid arm\nfacet normal 0 0 1\nendsolid arm\n"
GLTF = json.dumps(document()).encode()
