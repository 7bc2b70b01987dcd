"""The library, a frame of any take and the crop, as pages and as parts of a dialog."""

import re
import subprocess

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from studio.core.fitting import Fit
from studio.models import Asset, AssetKind, Clip
from studio.services import pictures, uploads
from studio.views.pictures import PAGE
from tests.factories import make_member, make_order, make_project
from tests.storage import pictures as files
from tests.storage import videos
from tests.takes import make_take, make_takes

pytestmark = pytest.mark.django_db
ANIMATIC = {"model": "animatic/animatic-1", "drawn_for": "animatic/animatic-1", "look": "large",
            "dock": "director", "prompt": "A red door {in} the <snow>", "aspect": "16:9",
            "duration": "7"}  # fmt: skip


@pytest.fixture
def member():
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def client(client, member):
    client.force_login(member.user)
    return client


@pytest.fixture
def uploaded(member, tmp_path):
    def upload(data, name="door.png"):
        path = tmp_path / name
        path.write_bytes(data)
        return uploads.add_at(member, "first_frame", path)

    return upload


@pytest.fixture
def take(member, tmp_path):
    return make_take(tmp_path, author=member, frames=20)


def ask(client, to, *args, dialog=True, **fields):
    """The form as the browser sends it, to one of the pages; with `dialog` as htmx does."""
    part = "pic-more" if dialog == "more" else "pictures"
    headers = {"HX-Request": "true", "HX-Target": f"dialog#{part}"} if dialog else {}
    named = {name.replace("pic_", "pic-"): value for name, value in fields.items()}
    return client.post(reverse(to, args=args), {**ANIMATIC, **named}, headers=headers)


def slot_in(response):
    """Name and picture of the slot in the answer."""
    return re.findall(r'name="(\w+_frame)" value="(\d*)"', response.content.decode())


class TestLibrary:
    def test_it_shows_the_newest_and_goes_on_where_it_ended(self, client, member):
        Asset.objects.bulk_create(
            Asset(team=member.team, kind=AssetKind.UPLOAD, sha256=f"{n}", size=1, path=f"{n}.png",
                  name=f"still {n}.png", width=1, height=1) for n in range(PAGE + 3)
        )  # fmt: skip
        first = ask(client, "pictures")
        names = re.findall(r'title="(still \d+.png)"', first.content.decode())
        assert names == [f"still {n}.png" for n in range(PAGE + 2, 2, -1)]
        before = re.search(r'name="pic-before" value="(\d+)"', first.content.decode())[1]
        rest = ask(client, "pictures", dialog="more", pic_before=before)
        assert re.findall(r'title="(still \d+.png)"', rest.content.decode()) == [
            "still 2.png", "still 1.png", "still 0.png",
        ]  # fmt: skip
        assert b"<form" not in rest.content
        assert b"pic-before" not in rest.content

    def test_its_queries_do_not_grow(
        self, client, uploaded, take, member, django_assert_max_num_queries
    ):
        made = uploaded(files.png((400, 300)))
        ask(client, "pictures")
        with django_assert_max_num_queries(40) as few:
            ask(client, "pictures")
        for number in range(8):
            pictures.frame_of(member, take, number)
            pictures.fitted(member, made, Fit(ratio="16:9", y=10 * number))
        with django_assert_max_num_queries(len(few)):
            response = ask(client, "pictures")
        assert response.content.count(b"data-pic-item") == 17

    def test_search_by_name(self, client, uploaded):
        uploaded(files.png(), "door.png")
        uploaded(files.jpeg(), "snow.jpg")
        html = ask(client, "pictures", pic_q="SNOW").content.decode()
        assert 'title="snow.jpg"' in html
        assert 'title="door.png"' not in html
        assert 'value="SNOW"' in html
        nothing = ask(client, "pictures", pic_q="<b>").content.decode()
        assert "No picture has “&lt;b&gt;” in its name." in nothing

    def test_a_picture_goes_into_the_slot_that_is_named(self, client, uploaded):
        picture = uploaded(files.png())
        response = ask(client, "pictures", pic_picture=picture.pk, pic_slot="last_frame")
        assert slot_in(response) == [("last_frame", str(picture.pk))]
        assert 'data-taken="last_frame"' in response.content.decode()
        assert 'hx-target="#slot-last_frame"' in response.content.decode()

    def test_else_into_the_first_empty_one(self, client, uploaded):
        picture = uploaded(files.png())
        response = ask(client, "pictures", pic_picture=picture.pk, first_frame=picture.pk)
        assert slot_in(response) == [("last_frame", str(picture.pk))]

    def test_another_teams_picture_and_what_is_none_are_not_there(self, client, member, tmp_path):
        stranger = make_member()
        path = tmp_path / "theirs.png"
        path.write_bytes(files.png())
        theirs = uploads.add_at(stranger, "first_frame", path)
        video = Asset.objects.create(team=member.team, kind=AssetKind.VIDEO, sha256="v", size=1)
        for pk in (theirs.pk, video.pk, 10**9, "x"):
            assert ask(client, "pictures", pic_picture=pk).status_code == 404
        assert b"theirs.png" not in ask(client, "pictures").content

    def test_a_model_without_pictures_has_no_slot_for_them(self, client, uploaded):
        able = "aimlapi/klingai/v2.5-turbo/pro/text-to-video"
        fields = {"model": able, "drawn_for": able, "pic_picture": uploaded(files.png()).pk}
        assert ask(client, "pictures", **fields).status_code == 404


class TestWithoutScripts:
    """Each part is a page of its own, and what was typed goes along."""

    def test_the_whole_way_to_a_picture_and_back(self, client, uploaded):
        picture = uploaded(files.png())
        page = ask(client, "pictures", dialog=False).content.decode()
        assert "<html" in page
        carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
        assert carried["prompt"] == "A red door {in} the &lt;snow&gt;"
        assert carried["duration"] == "7"
        director = ask(client, "pictures", dialog=False, pic_picture=picture.pk).content.decode()
        assert 'id="director"' in director
        assert "A red door {in} the &lt;snow&gt;</textarea>" in director
        assert f'name="first_frame" value="{picture.pk}"' in director
        bar = ask(client, "pictures", dialog=False, pic_picture=picture.pk, dock="compose")
        assert 'id="compose"' in bar.content.decode()

    def test_a_file_that_was_just_chosen_is_kept(self, client):
        chosen = SimpleUploadedFile("new.png", files.png(), "image/png")
        page = ask(client, "pictures", dialog=False, first_frame_file=chosen).content.decode()
        asset = Asset.objects.get()
        assert f'name="first_frame" value="{asset.pk}"' in page

    def test_undo_of_a_fit(self, client, member, uploaded):
        original = uploaded(files.png((400, 300)))
        made = pictures.fitted(member, original, Fit(ratio="16:9"))
        fields = {**ANIMATIC, "first_frame": made.pk, "unfit_frame": "first_frame"}
        page = client.post(reverse("order"), fields).content.decode()
        assert f'name="first_frame" value="{original.pk}"' in page
        assert "A red door {in}" in page

    def test_close_goes_back_to_the_form(self, client):
        fields = {**ANIMATIC, "redraw": "1"}
        page = client.post(reverse("director"), fields).content.decode()
        assert "A red door {in} the &lt;snow&gt;</textarea>" in page


class TestClips:
    def test_those_with_takes_by_title(self, client, take):
        html = ask(client, "picture-clips").content.decode()
        assert "A red door in the snow" in html
        assert reverse("picture-take", args=[take.pk]) in html
        assert "1 take<" in html
        assert b"data-pic-item" not in ask(client, "picture-clips", pic_q="blue").content

    def test_other_projects_and_teams_are_not_shown(self, client, take, tmp_path):
        make_take(tmp_path, author=make_member())
        take.clip.project = make_project(take.clip.team)
        take.clip.save()
        html = ask(client, "picture-clips").content.decode()
        assert "This project has no takes yet." in html

    def test_its_queries_do_not_grow(
        self, client, take, member, tmp_path, django_assert_max_num_queries
    ):
        ask(client, "picture-clips")
        with django_assert_max_num_queries(40) as few:
            ask(client, "picture-clips")
        for _ in range(3):
            make_take(tmp_path, author=member, frames=4)
        with django_assert_max_num_queries(len(few)):
            response = ask(client, "picture-clips")
        assert response.content.count(b"data-pic-item") == 4


class TestTake:
    def test_it_can_be_scrubbed(self, client, member, tmp_path):
        film = videos.video(tmp_path / "film.mp4", frames=20, fps=24)
        one, two = make_takes(film, film, author=member, order=make_order(count=2))
        html = ask(client, "picture-take", two.pk).content.decode()
        assert 'max="19"' in html
        assert "of 0 to 19" in html
        assert 'data-times=""' in html
        assert reverse("picture-take", args=[one.pk]) in html

    def test_its_frame_becomes_the_picture_of_a_slot(self, client, take):
        response = ask(client, "picture-take", take.pk, pic_frame="7", pic_use="last_frame")
        asset = Asset.objects.get(kind=AssetKind.FRAME)
        assert (asset.take, asset.frame) == (take, 7)
        assert slot_in(response) == [("last_frame", str(asset.pk))]
        page = ask(client, "picture-take", take.pk, dialog=False, pic_frame="7",
                   pic_use="first_frame").content.decode()  # fmt: skip
        assert f'name="first_frame" value="{asset.pk}"' in page
        assert "A red door {in}" in page

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("20", "Frame must be from 0 to 19; 20 is beyond the end of this take."),
            ("999999999", "Frame must be from 0 to 19; 999,999,999 is beyond the end"),
            ("-1", "Frame must be a whole number from 0 to 19."),
            ("", "Frame must be a whole number from 0 to 19."),
            ("7.5", "Frame must be a whole number from 0 to 19."),
            ("9" * 40, "Frame must be a whole number from 0 to 19."),
        ],
    )
    @pytest.mark.parametrize("dialog", [True, False])
    def test_what_it_has_not_is_told_where_it_was_typed(self, client, take, typed, said, dialog):
        response = ask(client, "picture-take", take.pk, dialog=dialog, pic_frame=typed,
                       pic_use="first_frame")  # fmt: skip
        assert response.status_code == 422
        html = response.content.decode()
        assert said in html
        assert f'value="{typed or "0"}"' in html
        assert 'name="prompt" value="A red door {in} the &lt;snow&gt;"' in html
        assert not Asset.objects.filter(kind=AssetKind.FRAME).exists()

    def test_when_its_frames_begin_is_told_where_they_come_unevenly(
        self, client, take, member, tmp_path
    ):
        def times(of):
            return client.get(reverse("take-times", args=[of.pk])).json()

        film = tmp_path / "uneven.mp4"
        source = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=24:d=1"]
        every = ["-vf", "select='not(mod(n\\,3))+lt(n\\,10)'", "-fps_mode", "vfr"]
        subprocess.run(["ffmpeg", "-v", "error", *source, *every, str(film)], check=True)
        (uneven,) = make_takes(film, author=member)
        assert times(take) == []
        assert len(times(uneven)) == uneven.frames
        scrubber = ask(client, "picture-take", uneven.pk).content.decode()
        assert 'data-times="0.0 0.0417 ' in scrubber

    def test_another_teams_take_is_not_there(self, client, tmp_path):
        theirs = make_take(tmp_path, author=make_member())
        assert ask(client, "picture-take", theirs.pk, pic_use="first_frame").status_code == 404


class TestFit:
    CROP = {"pic_mode": "crop", "pic_x": "50", "pic_y": "0", "pic_zoom": "100",
            "pic_ratio": "16:9", "pic_bars": "black"}  # fmt: skip

    def test_it_begins_in_the_middle_with_the_orders_ratio(self, client, uploaded):
        picture = uploaded(files.png((400, 300)))
        html = ask(client, "picture-fit", picture.pk, pic_slot="last_frame").content.decode()
        assert "Last frame</h2>" in html
        assert re.search(r'name="pic-y"[^>]* value="50"', html)
        assert 'name="pic-ratio" value="16:9"' in html
        assert 'x="0" y="38" width="400" height="225"' in html

    def test_it_makes_a_new_picture_for_the_slot(self, client, uploaded):
        picture = uploaded(files.png((400, 300)))
        response = ask(client, "picture-fit", picture.pk, pic_use="first_frame", **self.CROP)
        made = Asset.objects.get(kind=AssetKind.FITTED)
        assert (made.made_from, made.height, made.edit["y"]) == (picture, 225, 0)
        assert slot_in(response) == [("first_frame", str(made.pk))]
        assert "Undo the fit of the first frame" in response.content.decode()

    def test_editing_again_starts_with_the_same_edit_of_the_original(
        self, client, member, uploaded
    ):
        picture = uploaded(files.png((400, 300)))
        made = pictures.fitted(member, picture, Fit(ratio="16:9", y=20))
        html = ask(client, "picture-fit", made.pk, pic_slot="first_frame").content.decode()
        assert re.search(r'name="pic-y"[^>]* value="20', html)
        assert 'data-width="400" data-height="300"' in html
        assert "It starts from the original, door.png" in html
        square = ask(client, "picture-fit", made.pk, pic_slot="first_frame", aspect="1:1")
        assert 'name="pic-ratio" value="1:1"' in square.content.decode()

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"pic_zoom": "401"}, "Zoom must be from 100 to 400 percent."),
            ({"pic_zoom": "nan"}, "Zoom must be from 100 to 400 percent."),
            ({"pic_x": "-1"}, "Left or right must be from 0 to 100 percent."),
            ({"pic_y": ""}, "Up or down must be from 0 to 100 percent."),
            ({"pic_mode": "stretch"}, "Way must be Crop or Pad."),
            ({"pic_bars": "pink"}, "Bars must be Black or Blurred or Edge color."),
            ({"pic_ratio": "100:1"}, "Ratio must be one like 16:9, from 1:4 to 4:1, not “100:1”."),
            ({"pic_ratio": ""}, "Ratio is needed, like 16:9."),
            ({"pic_ratio": "9:16", "pic_zoom": "390"}, "Zoom may be at most"),
        ],
    )
    def test_what_can_not_be_is_told(self, client, uploaded, changed, said):
        picture = uploaded(files.png((400, 300)))
        fields = {**self.CROP, "pic_use": "first_frame", **changed}
        response = ask(client, "picture-fit", picture.pk, **fields)
        assert response.status_code == 422
        assert said in response.content.decode()
        assert not Asset.objects.filter(kind=AssetKind.FITTED).exists()

    def test_only_pictures_of_the_team(self, client, member, tmp_path):
        path = tmp_path / "theirs.png"
        path.write_bytes(files.png())
        theirs = uploads.add_at(make_member(), "first_frame", path)
        assert ask(client, "picture-fit", theirs.pk).status_code == 404


class TestRatios:
    IMAGE = "aimlapi/klingai/v2.5-turbo/pro/image-to-video"

    def quote(self, client, **fields):
        return client.post(reverse("quote"), {**ANIMATIC, **fields}).content.decode()

    def test_a_picture_that_loses_an_edge(self, client, uploaded):
        wide, high = uploaded(files.png((320, 180))), uploaded(files.png((300, 450)))
        html = self.quote(client, first_frame=wide.pk, last_frame=high.pk)
        assert "The last frame is 2:3, so 62 % of its height is cut." in html
        assert "The first frame is" not in html
        assert reverse("picture-fit", args=[high.pk]) in html
        assert "Adjust crop" in html
        narrow = self.quote(client, first_frame=wide.pk, last_frame=high.pk, aspect="9:16")
        assert "The first frame is 16:9, so 68 % of its width is cut." in narrow

    def test_in_the_compose_bar_as_well(self, client, uploaded):
        square = uploaded(files.png((300, 300)))
        html = self.quote(client, first_frame=square.pk, dock="compose", look="small")
        assert "The first frame is 1:1, so 44 % of its height is cut." in html
        assert "Crop or pad the first frame" in html

    def test_without_a_ratio_setting_the_first_frame_decides(self, client, uploaded):
        square = uploaded(files.png((400, 400)))
        chosen = {"model": self.IMAGE, "drawn_for": self.IMAGE}
        said = "This model has no ratio setting: the video gets that of the first frame"
        assert f"{said}." in self.quote(client, **chosen)
        assert f"{said}, 1:1." in self.quote(client, **chosen, first_frame=square.pk)
        html = ask(client, "picture-fit", square.pk, **chosen, pic_slot="first_frame")
        assert re.findall(r'type="radio" name="pic-ratio" value="([^"]+)"', html.content.decode()) == [
            "16:9", "9:16", "1:1",
        ]  # fmt: skip


class TestContinue:
    """A new order after a frame of a take."""

    def director(self, client, take, frame):
        return client.get(reverse("director"), {"take": take.pk, "frame": frame})

    def test_it_starts_with_that_frame_and_remembers_it(self, client, take):
        page = self.director(client, take, "7").content.decode()
        asset = Asset.objects.get(kind=AssetKind.FRAME)
        assert asset.frame == 7
        assert f'name="first_frame" value="{asset.pk}"' in page
        assert f'name="take" value="{take.pk}"' in page
        assert 'name="frame" value="7"' in page
        assert "Continues “A red door in the snow” after frame 7" in page

    def test_the_clip_keeps_where_it_came_from(self, client, take):
        sent = {**ANIMATIC, "take": take.pk, "frame": "7", "duration": "5",
                "prompt": "The door opens"}  # fmt: skip
        assert client.post(reverse("order"), sent).status_code == 302
        clip = Clip.objects.order_by("pk").last()
        assert (clip.came_from, clip.came_from_frame) == (take, 7)
        page = client.get(reverse("clip", args=[clip.pk])).content.decode()
        assert "A red door in the snow, after frame 7</a>" in page
        onward = client.get(reverse("clip", args=[take.clip_id])).content.decode()
        assert "The door opens, after frame 7</a>" in onward

    @pytest.mark.parametrize("frame", ["19", ""])
    def test_the_last_frame_is_what_every_take_has(self, client, take, frame):
        page = self.director(client, take, frame).content.decode()
        assert f'name="first_frame" value="{take.last_frame_id}"' in page
        assert 'name="frame"' not in page
        assert not Asset.objects.filter(kind=AssetKind.FRAME).exists()

    @pytest.mark.parametrize(
        ("frame", "said"),
        [
            ("20", "Frame must be from 0 to 19; 20 is beyond the end of this take."),
            ("-3", "Frame must be a whole number from 0 to 19."),
            ("x", "Frame must be a whole number from 0 to 19."),
        ],
    )
    def test_beyond_the_end_is_told(self, client, take, frame, said):
        response = self.director(client, take, frame)
        assert response.status_code == 422
        assert said in response.content.decode()

    def test_a_frame_that_a_form_invents_is_not_believed(self, client, take):
        sent = {**ANIMATIC, "take": take.pk, "frame": "99", "duration": "5",
                "prompt": "The door opens"}  # fmt: skip
        client.post(reverse("order"), sent)
        clip = Clip.objects.order_by("pk").last()
        assert (clip.came_from, clip.came_from_frame) == (take, None)

    def test_a_long_chain_warns(self, client, take, member, tmp_path):
        last = take
        for _ in range(4):
            following = make_take(tmp_path, author=member, frames=4)
            Clip.objects.filter(pk=following.clip_id).update(came_from=last)
            early, last = last, following
        warning = "This chain has more than 4 links"
        assert warning in client.get(reverse("director"), {"take": last.pk}).content.decode()
        assert warning not in client.get(reverse("director"), {"take": early.pk}).content.decode()
        assert warning in client.get(reverse("clip", args=[last.clip_id])).content.decode()
        assert warning not in client.get(reverse("clip", args=[early.clip_id])).content.decode()


class TestBadFiles:
    """Sent with the whole form, as without scripts: one sentence, and all that was typed."""

    @pytest.mark.parametrize(
        ("name", "build", "said"),
        [
            ("notes.png", lambda: b"Shots for Tuesday", "“notes.png” is a text file."),
            ("moving.webp", lambda: files.animated("WEBP"), "“moving.webp” is animated."),
            ("claims.png", lambda: files.png_of(30_000, 30_000), "at most 50 megapixels"),
            ("heavy.png", lambda: b"\x89PNG" + b"\0" * (40 << 20), "“heavy.png” has 40.1 MB."),
        ],
    )
    @pytest.mark.parametrize("dock", ["director", "compose"])
    def test_nothing_is_lost(self, client, uploaded, name, build, said, dock):
        kept = uploaded(files.png())
        sent = {**ANIMATIC, "dock": dock, "prompt": "The door opens", "first_frame": kept.pk,
                "first_frame_file": SimpleUploadedFile(name, build(), "image/png")}  # fmt: skip
        response = client.post(reverse("order"), sent)
        assert response.status_code == 422
        html = response.content.decode()
        assert re.search(
            rf'id="slot-first_frame-problem" role="alert" *>First frame [^<]*{said}', html
        )
        assert "The door opens</textarea>" in html
        assert f'name="first_frame" value="{kept.pk}"' in html
        assert not Clip.objects.exists()
