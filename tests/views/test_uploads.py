import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from studio.forms.orders import all_capabilities
from studio.models import Asset, AssetKind
from studio.views.slots import files_of
from studio.views.uploads import files_from
from tests.factories import make_member, make_project
from tests.storage import models, pictures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sellers")]


@pytest.fixture
def member():
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def client(client, member):
    client.force_login(member.user)
    return client


def sent(data, name="door.png"):
    return SimpleUploadedFile(name, data, "image/png")


ABLE = all_capabilities()[0]


def post(client, slot="first_frame", *, file=None, **fields):
    files = {f"{slot}_file": file} if file else {}
    return client.post(reverse("frames"), {"slot": slot, **files, **fields})


def some_asset(team, kind=AssetKind.UPLOAD, sha256="1"):
    return Asset.objects.create(
        team=team, kind=kind, path="1/a/b.png", name="old.png", sha256=sha256, size=1,
        content_type="image/png", width=320, height=180,
    )  # fmt: skip


class TestFrames:
    def test_a_picture_fills_the_slot(self, client, member):
        response = post(client, "last_frame", file=sent(pictures.png()))
        asset = Asset.objects.get()
        assert response.status_code == 200
        assert asset.uploaded_by == member
        assert response.context["slot"].asset == asset
        html = response.content.decode()
        assert f'<input type="hidden" name="last_frame" value="{asset.pk}">' in html
        assert f'src="/media/{asset.pk}/last_frame.png?size=small"' in html
        assert 'id="slot-last_frame"' in html

    def test_the_small_version_is_sent_for_the_slot(self, client):
        post(client, file=sent(pictures.png((1200, 800))))
        pk = Asset.objects.get().pk
        small = client.get(f"/media/{pk}/a.png?size=small")
        assert small["Content-Type"] == "image/webp"
        whole = client.get(f"/media/{pk}/a.png")
        assert whole["Content-Type"] == "image/png"
        assert len(small.getvalue()) < len(whole.getvalue())
        assert small["ETag"] != whole["ETag"]

    def test_a_wrong_file_gets_a_sentence_and_the_old_picture_stays(self, client, member):
        old = some_asset(member.team)
        response = post(client, file=sent(b"Shots for Tuesday", "notes.png"), first_frame=old.pk)
        assert response.status_code == 422
        html = response.content.decode()
        sentence = "First frame must be a PNG, JPEG or WebP picture; “notes.png” is a text file."
        assert sentence in html
        assert f'name="first_frame" value="{old.pk}"' in html
        assert 'aria-invalid="true"' in html
        assert Asset.objects.count() == 1

    def test_a_name_cannot_bring_markup(self, client):
        html = post(client, file=sent(b"text", '"><script>.png')).content.decode()
        assert "<script>" not in html

    def test_a_file_that_is_too_large_gets_a_sentence(self, client, settings, tmp_path):
        settings.UPLOAD_MAX_BYTES = 1 << 20
        response = post(client, file=sent(b"x" * (5 << 20), "heavy.png"))
        assert response.status_code == 422
        assert "may have at most 1 MB; “heavy.png” has 5.0 MB." in response.content.decode()
        assert list(settings.SCRATCH.iterdir()) == []

    def test_no_more_of_a_file_than_is_allowed_reaches_the_disk(self, settings, rf, monkeypatch):
        settings.UPLOAD_MAX_BYTES = 1 << 20
        request = rf.post("/", {"file": sent(b"x" * (5 << 20))})
        received = request.FILES["file"]
        assert received.size == 5 << 20
        assert received.path.stat().st_size <= 1 << 20
        request.close()
        assert not received.path.exists()

    def test_a_full_disk_while_receiving_gets_a_sentence(self, client, settings, tiny_disk):
        settings.SCRATCH = tiny_disk
        response = post(client, file=sent(b"x" * (3 << 20), "large.png"))
        assert response.status_code == 422
        assert "The disk is full" in response.content.decode()
        assert list(tiny_disk.iterdir()) == []

    def test_a_disk_without_room_for_a_name_gets_a_sentence(self, client, settings, tmp_path):
        settings.SCRATCH = tmp_path / "gone"
        response = post(client, file=sent(pictures.png()))
        assert response.status_code == 422
        assert "could not be written" in response.content.decode()

    def test_an_asset_of_the_team_can_be_put_in(self, client, member):
        asset = some_asset(member.team, AssetKind.LAST_FRAME)
        assert post(client, first_frame=asset.pk).context["slot"].asset == asset

    @pytest.mark.parametrize("key", ["0", "-1", "x", "9" * 40, "\uff11"])
    def test_a_key_that_names_no_picture_leaves_the_slot_empty(self, client, key):
        response = post(client, first_frame=key)
        assert response.status_code == 200
        assert response.context["slot"].asset is None

    def test_a_strangers_picture_and_a_video_are_not_put_in(self, client, member):
        for asset in (some_asset(make_member().team), some_asset(member.team, AssetKind.VIDEO)):
            assert post(client, first_frame=asset.pk).context["slot"].asset is None

    def test_a_picture_is_removed(self, client, member):
        asset = some_asset(member.team)
        response = post(client, first_frame=asset.pk, remove_frame="first_frame")
        assert response.context["slot"].asset is None
        assert "Add the first frame" in response.content.decode()

    def test_an_unknown_slot_is_refused(self, client):
        assert post(client, "middle_frame", file=sent(pictures.png())).status_code == 422
        assert not Asset.objects.exists()

    def test_a_body_that_breaks_off_is_no_error_of_ours(self, client):
        body = (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n\x89PNG'
        )
        response = client.generic(
            "POST", reverse("frames"), body, content_type="multipart/form-data; boundary=x"
        )
        assert response.status_code == 422


class TestFilesFrom:
    def asked(self, member, **fields):
        request = RequestFactory().post("/orders/", fields)
        request.member = member
        try:
            return files_from(request, ABLE, request.POST)
        finally:
            request.close()

    def test_files_of_a_form_without_scripts_are_stored(self, member):
        frames = self.asked(
            member, first_frame_file=sent(pictures.png()), last_frame_file=sent(pictures.jpeg())
        )
        first, last = Asset.objects.order_by("pk")
        assert frames.keys == {"first_frame": first.pk, "last_frame": last.pk, "scene": None}
        assert not frames.problems
        assert not frames.rearranged

    def test_one_wrong_file_leaves_the_rest(self, member):
        old = some_asset(member.team)
        frames = self.asked(
            member, first_frame=old.pk, first_frame_file=sent(b"text", "notes.png"),
            last_frame_file=sent(pictures.jpeg()),
        )  # fmt: skip
        assert frames.slot("first_frame").asset == old
        assert frames.slot("last_frame").asset
        assert list(frames.problems) == ["first_frame"]

    def test_no_file_chosen_keeps_what_the_form_names(self, member):
        old = some_asset(member.team)
        empty = io.BytesIO()
        empty.name = ""
        frames = self.asked(member, first_frame=old.pk, first_frame_file=empty)
        assert frames.keys == {"first_frame": old.pk, "last_frame": None, "scene": None}

    def test_the_swap_button_exchanges_and_does_not_order(self, member):
        old, other = some_asset(member.team), some_asset(member.team, sha256="2")
        frames = self.asked(member, first_frame=old.pk, last_frame=other.pk, swap_frames="1")
        assert frames.keys == {"first_frame": other.pk, "last_frame": old.pk, "scene": None}
        assert frames.rearranged

    def test_the_remove_button_empties_its_slot_and_does_not_order(self, member):
        old, other = some_asset(member.team), some_asset(member.team, sha256="2")
        frames = self.asked(
            member, first_frame=old.pk, last_frame=other.pk, remove_frame="last_frame"
        )
        assert frames.keys == {"first_frame": old.pk, "last_frame": None, "scene": None}
        assert frames.rearranged


class TestFilesOf:
    def test_a_form_that_is_shown_first_has_what_it_is_given(self, member):
        asset = some_asset(member.team)
        frames = files_of(ABLE, {"first_frame": asset}, look="large")
        assert frames.keys == {"first_frame": asset.pk, "last_frame": None, "scene": None}
        assert {slot.look for slot in frames.slots} == {"large"}


def scene(data=None, name="cell.glb"):
    return SimpleUploadedFile(name, models.glb() if data is None else data, "model/gltf-binary")


class TestScene:
    def test_fills_its_slot_with_what_was_found_in_it(self, client, member):
        response = post(client, "scene", file=scene(), model="lab/lab-sim", look="large")
        asset = Asset.objects.get(team=member.team, kind=AssetKind.SCENE)
        page = response.content.decode()
        assert response.status_code == 200
        assert f'name="scene" value="{asset.pk}"' in page
        assert "4 joints found" in page
        assert '<option value="shoulder"></option>' in page
        assert 'id="slot-scene"' in page

    def test_of_fbx_the_joints_are_not_known(self, client):
        page = post(client, "scene", file=scene(models.fbx(), "cell.fbx")).content.decode()
        assert "joints are not known" in page

    @pytest.mark.parametrize(
        ("file", "said"),
        [
            (
                scene(models.OBJ, "arm.obj"),
                "Scene must be a .glb or .fbx scene; “arm.obj” is a text",
            ),
            (scene(models.glb()[:-9]), "Scene can not be used; “cell.glb”"),
            (scene(b"", "empty.glb"), "“empty.glb” is empty."),
        ],
    )
    def test_what_is_none_gets_a_sentence_and_the_old_one_stays(self, client, member, file, said):
        old = some_asset(member.team, AssetKind.SCENE)
        response = post(client, "scene", file=file, scene=old.pk)
        assert response.status_code == 422
        assert said in response.content.decode()
        assert f'name="scene" value="{old.pk}"' in response.content.decode()

    def test_may_be_larger_than_a_picture_under_any_name(self, client, settings):
        settings.UPLOAD_MAX_BYTES = 1 << 10
        large = scene(models.glb(buffer=b"\0" * (1 << 20)), "cell.bin")
        assert post(client, "scene", file=large).status_code == 200

    def test_too_large_is_told_with_the_way_out(self, client, settings):
        settings.SCENE_MAX_BYTES = 1_000_000
        response = post(client, "scene", file=scene(b"glTF" + b"\0" * 1_400_000))
        assert response.status_code == 422
        assert "Scene may have at most 1 MB; “cell.glb” has 1.5 MB." in response.content.decode()
        assert list(settings.SCRATCH.iterdir()) == []

    def test_a_picture_is_no_scene_and_a_scene_no_picture(self, client, member):
        picture, cell = some_asset(member.team), some_asset(member.team, AssetKind.SCENE)
        assert post(client, "scene", scene=picture.pk).context["slot"].asset is None
        assert post(client, "first_frame", first_frame=cell.pk).context["slot"].asset is None

    def test_is_removed(self, client, member):
        old = some_asset(member.team, AssetKind.SCENE)
        response = post(client, "scene", scene=old.pk, remove_frame="scene")
        assert response.context["slot"].asset is None
        assert "Add a scene" in response.content.decode()

    def test_whose_file_is_gone_can_still_be_taken_out(self, client, member):
        old = some_asset(member.team, AssetKind.SCENE)
        assert "joints are not known" in post(client, "scene", scene=old.pk).content.decode()
