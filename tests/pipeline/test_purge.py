"""Deleted for good: files that nothing else uses go, the money stays, whatever breaks off in between."""

import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from studio.core.errors import StorageFailed
from studio.models import Asset, AssetKind, Chain, Clip, Decision, LedgerEntry, Note, Stream, Take
from studio.models.clips import TRASH_DAYS
from studio.pipeline import purge
from studio.services import audit, trash
from studio.storage import media
from tests import takes
from tests.factories import make_job, make_member, make_order, make_price, make_project
from tests.houses import end
from tests.storage import videos

DAY = timedelta(days=1)


@pytest.fixture
def author(db):
    make_price(credits_per_second=7)
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def film(tmp_path):
    """A file with a content of its own at each call, or the same one again."""

    def make(shade: int = 0) -> Path:
        path = tmp_path / f"film-{shade}.mp4"
        return path if path.exists() else videos.video(path, frames=12 + shade, fps=12)

    return make


def stored() -> set[str]:
    """Every file of the media storage."""
    root = Path(default_storage.path(""))
    return {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}


def paths() -> set[str]:
    return set(Asset.objects.values_list("path", flat=True))


def throw_away(clip: Clip, *, days: float = TRASH_DAYS) -> None:
    trash.put(clip.author, [clip])
    Clip.objects.filter(pk=clip.pk).update(trashed_at=timezone.now() - days * DAY)


def made(author, *files: Path) -> Clip:
    (first, *_) = takes.make_takes(*files, author=author, order=make_order(count=len(files)))
    clip = Clip.objects.get(pk=first.clip_id)
    clip.record("touch")
    return clip


def file_of(team, kind: AssetKind, tmp_path: Path, words: str) -> Asset:
    path = tmp_path / f"{kind}.json"
    path.write_text(words)
    file = media.store(path, team=team.pk)
    return Asset.objects.create(
        team=team, kind=kind, path=file.path, sha256=file.sha256, size=file.size,
        content_type=file.content_type,
    )  # fmt: skip


class TestPurge:
    def test_takes_notes_and_files_go_and_the_money_stays(self, author, film, tmp_path):
        clip = made(author, film(1), film(2))
        (take, _) = clip.takes.order_by("number")
        depth = file_of(author.team, AssetKind.LOG, tmp_path, "{}")
        said = file_of(author.team, AssetKind.STREAM, tmp_path, "attached")
        Stream.objects.create(take=take, name="log", file=depth)
        note = Note.objects.create(clip=clip, take=take, member=author, text="?", attachment=said)
        Note.objects.create(clip=clip, take=take, member=author, text="!", parent=note)
        Decision.objects.create(
            take=take, member=author, verdict="approve", decided_at=timezone.now()
        )
        clip.touch()
        entries, charged = LedgerEntry.objects.count(), clip.charged
        assert stored() == paths()
        throw_away(clip)
        assert purge.purge() == 1
        clip.refresh_from_db()
        assert (stored(), paths()) == (set(), set())
        assert [model.objects.count() for model in (Take, Note, Stream)] == [0, 0, 0]
        assert clip.purged_at
        assert (clip.cover, clip.take_count, clip.note_count) == (None, 0, 0)
        assert (clip.charged, LedgerEntry.objects.count()) == (charged, entries)
        assert clip.jobs.get().charged == charged
        assert list(audit.findings()) == []

    def test_clip_whose_later_job_failed_is_true_afterwards(self, author, film):
        clip = made(author, film())
        make_job("failed", author=author, clip=clip, next_step_at=None, ended_at=timezone.now())
        throw_away(clip)
        purge.purge()
        assert list(audit.findings()) == []

    @pytest.mark.parametrize("days", [0, TRASH_DAYS - 0.01])
    def test_not_before_its_time(self, author, film, days):
        clip = made(author, film())
        before = stored()
        throw_away(clip, days=days)
        assert not purge.is_due()
        assert purge.purge() == 0
        assert not purge.purge_clip(clip)
        assert stored() == before

    def test_not_while_it_is_shown(self, author, film):
        clip = made(author, film())
        assert not purge.purge_clip(clip)
        assert clip.takes.count() == 1

    def test_twice_is_once(self, author, film):
        clip = made(author, film())
        throw_away(clip)
        assert purge.purge_clip(clip)
        rev = Clip.objects.get().rev
        assert not purge.purge_clip(clip)
        assert purge.purge() == 0
        assert Clip.objects.get().rev == rev

    def test_in_small_batches(self, author, film, monkeypatch):
        monkeypatch.setattr(purge, "BATCH", 2)
        for shade in range(3):
            throw_away(made(author, film(shade)))
        assert [purge.purge(), purge.purge(), purge.purge()] == [2, 1, 0]
        assert stored() == set()

    def test_what_can_not_be_deleted_is_tried_again(self, author, film, monkeypatch, caplog):
        for shade in range(2):
            throw_away(made(author, film(shade)))
        usual, broken = media.remove, []

        def remove(path):
            if not broken:
                broken.append(path)
                raise StorageFailed("The bucket sleeps.")
            usual(path)

        monkeypatch.setattr(media, "remove", remove)
        assert purge.purge() == 1
        assert "can not be deleted yet: The bucket sleeps." in caplog.text
        assert purge.purge() == 1
        assert stored() == set()


class TestWhatIsUsedElsewhere:
    """Nothing goes that another row points to."""

    def test_file_of_another_take(self, author, film):
        clip, other = made(author, film()), made(author, film())
        kept = {getattr(other.takes.get(), part).path for part in ("poster", "strip", "last_frame")}
        throw_away(clip)
        purge.purge()
        assert kept <= stored()
        assert list(audit.findings()) == []

    @pytest.mark.parametrize("slot", ["first_frame", "last_frame"])
    def test_last_frame_that_an_order_begins_or_ends_with(self, author, film, slot):
        clip = made(author, film())
        frame = clip.takes.get().last_frame
        make_job("succeeded", author=author, order=make_order(**{slot: frame.pk}))
        throw_away(clip)
        purge.purge()
        assert stored() == {frame.path}
        assert Asset.objects.get() == frame

    def test_last_frame_that_a_rehearsal_stands_for(self, author, film):
        clip = made(author, film())
        frame = clip.takes.get().last_frame
        make_job("succeeded", author=author, intended=make_order(first_frame=frame.pk).to_json())
        throw_away(clip)
        purge.purge()
        assert Asset.objects.get() == frame

    def test_order_that_comes_while_it_is_deleted(self, author, film, monkeypatch):
        clip = made(author, film())
        frame = clip.takes.get().last_frame
        throw_away(clip)
        usual = purge._files_of

        def files_of(row):
            make_job(author=author, order=make_order(first_frame=frame.pk))
            return usual(row)

        monkeypatch.setattr(purge, "_files_of", files_of)
        purge.purge()
        assert Asset.objects.get() == frame

    def test_last_frame_in_a_draft(self, author, film):
        clip = made(author, film())
        frame = clip.takes.get().last_frame
        fields = {"first_frame": [str(frame.pk)], "last_frame": [""]}
        author.drafts.create(project=clip.project, fields=fields)
        throw_away(clip)
        purge.purge()
        assert Asset.objects.get() == frame

    def test_picture_that_was_fitted_or_a_film_that_was_joined(self, author, film, tmp_path):
        clip = made(author, film())
        take = clip.takes.get()
        fitted = file_of(author.team, AssetKind.FITTED, tmp_path, "fitted")
        Asset.objects.filter(pk=fitted.pk).update(made_from=take.last_frame)
        Chain.objects.create(
            team=author.team, key="k", takes=[take.pk], asset=take.video, asked_by=author
        )
        throw_away(clip)
        purge.purge()
        assert stored() == {fitted.path, take.last_frame.path, take.video.path}

    def test_same_bytes_as_another_asset(self, author, film):
        clip = made(author, film())
        poster = clip.takes.get().poster
        same = {name: getattr(poster, name) for name in ("path", "sha256", "size", "content_type")}
        upload = Asset.objects.create(team=author.team, kind=AssetKind.UPLOAD, **same)
        throw_away(clip)
        purge.purge()
        assert stored() == {upload.path}
        assert Asset.objects.get() == upload

    def test_upload_on_a_note_stays_in_the_library(self, author, film, tmp_path):
        clip = made(author, film())
        upload = file_of(author.team, AssetKind.UPLOAD, tmp_path, "upload")
        Note.objects.create(
            clip=clip, take=clip.takes.get(), member=author, text="?", attachment=upload
        )
        throw_away(clip)
        purge.purge()
        assert Asset.objects.get() == upload

    def test_another_teams_same_file(self, author, film):
        other = make_member()
        make_project(other.team)
        clip, theirs = made(author, film()), made(other, film())
        throw_away(clip)
        purge.purge()
        assert len(stored()) == 5
        assert list(audit.findings()) == []
        assert theirs.takes.count() == 1


class TestBrokenOff:
    def test_killed_before_and_after_every_statement_and_file(self, house, tmp_path):
        house.inside(_fill, tmp_path, 1)
        point = 1
        while end(*house.start(_die_at, point)) is None:
            point += 1
        assert point > 40
        assert house.inside(_left) == (set(), [])

    def test_two_workers_at_once_delete_it_once(self, any_house, tmp_path):
        any_house.inside(_fill, tmp_path, 2)
        gone = any_house.together(3, _purge)
        assert sum(gone) == 2
        assert any_house.inside(_left) == (set(), [])

    def test_killed_between_two_files_the_next_sweep_goes_on(self, any_house, tmp_path):
        any_house.inside(_fill, tmp_path, 2)
        assert end(*any_house.start(_die_after_a_file)) is None
        assert any_house.inside(_purge, 0) == 2
        assert any_house.inside(_left) == (set(), [])


def _fill(folder: Path, clips: int) -> None:
    make_price(credits_per_second=7)
    author = make_member()
    make_project(author.team)
    for shade in range(clips):
        throw_away(
            made(author, videos.video(folder / f"film-{shade}.mp4", frames=12 + shade, fps=12))
        )


def _purge(_number: int) -> int:
    return purge.purge()


def _die_after_a_file() -> None:
    usual = media.remove

    def remove(path):
        usual(path)
        os.kill(os.getpid(), signal.SIGKILL)

    media.remove = remove
    purge.purge()


def _die_at(point: int) -> int:
    """Delete the clip, and die before or after the statement, commit or file with that number."""
    assert _is_as_it_was()
    left = [point]

    def passed() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def wrap(function):
        def wrapped(*arguments, **named):
            passed()
            answer = function(*arguments, **named)
            passed()
            return answer

        return wrapped

    media.remove = wrap(media.remove)
    BaseDatabaseWrapper.commit = wrap(BaseDatabaseWrapper.commit)
    connection.execute_wrappers.append(lambda execute, *arguments: wrap(execute)(*arguments))
    return purge.purge()


def _is_as_it_was() -> bool:
    """A whole row that waits for the sweep, or gone with all that it had."""
    clip, takes, waits = Clip.objects.get(), Take.objects.count(), purge.is_due()
    return waits == (clip.purged_at is None) and clip.take_count == takes == int(waits)


def _left() -> tuple[set[str], list[str]]:
    return stored(), [str(one) for one in audit.findings()]


class TestSaveMeanwhile:
    def test_file_that_went_after_it_was_found_is_written_again(self, author, film, monkeypatch):
        """Between looking for the bytes and writing the row, the purge may delete both."""
        clip = made(author, film())
        throw_away(clip)
        usual = media.store

        def store(path, **facts):
            file = usual(path, **facts)
            purge.purge()
            return file

        monkeypatch.setattr(media, "store", store)
        made(author, film())
        assert paths() == stored()
        assert list(audit.findings()) == []
