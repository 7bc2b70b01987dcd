from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from studio.core.errors import InvalidUpload, NotAllowed, StorageFull
from studio.models import Asset, Role
from studio.services import uploads
from studio.storage import media
from studio.storage.receive import ToDisk
from tests.factories import make_member
from tests.storage import models, pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member()


@pytest.fixture
def written(tmp_path):
    def write(data, name="door.png"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


def files_under(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


class TestAddFrame:
    def test_a_picture_is_stored_as_it_is_with_its_facts(self, member, written):
        path = written(pictures.turned(6), "Door in snow.png")
        asset = uploads.add_at(member, "first_frame", path)
        assert (asset.team, asset.uploaded_by, asset.kind) == (member.team, member, "upload")
        assert (asset.name, asset.content_type) == ("Door in snow.png", "image/jpeg")
        assert (asset.width, asset.height) == (180, 320)
        assert asset.path.endswith(".jpg")
        assert Path(default_storage.path(asset.path)).read_bytes() == path.read_bytes()
        assert default_storage.exists(media.thumbnail_key(asset.path))

    def test_the_same_picture_again_is_the_same_asset_with_its_first_name(self, member, written):
        data = pictures.jpeg()
        first = uploads.add_at(member, "first_frame", written(data, "first.jpg"))
        colleague = make_member(team=member.team)
        again = uploads.add_at(colleague, "last_frame", written(data, "again.jpg"))
        assert again == first
        assert again.name == "first.jpg"

    def test_teams_share_no_picture(self, member, written):
        path = written(pictures.jpeg())
        ours = uploads.add_at(member, "first_frame", path)
        theirs = uploads.add_at(make_member(), "first_frame", path)
        assert ours.path != theirs.path

    def test_a_reviewer_may_not(self, written):
        with pytest.raises(NotAllowed):
            uploads.add_at(make_member(Role.REVIEWER), "first_frame", written(pictures.png()))

    @pytest.mark.parametrize(("name", "build", "words"), pictures.REFUSED[::6])
    def test_of_what_is_refused_nothing_is_kept(
        self, member, written, settings, name, build, words
    ):
        with pytest.raises(InvalidUpload):
            uploads.add_at(member, "first_frame", written(build(), name))
        assert not Asset.objects.exists()
        assert files_under(settings.MEDIA_ROOT) == []
        assert files_under(settings.SCRATCH) == []

    def test_a_path_to_nothing_is_a_sentence(self, member, tmp_path):
        with pytest.raises(InvalidUpload, match=r"^First frame must be .*there is no file"):
            uploads.add_at(member, "first_frame", tmp_path / "gone.png")
        with pytest.raises(InvalidUpload, match="there is no file"):
            uploads.add_at(member, "first_frame", tmp_path)

    def test_a_full_disk_says_so_and_names_no_asset(self, member, written, settings, tiny_disk):
        settings.MEDIA_ROOT = tiny_disk
        large = written(pictures.png((1200, 800)))
        assert large.stat().st_size > 1 << 20
        with pytest.raises(StorageFull):
            uploads.add_at(member, "first_frame", large)
        assert not Asset.objects.exists()
        assert files_under(tiny_disk) == []


class TestAddScene:
    def test_a_scene_is_stored_as_it_is(self, member, written):
        path = written(models.glb(), "cell 4.glb")
        asset = uploads.add_at(member, "scene", path)
        assert (asset.team, asset.uploaded_by, asset.kind) == (member.team, member, "scene")
        assert (asset.name, asset.content_type) == ("cell 4.glb", "model/gltf-binary")
        assert asset.path.endswith(".glb")
        assert Path(default_storage.path(asset.path)).read_bytes() == path.read_bytes()
        assert asset in Asset.objects.scenes()
        assert asset not in Asset.objects.pictures()

    def test_the_same_scene_again_is_the_same_asset(self, member, written):
        first = uploads.add_at(member, "scene", written(models.fbx(), "a.fbx"))
        again = uploads.add_at(member, "scene", written(models.fbx(), "b.fbx"))
        assert again == first

    @pytest.mark.parametrize(
        ("called", "kept"),
        [("arm.bin", "arm.fbx"), ("ARM.FBX", "ARM.FBX"), ("arm.glb", "arm.fbx"), (".fbx", ".fbx")],
    )
    def test_its_name_ends_as_its_content_says(self, member, written, called, kept):
        path = written(models.fbx(), "file")
        assert uploads.add_at(member, "scene", path, name=called).name == kept

    def test_what_is_refused_leaves_nothing(self, member, written, settings):
        with pytest.raises(InvalidUpload, match=r"Convert models to \.glb or \.fbx\."):
            uploads.add_at(member, "scene", written(models.OBJ, "arm.obj"))
        with pytest.raises(InvalidUpload, match="there is no file"):
            uploads.add_at(member, "scene", Path("/nowhere/arm.glb"))
        assert not Asset.objects.exists()
        assert files_under(settings.MEDIA_ROOT) == []

    def test_a_reviewer_may_not(self, written):
        with pytest.raises(NotAllowed):
            uploads.add_at(make_member(Role.REVIEWER), "scene", written(models.glb()))


class TestAddSceneOfAForm:
    """What the upload handler has received, as a view hands it on."""

    @staticmethod
    def received(data, *, field="scene_file", name="cell.glb"):
        handler = ToDisk()
        handler.new_file(field, name, "application/octet-stream", len(data))
        for at in range(0, len(data), 1 << 16):
            handler.receive_data_chunk(data[at : at + (1 << 16)], at)
        return handler.file_complete(len(data))

    def test_it_may_be_larger_than_a_picture(self, member, settings):
        settings.UPLOAD_MAX_BYTES = 1000
        data = models.glb(buffer=bytes(100_000))
        asset = uploads.add(member, "scene", self.received(data))
        assert asset.size == len(data)

    @pytest.mark.parametrize(("field", "name"), [("scene", "x.bin"), ("file", "x.GLB")])
    def test_a_scene_is_known_by_its_field_or_its_name(self, member, settings, field, name):
        settings.UPLOAD_MAX_BYTES = 1000
        file = self.received(models.glb(buffer=bytes(100_000)), field=field, name=name)
        assert uploads.add(member, "scene", file).name.lower() == "x.glb"

    def test_one_that_is_too_large_is_not_even_kept(self, member, settings):
        settings.SCENE_MAX_BYTES = 10_000
        file = self.received(models.glb(buffer=bytes(100_000)))
        assert file.path.stat().st_size == 0
        with pytest.raises(InvalidUpload, match="Give a signed link instead"):
            uploads.add(member, "scene", file)


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_one_picture_from_many_windows_is_one_asset(self, member, written):
        from django.db import connections

        path = written(pictures.jpeg())

        def add(_):
            try:
                return uploads.add_at(member, "first_frame", path).pk
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as threads:
            assert len(set(threads.map(add, range(8)))) == 1
