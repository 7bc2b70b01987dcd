"""The streams of a take on the clip page: what the player can show, and what can be kept."""

import json
import re

import pytest
from django.urls import reverse

from studio.core.status import JobStatus
from studio.pipeline import save
from studio.providers.base import Result, Update, Verdict
from studio.reports.settings import said
from studio.services import uploads
from studio.storage.streams import DECODER
from tests.factories import make_job, make_member, make_painting, make_project
from tests.storage import models, tars, videos

pytestmark = pytest.mark.django_db
SWITCH = re.compile(r'<a href="\?take=1&amp;stream=(\w+)"[^>]*?( aria-current="true")?>')


@pytest.fixture
def member(client):
    member = make_member()
    client.force_login(member.user)
    return member


@pytest.fixture
def made(tmp_path):
    (tmp_path / "log.json").write_text("{}")
    return {
        "video": videos.video(tmp_path / "rgb.mp4", frames=6, fps=24),
        "depth": tars.depth_tar(tmp_path / "depth.tar", frames=6),
        "normals": tars.normals_tar(tmp_path / "normals.tar", frames=12),
        "optical_flow": tars.flow_tar(tmp_path / "flow.tar", frames=6),
        "log": tmp_path / "log.json",
    }


@pytest.fixture
def take_of(member, paid, monkeypatch):
    """A saved take with these files."""

    def make(files, **order):
        update = Update(verdict=Verdict.SUCCEEDED, results=(Result(index=0, files=files),))
        monkeypatch.setattr(paid, "poll", lambda _: update)
        painting = make_painting("paid", prompt="Arm picks a chip.", **order)
        job = make_job(JobStatus.SAVING, author=member, order=painting)
        job.attempts.create(number=1, reference=f"r{job.pk}", remote_id="x", outcome="accepted")
        save.save(job)
        return job.takes.get()

    return make


def page(client, take, query=""):
    response = client.get(reverse("clip", args=[take.clip_id]) + query)
    assert response.status_code == 200
    return response.content.decode()


def playing(html):
    """The address, rate and number of frames of the video in the player."""
    return re.search(
        r'<video src="([^"]+)".*?data-fps="([\d.]+)" data-frames="(\d+)"', html
    ).groups()


def address(asset, *, keep=False):
    name = asset.path.rpartition("/")[2]
    return reverse("media", args=[asset.pk, name]) + ("?download=1" if keep else "")


class TestPlayer:
    def test_the_picture_comes_first_and_each_view_has_a_link(self, client, take_of, made):
        take = take_of(made)
        html = page(client, take)
        assert SWITCH.findall(html) == [
            ("rgb", ' aria-current="true"'), ("depth", ""), ("normals", ""), ("optical_flow", ""),
            ("all", ""),
        ]  # fmt: skip
        assert playing(html) == (address(take.video), "24.0", "6")
        assert address(take.poster).rpartition("/")[0] in html

    @pytest.mark.parametrize(
        ("name", "fps", "frames"), [("depth", "24.0", "6"), ("normals", "48.0", "12")]
    )
    def test_the_address_chooses_a_stream(self, client, take_of, made, name, fps, frames):
        take = take_of(made)
        html = page(client, take, f"?take=1&stream={name}")
        assert playing(html) == (address(take.streams.get(name=name).view), fps, frames)
        assert [one for one, current in SWITCH.findall(html) if current] == [name]
        assert f'max="{int(frames) - 1}"' in html

    def test_what_the_colors_stand_for_issaid(self, client, take_of, made):
        take = take_of(made)
        assert re.search(
            r"Near is bright: from 0\.\d+ to 3\.\d+ m\.", page(client, take, "?stream=depth")
        )
        assert "full color is 8 px a frame" in page(client, take, "?stream=optical_flow")

    @pytest.mark.parametrize("name", ["lidar", "", "log", "DEPTH"])
    def test_a_stream_that_is_not_there_is_the_picture(self, client, take_of, made, name):
        take = take_of(made)
        assert playing(page(client, take, f"?stream={name}"))[0] == address(take.video)

    def test_without_rgb_it_says_so(self, client, take_of, made):
        del made["video"], made["depth"]
        take = take_of(made)
        html = page(client, take)
        assert "This take has no RGB; its picture is normals in false colors." in html
        assert SWITCH.findall(html)[0] == ("normals", ' aria-current="true"')
        assert "rgb" not in dict(SWITCH.findall(html))

    def test_a_take_without_streams_has_none_of_this(self, client, take_of, made):
        take = take_of({"video": made["video"]})
        html = page(client, take)
        assert "clip-streams" not in html
        assert playing(html)[0] == address(take.video)

    def test_an_archive_that_can_not_be_shown_says_why(self, client, take_of, made):
        made["depth"].write_bytes(b"no tar")
        take = take_of(made)
        html = page(client, take)
        assert "depth" not in dict(SWITCH.findall(html))
        assert "No view: the archive is no tar, or is damaged." in html
        assert address(take.streams.get(name="depth").file, keep=True) in html


class TestFiles:
    def test_each_can_be_kept_under_a_name_of_its_own(self, client, take_of, made):
        take = take_of(made)
        html = page(client, take)
        saved = {}
        for row in take.streams.all():
            assert address(row.file, keep=True) in html
            response = client.get(address(row.file, keep=True))
            assert response.getvalue() == made[row.name].read_bytes()
            saved[row.name] = response["Content-Disposition"]
        assert saved == {
            "depth": 'attachment; filename="Arm picks a chip, take 1, depth.tar"',
            "normals": 'attachment; filename="Arm picks a chip, take 1, normals.tar"',
            "optical_flow": 'attachment; filename="Arm picks a chip, take 1, optical flow.tar"',
            "log": 'attachment; filename="Arm picks a chip, take 1, log.json"',
        }

    def test_without_the_download_mark_they_are_not_shown_in_place_either(
        self, client, take_of, made
    ):
        for row in take_of(made).streams.all():
            response = client.head(address(row.file))
            assert response["Content-Disposition"] == "attachment"
            assert response["X-Content-Type-Options"] == "nosniff"

    def test_another_team_gets_none_of_them(self, client, take_of, made):
        take = take_of(made)
        client.force_login(make_member().user)
        for row in take.streams.all():
            assert client.get(address(row.file)).status_code == 404
            if row.view:
                assert client.get(address(row.view)).status_code == 404

    def test_the_decoder_is_the_file_that_the_tests_run(self, client, member):
        make_project(member.team)
        response = client.get(reverse("decode-flow"))
        assert response.content == DECODER.read_bytes()
        assert response["Content-Disposition"] == 'attachment; filename="decode_flow.py"'
        assert response["X-Content-Type-Options"] == "nosniff"

    def test_a_page_with_streams_asks_no_more_for_each(
        self, client, take_of, made, django_assert_num_queries
    ):
        one = take_of({"video": made["video"], "depth": made["depth"]})
        all_of_them = take_of(made)
        page(client, one), page(client, all_of_them)  # that somebody looks is kept the first time
        with django_assert_num_queries(50, exact=False) as few:
            page(client, one)
        with django_assert_num_queries(len(few)):
            page(client, all_of_them)


class TestDetails:
    def test_settings_of_every_kind_are_in_words(self):
        motion = {"joints": [{"name": "elbow", "angles": [[0, 0.4], [1, 0.42]]}]}
        assert [said(value) for value in (True, False, 20, "16:9", ["rgb", "optical_flow"])] == [
            "Yes", "No", "20", "16:9", "rgb, optical flow",
        ]  # fmt: skip
        assert said(motion) == json.dumps(motion)
        assert len(said({"joints": ["x" * 999]})) == 120

    def test_the_scene_can_be_had_again(self, client, take_of, made, member, tmp_path):
        path = tmp_path / "cell 4.glb"
        path.write_bytes(models.glb())
        scene = uploads.add_at(member, "scene", path)
        take = take_of(made)
        order = {**take.job.stored_order, "scene": scene.pk}
        type(take.job).objects.filter(pk=take.job_id).update(stored_order=order)
        assert f'href="{address(scene, keep=True)}">cell 4.glb</a>' in page(client, take)
        saved = client.get(address(scene, keep=True))
        assert saved["Content-Disposition"] == 'attachment; filename="cell 4.glb"'
        assert saved.getvalue() == path.read_bytes()
