import json
import tracemalloc

import pytest

from studio.core.errors import InvalidUpload
from studio.storage import glb, media, scenes
from tests.storage import models


@pytest.fixture
def check(tmp_path):
    def checked(data, name="cell.glb"):
        path = tmp_path / "file"
        path.write_bytes(data)
        return scenes.check(path, field="Scene", name=name)

    return checked


TAKEN = [
    (".glb", models.glb()),
    (".glb", models.glb([])),
    (".glb", models.glb_of(models.chunk(models.JSON, models.GLTF))),
    (".glb", models.glb(images=[{"uri": "https://example.org/wood.png"}, {"uri": "data:,a"}])),
    (".fbx", models.fbx()),
    (".fbx", models.fbx(7500)),
    (".fbx", models.fbx(6100)),
    (".fbx", models.fbx(big=True)),
    (".fbx", models.FBX_TEXT),
]
TWO = "Scene must be a .glb or .fbx scene; "
BY_HAND = "Convert models to .glb or .fbx."
REFUSED = [
    ("arm.obj", models.OBJ, f"{TWO}“arm.obj” is a text file. {BY_HAND}"),
    ("arm.glb", models.OBJ, f"{TWO}“arm.glb” is a text file. {BY_HAND}"),
    ("arm.stl", models.STL, BY_HAND),
    ("arm.gltf", models.GLTF, BY_HAND),
    ("arm.blend", b"BLENDER-v300RENDH", "“arm.blend” is a Blender file."),
    ("arm.usdz", b"PK\x03\x04" + b"\0" * 40, "is a packed file."),
    ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "is a PNG picture."),
    ("empty.glb", b"", f"{TWO}“empty.glb” is empty."),
    ("old.glb", models.glb_of(version=1), "“old.glb” is glTF 1; export it as glTF 2.0."),
    ("cut.glb", models.glb()[:-9], "bytes and has"),
    ("more.glb", models.glb() + b"more", "bytes and has"),
    ("head.glb", b"glTF\2\0", "is damaged or cut off"),
    ("first.glb", models.glb_of(b"\1\0\0"), "is damaged or cut off"),
    ("no-json.glb", models.glb_of(models.chunk(models.BIN, b"1234")), "is damaged or cut off"),
    ("claims.glb", models.glb_of(b"\xff\xff\xff\x7fJSON"), "is damaged or cut off"),
    ("tail.glb", models.glb_of(models.chunk(models.JSON, models.GLTF), b"\xff\0\0\0BIN\0"),
     "is damaged or cut off"),
    ("words.glb", models.glb_with(b"{nodes}"), "has JSON that can not be read"),
    ("latin.glb", models.glb_with('{"ü": 1}'.encode("latin-1")), "has JSON that can not be read"),
    ("deep.glb", models.glb_with(b"[" * 200_000), "has JSON that can not be read"),
    ("list.glb", models.glb_with(b"[]"), "has JSON that is no scene"),
    ("bare.glb", models.glb_with(b"{}"), "does not say that it is glTF 2.0"),
    ("three.glb", models.glb_with(b'{"asset": {"version": "3.0"}}'), "is glTF 2.0"),
    ("outside.glb", models.glb(buffers=[{"uri": "cell.bin"}]), "needs the file “cell.bin”"),
    ("up.glb", models.glb(images=[{"uri": "../../etc/passwd"}]), "which does not come along"),
    ("file.glb", models.glb(images=[{"uri": "file:///etc/passwd"}]), "everything inside"),
    ("cut.fbx", models.fbx()[:80], "“cut.fbx” is damaged or cut off"),
    ("header.fbx", models.fbx()[:27], "is damaged or cut off"),
    ("loop.fbx", models.fbx(records=())[:27] + b"\x05\0\0\0" + b"\0" * 30, "damaged or cut off"),
    ("comment.fbx", b"; FBX is what I like", "is a text file."),
]  # fmt: skip


class TestCheck:
    @pytest.mark.parametrize(("suffix", "data"), TAKEN)
    def test_its_content_says_what_it_is(self, check, suffix, data):
        scene = check(data, "anything.bin")
        assert (scene.suffix, scene.size) == (suffix, len(data))

    @pytest.mark.parametrize(("name", "data", "words"), REFUSED, ids=[row[0] for row in REFUSED])
    def test_what_is_no_scene_is_refused_with_a_sentence(self, check, name, data, words):
        with pytest.raises(InvalidUpload) as refused:
            check(data, name)
        assert refused.value.message.startswith("Scene ")
        assert words in refused.value.message

    def test_a_scene_that_is_too_large_is_sent_by_link(self, check, settings):
        settings.SCENE_MAX_BYTES = 1_000_000
        with pytest.raises(InvalidUpload) as refused:
            check(models.glb(buffer=b"\0" * 1_100_000), "large.glb")
        assert refused.value.message == (
            "Scene may have at most 1 MB; “large.glb” has 1.2 MB. Give a signed link instead."
        )

    def test_a_large_buffer_is_not_read(self, check, tmp_path):
        data = models.glb(buffer=b"\0" * 60_000_000)
        (tmp_path / "file").write_bytes(data)
        del data
        tracemalloc.start()
        scenes.check(tmp_path / "file", field="Scene", name="a.glb")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 1_000_000

    def test_too_much_json_is_refused_before_it_is_read(self, check, monkeypatch):
        monkeypatch.setattr(glb, "MOST_JSON_BYTES", 1024)
        with pytest.raises(InvalidUpload, match="has more than 0 MB of JSON"):
            check(models.glb([{"name": "n" * 2000}]))


class TestJoints:
    def test_of_a_skin_and_of_animations_where_there_are_any(self, check):
        scene = check(models.glb(
            skins=[{"joints": [2, 1]}],
            animations=[{"channels": [{"target": {"node": 3}}, {"target": {"node": 1}}]}],
        ))  # fmt: skip
        assert scene.joints == ("elbow", "shoulder", "wrist")
        assert scene.nodes == tuple(models.ARM)

    def test_else_every_node_with_a_name(self, check):
        scene = check(models.glb([{"name": "a"}, {}, {"name": "a"}, {"name": " "}, {"name": 7}]))
        assert scene.joints == scene.nodes == ("a",)

    @pytest.mark.parametrize(
        "more",
        [
            {"skins": [{"joints": [99, -1, True, "1", None, [0]]}]},
            {"skins": {"joints": [1]}},
            {"skins": [7], "animations": [{"channels": [{"target": 1}, None]}, "x"]},
            {"animations": [{"channels": 5}]},
        ],
    )
    def test_strange_places_are_no_joints(self, check, more):
        assert check(models.glb(**more)).joints == tuple(models.ARM)

    def test_of_fbx_they_are_not_known(self, check):
        assert check(models.fbx()).joints == ()


class TestStored:
    def test_a_stored_scene_is_looked_into_once(self, tmp_path, monkeypatch):
        path = tmp_path / "cell.glb"
        path.write_bytes(models.glb([{"name": "once"}]))
        key = media.store(path, team=1).path
        assert scenes.stored(key).joints == ("once",)
        monkeypatch.setattr(media, "local_path", lambda _: pytest.fail("read again"))
        assert scenes.stored(key).joints == ("once",)


def test_json_with_the_most_bytes_is_still_read(tmp_path):
    names = [{"name": f"node {number}"} for number in range(1000)]
    path = tmp_path / "a.glb"
    path.write_bytes(models.glb(names, extras=json.dumps(names)))
    assert len(scenes.check(path, field="Scene", name="a.glb").joints) == 1000
