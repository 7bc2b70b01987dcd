import opentimelineio as otio
import pytest
from django.urls import reverse
from django.utils import timezone

from studio.models import Note
from tests.downloads import Read, filed_take
from tests.factories import make_member, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    member = make_member("admin")
    make_project(member.team)
    return member


@pytest.fixture
def client(client, member):
    client.force_login(member.user)
    return client


def ask(client, **asked):
    return client.post(reverse("timeline"), asked)


def clips_of(text: str, adapter: str = "otio_json"):
    return list(otio.adapters.read_from_string(text, adapter).find_clips())


class TestTimeline:
    def test_has_the_best_approved_take_of_each_clip(self, client, member):
        first, second = filed_take(author=member, title="Door"), filed_take(author=member)
        filed_take(first.job, review="approved", stars=2)
        best = filed_take(first.job, review="approved", stars=5)
        response = ask(client, clips=f"{second.clip_id},{first.clip_id}")
        (clip,) = clips_of(response.content.decode())
        assert clip.metadata["dailies"]["take"] == best.pk
        assert clip.media_reference.name == "Door, take 3.mp4"
        assert ".otio" in response["Content-Disposition"]

    def test_any_best_take_if_asked_for(self, client, member):
        takes = [filed_take(author=member, title=title) for title in ("B", "A")]
        clips = ",".join(str(take.clip_id) for take in takes)
        response = ask(client, clips=clips, which="best", sort="title", format="edl")
        read = clips_of(response.content.decode(), "cmx_3600")
        assert [clip.name for clip in read] == ["A, take 1.mp4", "B, take 1.mp4"]
        assert [clip.duration().value for clip in read] == [120, 120]

    def test_open_notes_are_markers(self, client, member):
        take = filed_take(author=member, review="approved")
        for fields in (
            {"frame": 12, "last_frame": 20, "text": "too\ndark"}, {"text": "all of it"},
            {"frame": 500, "text": "beyond"}, {"frame": 1, "resolved_at": timezone.now()},
            {"frame": 2, "removed_at": timezone.now()},
        ):  # fmt: skip
            Note.objects.create(clip=take.clip, take=take, member=member, **fields)
        (clip,) = clips_of(ask(client, clips=take.clip_id).content.decode())
        told = [
            (m.name, m.marked_range.start_time.value, m.marked_range.duration.value)
            for m in clip.markers
        ]
        assert told == [
            (f"{member}: too dark", 12, 9), (f"{member}: all of it", 0, 1),
            (f"{member}: beyond", 119, 1),
        ]  # fmt: skip

    def test_nothing_approved_is_said(self, client, member):
        response = ask(client, clips=filed_take(author=member).clip_id)
        assert response.status_code == 422
        assert "None of these clips has an approved take" in response.content.decode()

    @pytest.mark.parametrize(
        ("asked", "sentence"),
        [
            ({"format": "aaf"}, "Format must be otio, edl or fcpxml, not “aaf”"),
            ({"which": "all"}, "Which takes must be approved or best, not “all”"),
            ({}, "Choose at least one clip"),
        ],
    )
    def test_bad_input_is_said(self, client, asked, sentence):
        response = ask(client, **asked)
        assert response.status_code == 422
        assert sentence in response.content.decode()

    def test_an_edl_of_another_rate_is_said(self, client, member):
        take = filed_take(author=member, review="approved", fps=120)
        response = ask(client, clips=take.clip_id, format="edl")
        assert response.status_code == 422
        assert "this cut has 120: choose OpenTimelineIO or FCPXML" in response.content.decode()

    @pytest.mark.parametrize("form", ["otio", "edl", "fcpxml"])
    def test_in_the_zip_it_points_to_the_files_beside_it(self, client, member, form):
        takes = [filed_take(author=member, title="Same") for _ in range(2)]
        clips = ",".join(str(take.clip_id) for take in takes)
        response = client.post(reverse("downloads"), {"clips": clips, "timeline": form})
        body = response.getvalue()
        assert int(response["Content-Length"]) == len(body)
        read = Read(body)
        (name,) = (one for one in read.files if not one.endswith(".mp4"))
        assert name.endswith(f".{form}")
        text = read.zip.read(name).decode()
        if form == "edl":
            names = [clip.name for clip in clips_of(text, "cmx_3600")]
        elif form == "otio":
            names = [clip.media_reference.name for clip in clips_of(text)]
        else:
            names = ["Same, take 1.mp4", "Same, take 1 (2).mp4"]
            assert "./Same%2C%20take%201%20%282%29.mp4" in text
        assert names == read.files[:2]

    def test_in_a_zip_for_people_outside_no_note_is_told(self, client, member):
        take = filed_take(author=member)
        Note.objects.create(clip=take.clip, take=take, member=member, text="between us")
        asked = {"takes": take.pk, "timeline": "otio", "clean_copies": "on"}
        read = Read(client.post(reverse("downloads"), asked).getvalue())
        assert not any(b"between us" in read.zip.read(name) for name in read.zip.namelist())
