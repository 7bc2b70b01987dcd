"""Takes of a simulation: what came beside the picture is stored, shown and kept whole."""

import json
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from studio.core.errors import StorageFailed, StorageFull
from studio.core.status import JobStatus
from studio.models import Asset, AssetKind, Job, Stream
from studio.pipeline import lease, save, streams
from studio.providers.base import Result, Update, Verdict
from studio.services import audit
from studio.storage import probe
from tests.factories import make_job, make_painting
from tests.storage import tars, videos

pytestmark = pytest.mark.django_db
LOG = {"steps": [{"t": 0}, {"t": 0.5}]}


@pytest.fixture
def made(tmp_path):
    """Files of a finished simulation: 24 frames of video, 12 of depth, of normals and of flow."""
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "physics.json").write_text(json.dumps(LOG))
    return {
        "video": videos.video(folder / "rgb.mp4", frames=24, fps=24),
        "depth": tars.depth_tar(folder / "depth.tar", frames=12),
        "normals": tars.normals_tar(folder / "normals.tar", frames=24),
        "optical_flow": tars.flow_tar(folder / "flow.tar", frames=23),
        "log": folder / "physics.json",
    }


@pytest.fixture
def saving(paid, monkeypatch):
    """A job whose provider has given these files, and that waits to be saved."""

    def prepare(files):
        result = Result(index=0, files=files)
        update = Update(verdict=Verdict.SUCCEEDED, results=(result,))
        monkeypatch.setattr(paid, "poll", lambda _: update)
        job = make_job(JobStatus.SAVING, order=make_painting("paid", duration=1))
        job.attempts.create(number=1, reference=f"r{job.pk}", remote_id="x", outcome="accepted")
        return job

    return prepare


@pytest.fixture
def saved(saving):
    def go(files):
        job = saving(files)
        save.save(job)
        job.refresh_from_db()
        assert job.status == JobStatus.SUCCEEDED, job.problem
        return job.takes.get()

    return go


def bytes_of(asset):
    return Path(default_storage.path(asset.path)).read_bytes()


class TestStreams:
    def test_each_is_kept_as_it_came(self, saved, made):
        take = saved(made)
        rows = {row.name: row for row in take.streams.all()}
        assert set(rows) == {"depth", "normals", "optical_flow", "log"}
        for name, row in rows.items():
            assert bytes_of(row.file) == made[name].read_bytes()
        archive, log = rows["depth"].file, rows["log"].file
        assert (archive.kind, archive.content_type) == (AssetKind.STREAM, "application/x-tar")
        assert (log.kind, log.content_type) == (AssetKind.LOG, "application/json")
        assert list(audit.findings()) == []

    def test_each_has_a_view_that_runs_with_the_video(self, saved, made):
        take = saved(made)
        rows = {row.name: row for row in take.streams.exclude(name="log")}
        views = {name: probe.video(Path(default_storage.path(row.view.path)))
                 for name, row in rows.items()}  # fmt: skip
        assert {name: (view.frames, float(view.fps)) for name, view in views.items()} == {
            "depth": (12, 12), "normals": (24, 24), "optical_flow": (23, 24),
        }  # fmt: skip
        view = rows["depth"].view
        assert (view.kind, view.width, view.height) == (AssetKind.PREVIEW, 64, 48)
        assert rows["depth"].facts["far_m"] > rows["depth"].facts["near_m"] > 0
        assert rows["depth"].facts["frames"] == 12

    def test_a_log_has_no_view(self, saved, made):
        row = saved(made).streams.get(name="log")
        assert (row.view, row.facts) == (None, {})

    def test_without_a_video_the_first_view_is_the_picture(self, saved, made):
        del made["video"], made["depth"]
        take = saved(made)
        view = take.streams.get(name="normals").view
        assert take.video.sha256 == view.sha256
        assert (take.video.kind, view.kind) == (AssetKind.VIDEO, AssetKind.PREVIEW)
        assert (take.frames, take.width, take.height, float(take.seconds)) == (24, 64, 48, 1)
        assert take.poster.size > 0
        assert list(audit.findings()) == []

    def test_without_a_video_its_length_is_that_of_the_order(self, saved, made):
        take = saved({"depth": made["depth"]})
        assert (float(take.fps), float(take.seconds)) == (12, 1)

    def test_a_take_without_streams_is_as_it_was(self, saved, made):
        take = saved({"video": made["video"]})
        assert not take.streams.exists()
        assert not Asset.objects.filter(kind__in=[AssetKind.STREAM, AssetKind.LOG]).exists()


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("name", "data", "words"),
        [
            ("depth", b"no tar", "No view: the archive is no tar, or is damaged."),
            ("log", b"{", "This is no JSON."),
            ("log", b"[" * 100_000, "This is no JSON."),
            ("log", b"\xff\xfe", "This is no JSON."),
        ],
    )
    def test_what_can_not_be_shown_is_stored_all_the_same(self, saved, made, name, data, words):
        made[name].write_bytes(data)
        row = saved(made).streams.get(name=name)
        assert row.facts == {"problem": words}
        assert row.view is None
        assert bytes_of(row.file) == data

    def test_a_log_that_is_too_large_is_not_read(self, saved, made, monkeypatch):
        monkeypatch.setattr(streams, "LOG_MAX_BYTES", 10)
        row = saved(made).streams.get(name="log")
        assert row.facts["problem"].startswith("Not checked")

    def test_no_picture_at_all_waits_for_a_person(self, saving, made):
        made["depth"].write_bytes(b"no tar")
        for files in ({"depth": made["depth"]}, {"log": made["log"]}):
            job = saving(files)
            with pytest.raises(StorageFailed, match="There is no picture"):
                save.save(job)
            assert not job.takes.exists()

    def test_a_video_that_is_none_is_told_before_views_are_made(self, saving, made):
        made["video"].write_bytes(b"no video")
        with pytest.raises(StorageFailed, match=r"rgb\.mp4"):
            save.save(saving(made))
        assert not Stream.objects.exists()

    def test_nothing_is_left_in_the_scratch_folder(self, saved, saving, made, settings):
        saved(made)
        made["video"].write_bytes(b"no video")
        with pytest.raises(StorageFailed):
            save.save(saving(made))
        assert list(settings.SCRATCH.iterdir()) == []

    def test_a_full_disk_says_so(self, saving, made, settings, tiny_disk):
        settings.SCRATCH = tiny_disk
        (tiny_disk / "ballast").write_bytes(b"x" * (1024 * 1024 - 4096))
        with pytest.raises(StorageFull, match="full"):
            save.save(saving(made))
        assert [left.name for left in tiny_disk.iterdir()] == ["ballast"]


class TestLease:
    """Views may take minutes: whoever makes them keeps the job, or stops."""

    def test_it_is_kept_after_every_few_seconds(self, saving, made, monkeypatch):
        monkeypatch.setattr(streams, "BEAT_SECONDS", 0)
        kept = []
        keep = Job.keep_lease
        monkeypatch.setattr(
            Job, "keep_lease", lambda *args, **more: kept.append(1) or keep(*args, **more)
        )
        save.save(saving(made))
        assert len(kept) == 12 + 24 + 23

    def test_who_lost_it_stops(self, saving, made, monkeypatch):
        monkeypatch.setattr(streams, "BEAT_SECONDS", 0)
        monkeypatch.setattr(lease, "owner", iter(["us", "another"] + ["us"] * 9).__next__)
        with pytest.raises(StorageFailed, match="Another worker"):
            save.save(saving(made))
        assert not Stream.objects.exists()
