import pytest
from django.core.files.storage import default_storage
from PIL import Image

from studio.core.errors import InvalidPicture, NotAllowed, StorageFailed
from studio.core.fitting import Fit
from studio.models import Asset, AssetKind, Role
from studio.services import pictures, uploads
from studio.storage import media
from tests.factories import make_member
from tests.storage import pictures as files
from tests.takes import make_take

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member()


@pytest.fixture
def take(member, tmp_path):
    return make_take(tmp_path, author=member, frames=20)


@pytest.fixture
def uploaded(member, tmp_path):
    def upload(data, name="door.png"):
        path = tmp_path / name
        path.write_bytes(data)
        return uploads.add_at(member, "first_frame", path)

    return upload


def stored(asset):
    return Image.open(default_storage.path(asset.path))


class TestFrameOf:
    @pytest.mark.parametrize("number", [0, 1, 10, 18, 19])
    def test_it_is_that_frame_as_a_picture(self, member, take, number):
        asset = pictures.frame_of(member, take, number)
        assert (asset.kind, asset.take, asset.frame) == (AssetKind.FRAME, take, number)
        assert (asset.width, asset.height, asset.content_type) == (320, 180, "image/png")
        assert asset.name == f"A red door in the snow, take 1, frame {number}"
        with stored(asset) as image:
            assert image.getpixel((160, 90))[0] == pytest.approx(8 * number, abs=8)
        assert default_storage.exists(media.thumbnail_key(asset.path))
        assert asset in Asset.objects.pictures()

    def test_the_same_frame_again_is_the_same_picture(self, member, take, monkeypatch):
        first = pictures.frame_of(member, take, 7)
        monkeypatch.setattr(media, "local_path", None)  # it is not even looked at
        colleague = make_member(team=member.team)
        assert pictures.frame_of(colleague, take, 7) == first
        assert pictures.library(member).count() == 1

    @pytest.mark.parametrize("number", [-1, 20, 10**9])
    def test_beyond_the_end_names_what_there_is(self, member, take, number):
        with pytest.raises(InvalidPicture, match=r"^Frame must be from 0 to 19; .* beyond the end"):
            pictures.frame_of(member, take, number)
        assert not Asset.objects.filter(kind=AssetKind.FRAME).exists()

    def test_strangers_and_reviewers_may_not(self, member, take):
        for other in (make_member(), make_member(Role.REVIEWER, team=member.team)):
            with pytest.raises(NotAllowed):
                pictures.frame_of(other, take, 0)

    def test_a_video_that_is_gone_is_told(self, member, take):
        default_storage.delete(take.video.path)
        with pytest.raises(StorageFailed, match="is gone"):
            pictures.frame_of(member, take, 3)


class TestFitted:
    def test_the_result_knows_what_it_was_made_from(self, member, uploaded):
        original = uploaded(files.png((400, 300)))
        fit = Fit(ratio="16:9", y=20)
        made = pictures.fitted(member, original, fit)
        assert (made.kind, made.made_from) == (AssetKind.FITTED, original)
        assert Fit.from_json(made.edit) == fit
        assert (made.width, made.height, made.name) == (400, 225, "door.png, cropped to 16:9")
        assert default_storage.exists(original.path)
        assert pictures.original_of(made) == original

    def test_it_begins_with_the_original_again(self, member, uploaded):
        original = uploaded(files.png((400, 300)))
        narrow = pictures.fitted(member, original, Fit(ratio="9:16"))
        wide = pictures.fitted(member, narrow, Fit(ratio="16:9", mode="pad"))
        assert wide.made_from == original
        assert (wide.width, wide.height) == (533, 300)

    def test_the_same_fit_again_is_the_same_picture(self, member, uploaded):
        original = uploaded(files.png((400, 300)))
        made = {pictures.fitted(member, original, Fit(ratio="1:1")).pk for _ in range(2)}
        assert len(made) == 1

    def test_a_fit_that_changes_nothing_is_the_original(self, member, uploaded):
        original = uploaded(files.png((320, 180)))
        assert pictures.fitted(member, original, Fit(ratio="16:9")) == original

    def test_what_is_refused_leaves_nothing(self, member, uploaded, settings):
        original = uploaded(files.png())
        with pytest.raises(InvalidPicture, match="Zoom may be at most"):
            pictures.fitted(member, original, Fit(ratio="1:1", zoom=400))
        assert Asset.objects.count() == 1
        assert list(settings.SCRATCH.iterdir()) == []

    def test_strangers_may_not(self, uploaded):
        original = uploaded(files.png())
        with pytest.raises(NotAllowed):
            pictures.fitted(make_member(), original, Fit(ratio="1:1"))


class TestLibrary:
    def test_what_people_brought_picked_and_fitted_latest_first(self, member, take, uploaded):
        old = uploaded(files.png((400, 300)), "old.png")
        frame = pictures.frame_of(member, take, 3)
        made = pictures.fitted(member, old, Fit(ratio="1:1"))
        theirs = make_member()
        Asset.objects.create(team=theirs.team, kind=AssetKind.UPLOAD, sha256="x", size=1)
        assert list(pictures.library(member)) == [made, frame, old]

    def test_by_name(self, member, uploaded):
        door = uploaded(files.png(), "Red door.png")
        uploaded(files.jpeg(), "snow.jpg")
        assert list(pictures.library(member, search="red D")) == [door]
        assert not pictures.library(member, search="%").exists()
