"""What a provider gets with an order: files, links to them, and where it may call."""

import dataclasses
import re

import pytest
from django.urls import reverse

from studio.core.errors import StorageFailed
from studio.models import Asset, AssetKind, Attempt
from studio.pipeline import brief
from studio.storage import media, signing
from tests.factories import make_job, make_painting


class TestFiles:
    def asset(self, job, path):
        return Asset.objects.create(
            team=job.team, kind=AssetKind.UPLOAD, path=path, sha256="0" * 64, size=1,
            content_type="image/png",
        )  # fmt: skip

    def test_has_the_files_of_the_frames(self, painter, tmp_path):
        picture = tmp_path / "a.png"
        picture.write_bytes(b"picture")
        job = make_job(order=make_painting())
        frame = self.asset(job, media.store(picture, team=job.team_id).path)
        job.stored_order["first_frame"] = frame.pk
        given = brief.of(job, Attempt(reference="r"))
        assert given.files["first_frame"].read_bytes() == b"picture"
        assert given.reference == "r"

    def test_a_vanished_file_and_a_foreign_frame_are_gone(self, painter):
        job = make_job(order=make_painting())
        vanished = self.asset(job, "1/00/gone.png")
        foreign = self.asset(make_job(order=make_painting()), "2/00/theirs.png")
        for frame in (vanished, foreign):
            job.stored_order["first_frame"] = frame.pk
            with pytest.raises(StorageFailed, match="is gone"):
                brief.of(job, Attempt(reference="r"))


def with_frame(paid, tmp_path):
    """A paid job with a first frame, and its attempt."""
    picture = tmp_path / "a.png"
    picture.write_bytes(b"picture")
    job = make_job(order=make_painting("paid"))
    frame = Asset.objects.create(
        team=job.team, kind=AssetKind.UPLOAD, path=media.store(picture, team=job.team_id).path,
        sha256="0" * 64, size=7, content_type="image/png", name="My door.png",
    )  # fmt: skip
    job.stored_order["first_frame"] = frame.pk
    return job, Attempt.objects.create(job=job, number=1, reference="r")


class TestLinks:
    def test_lead_to_the_file_without_a_door_for_a_while(
        self, paid, tmp_path, settings, client, monkeypatch
    ):
        settings.PUBLIC_URL = "https://studio.example"
        given = brief.of(*with_frame(paid, tmp_path))
        path = given.links["first_frame"].removeprefix("https://studio.example")
        answer = client.get(path)
        assert (answer.status_code, answer.getvalue()) == (200, b"picture")
        assert answer["Content-Type"] == "image/png"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert given.names == {"first_frame": "My door.png"}
        monkeypatch.setattr(signing, "SECONDS", -1)
        assert client.get(path).status_code == 404

    def test_of_our_own_making_only(self, paid, tmp_path, settings, client):
        settings.PUBLIC_URL = "https://studio.example"
        given = brief.of(*with_frame(paid, tmp_path))
        path = given.links["first_frame"].removeprefix("https://studio.example")
        forged = re.sub(r"/given/.", "/given/x", path)
        assert client.get(forged).status_code == 404

    def test_to_a_file_that_is_gone_are_404(self, paid, tmp_path, client):
        with_frame(paid, tmp_path)
        asset = Asset.objects.get()
        address = reverse("given", args=[signing.sign(asset.pk), "a.png"])
        asset.path = "1/00/gone.png"
        asset.save()
        assert client.get(address).status_code == 404

    def test_and_a_callback_need_a_public_address(self, paid, tmp_path):
        calling(paid)
        given = brief.of(*with_frame(paid, tmp_path))
        assert (given.links, given.callback) == ({}, "")
        assert given.files["first_frame"].exists()


def calling(paid):
    (able,) = paid.capabilities
    paid.capabilities = (dataclasses.replace(able, calls_back=True),)


class TestCallback:
    def test_has_the_secret_of_the_attempt(self, paid, tmp_path, settings):
        settings.PUBLIC_URL = "https://studio.example"
        calling(paid)
        job, attempt = with_frame(paid, tmp_path)
        given = brief.of(job, attempt)
        assert given.callback == f"https://studio.example/in/paid/{attempt.secret}/"
        assert len(attempt.secret) > 40

    def test_is_not_offered_to_who_would_not_call(self, paid, tmp_path, settings):
        settings.PUBLIC_URL = "https://studio.example"
        assert brief.of(*with_frame(paid, tmp_path)).callback == ""


@pytest.mark.parametrize("again", [False, True])
def test_says_whether_it_may_have_been_sent_before(paid, tmp_path, again):
    assert brief.of(*with_frame(paid, tmp_path), again=again).again is again
