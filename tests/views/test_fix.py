"""“Fix this”: from a note to a new shot, and back."""

import json
import re

import pytest
from django.urls import reverse

from studio.models import AssetKind, Clip
from studio.reports import lineage
from studio.services import notes
from studio.services.notes import Said
from tests.factories import make_job, make_member, make_order, make_price, make_project
from tests.takes import make_take

pytestmark = pytest.mark.django_db
BOX = json.dumps([{"kind": "box", "color": "red", "points": [[0.1, 0.2], [0.5, 0.6]]}])


@pytest.fixture
def ana(client):
    make_price()
    member = make_member(name="Ana Ruiz")
    client.force_login(member.user)
    return member


@pytest.fixture
def take(ana, tmp_path):
    return make_take(tmp_path, author=ana, order=make_order(prompt="A red door. Slow push."))


def director(client, note):
    return client.get(reverse("director") + f"?fix={note.pk}").content.decode()


def field(page, name):
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    return found and found[1]


class TestFix:
    def test_opens_the_director_with_order_frame_remark_and_drawing(self, client, ana, take):
        note = notes.write(ana, take, Said(text="Door is too dark", frame=10, drawing=BOX))
        page = director(client, note)
        assert "A red door. Slow push.</textarea>" in page
        assert "Fixes a note in “A red door”" in page
        assert "Door is too dark" in page
        assert 'aria-label="Drawing by Ana Ruiz: a box"' in page
        frame = ana.team.assets.get(kind=AssetKind.FRAME)
        assert (frame.take, frame.frame) == (take, 10)
        assert field(page, "first_frame") == str(frame.pk)
        assert [field(page, name) for name in ("fix", "take", "frame")] == [
            str(note.pk),
            str(take.pk),
            "10",
        ]

    def test_order_leads_back_to_the_note_and_the_note_to_the_new_clip(self, client, ana, take):
        note = notes.write(ana, take, Said(text="Door is too dark", frame=10))
        page = director(client, note)
        names = ("first_frame", "fix", "take", "frame", "from", "key", "drawn_for", "dock")
        sent = {name: field(page, name) for name in names}
        model = {
            "model": sent["drawn_for"],
            "duration": "1",
            "aspect": "16:9",
            "resolution": "720p",
        }
        answer = client.post(
            reverse("order"), {**sent, **model, "prompt": "A red door. Slow push."}
        )
        assert answer.status_code == 302, answer.content.decode()
        clip = Clip.objects.latest("pk")
        assert (clip.fixes, clip.came_from, clip.came_from_frame) == (note, take, 10)
        old = client.get(reverse("clip", args=[take.clip_id])).content.decode()
        assert f'href="{reverse("clip", args=[clip.pk])}"' in old
        assert "Fix: Door is too dark" in old
        new = client.get(reverse("clip", args=[clip.pk])).content.decode()
        assert f"?take=1#note-{note.pk}" in new
        assert "note “Door is too dark”" in new

    def test_about_the_whole_take_is_the_same_order_again(self, client, ana, take):
        note = notes.write(ana, take, Said(text="Too slow"))
        page = director(client, note)
        assert field(page, "fix") == str(note.pk)
        assert field(page, "take") is None
        assert not ana.team.assets.filter(kind=AssetKind.FRAME).exists()

    def test_lineage_goes_by_the_note_where_no_take_is_continued(self, ana, take):
        note = notes.write(ana, take, Said(text="Too slow"))
        clip = make_job("queued", author=ana).clip
        Clip.objects.filter(pk=clip.pk).update(fixes=note)
        clip.refresh_from_db()
        (step,) = lineage.back(clip)
        assert (step.clip, step.note) == (take.clip, note)
        assert lineage.onward(take.clip) == [clip]

    def test_note_of_another_team_is_none(self, client, take):
        note = notes.write(take.clip.author, take, Said(text="x"))
        stranger = make_member()
        make_project(stranger.team)
        client.force_login(stranger.user)
        assert client.get(reverse("director") + f"?fix={note.pk}").status_code == 404
