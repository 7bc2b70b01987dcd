"""Saved takes carry their slate, and none fails for it."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from studio.core.errors import StorageFailed
from studio.core.status import JobStatus
from studio.models import Asset, AssetKind
from studio.pipeline import save, slates
from studio.providers.base import Result, Update, Verdict
from studio.services import audit
from studio.storage import carriers
from tests.factories import make_job, make_painting
from tests.storage import tars, videos

pytestmark = pytest.mark.django_db


@pytest.fixture
def saved(paid, monkeypatch):
    """Save a job whose provider gives these files; returns its take."""

    def go(files, *, seed=5, **order):
        result = Result(index=1, files=files, seed=seed)
        update = Update(verdict=Verdict.SUCCEEDED, results=(result,))
        monkeypatch.setattr(paid, "poll", lambda _: update)
        job = make_job(
            JobStatus.SAVING, order=make_painting("paid", **order), written="A {red|blue} door."
        )
        job.attempts.create(number=1, reference=f"r{job.pk}", remote_id="x", outcome="accepted")
        save.save(job)
        job.refresh_from_db()
        assert job.status == JobStatus.SUCCEEDED, job.problem
        return job.takes.get()

    return go


@pytest.fixture
def video(tmp_path):
    return videos.video(tmp_path / "rgb.mp4", frames=24, fps=24)


def path_of(asset):
    return Path(default_storage.path(asset.path))


def make_picture(team):
    return Asset.objects.create(
        team=team, kind=AssetKind.UPLOAD, path="x", sha256="ab" * 32, size=1,
        content_type="image/png",
    )  # fmt: skip


def test_the_file_says_how_it_was_made(saved, video):
    before = video.read_bytes()
    take = saved({"video": video}, prompt="A red door.", duration=2)
    slate = carriers.read(path_of(take.video))
    assert (slate.provider, slate.model, slate.prompt) == ("paid", "paid-1", "A red door.")
    assert (slate.written, slate.seed, slate.number) == ("A {red|blue} door.", 5, 2)
    assert slate.settings == {"duration": 2, "count": 1, "seed": 1}
    assert slate.project == take.clip.project.name
    assert slate.source == hashlib.sha256(before).hexdigest()
    assert video.read_bytes() == before
    assert list(audit.findings()) == []


def test_frames_and_lineage_are_named_by_their_content(saved, video):
    parent = saved({"video": video})
    job = parent.job
    picture = make_picture(job.team)
    job.stored_order = {**job.stored_order, "first_frame": picture.pk, "last_frame": 10**9}
    job.clip.came_from, job.clip.came_from_frame = parent, 7
    slate = slates.slate_of(job, index=0, seed=None)
    assert slate.files == {"first_frame": picture.sha256}
    assert (slate.continues, slate.frame, slate.seed) == (parent.video.sha256, 7, None)


def test_saved_twice_it_has_the_same_bytes(saved, video):
    one, other = saved({"video": video}), saved({"video": video})
    other.clip.project.name = one.clip.project.name
    assert one.job.team != other.job.team
    with slates.written(one.job, Result(index=0, files={"video": video}), {"video": video}) as a:
        first = a["video"].read_bytes()
    with slates.written(one.job, Result(index=0, files={"video": video}), {"video": video}) as b:
        assert b["video"].read_bytes() == first
    assert not a["video"].exists()


def test_a_file_that_can_not_carry_it_is_stored_as_it_came(saved, video, caplog):
    with video.open("ab") as file:
        file.write(b"tail")
    take = saved({"video": video})
    assert path_of(take.video).read_bytes() == video.read_bytes()
    assert "carries no slate" in caplog.text


def test_a_writer_that_fails_costs_no_take(saved, video, monkeypatch):
    def fail(*_, **__):
        raise StorageFailed("No.")

    monkeypatch.setattr(carriers, "write", fail)
    assert path_of(saved({"video": video}).video).read_bytes() == video.read_bytes()


def test_webm_is_stored_as_it_came(saved, tmp_path):
    video = videos.video(tmp_path / "a.webm", frames=5, fps=24)
    assert path_of(saved({"video": video}).video).read_bytes() == video.read_bytes()


def test_streams_stay_as_they_came(saved, video, tmp_path):
    depth = tars.depth_tar(tmp_path / "depth.tar", frames=12)
    take = saved({"video": video, "depth": depth})
    assert path_of(take.streams.get().file).read_bytes() == depth.read_bytes()
    assert carriers.read(path_of(take.streams.get().view)) is None
    assert carriers.read(path_of(take.video))


def test_a_view_that_stands_for_a_video_is_stored_once(saved, tmp_path):
    take = saved({"depth": tars.depth_tar(tmp_path / "depth.tar", frames=12)})
    assert take.video.sha256 == take.streams.get().view.sha256
