import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from studio.core.errors import StorageFailed, StorageFull
from studio.storage import media


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "Take One.MP4"
    path.write_bytes(os.urandom(3 * 1024 * 1024))
    return path


def files_under(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


class TestStore:
    def test_a_file_lies_under_its_checksum(self, source):
        stored = media.store(source, team=3)
        assert stored.sha256 == media.checksum(source)
        assert stored.path == f"3/{stored.sha256[:2]}/{stored.sha256}.mp4"
        assert stored.content_type == "video/mp4"
        assert Path(default_storage.path(stored.path)).read_bytes() == source.read_bytes()

    def test_the_same_file_twice_is_one_file(self, source, settings):
        first = media.store(source, team=3)
        kept = Path(default_storage.path(first.path)).stat().st_ino
        assert media.store(source, team=3) == first
        assert Path(default_storage.path(first.path)).stat().st_ino == kept
        assert len(files_under(settings.MEDIA_ROOT)) == 1

    def test_half_a_file_from_elsewhere_is_made_whole(self, source):
        stored = media.store(source, team=3)
        os.truncate(default_storage.path(stored.path), 10)
        media.store(source, team=3)
        assert media.checksum(media.local_path(stored.path)) == stored.sha256

    def test_many_at_once_leave_one_whole_file(self, source, settings):
        with ThreadPoolExecutor(8) as threads:
            all_stored = set(threads.map(lambda _: media.store(source, team=3), range(16)))
        assert len(all_stored) == 1
        assert [media.checksum(path) for path in files_under(settings.MEDIA_ROOT)] == [
            media.checksum(source)
        ]

    def test_teams_share_no_file(self, source):
        assert media.store(source, team=3).path != media.store(source, team=4).path

    def test_a_missing_source_is_told_in_our_words(self, tmp_path):
        with pytest.raises(StorageFailed):
            media.store(tmp_path / "gone.mp4", team=3)

    def test_what_a_killed_process_left_is_swept_after_a_day(self, source, settings):
        parts = settings.MEDIA_ROOT / media.PARTS
        parts.mkdir(parents=True)
        old, new = parts / "old", parts / "new"
        for part in (old, new):
            part.write_bytes(b"half")
        yesterday = time.time() - media.STALE_SECONDS - 60
        os.utime(old, (yesterday, yesterday))
        media.store(source, team=3)
        assert [path.name for path in parts.iterdir()] == ["new"]

    def test_a_full_disk_says_so_and_keeps_nothing(self, source, settings, tiny_disk):
        settings.MEDIA_ROOT = tiny_disk
        with pytest.raises(StorageFull, match="disk is full"):
            media.store(source, team=3)
        assert files_under(tiny_disk) == []

    def test_with_room_again_the_same_call_succeeds(self, tmp_path, settings, tiny_disk):
        settings.MEDIA_ROOT = tiny_disk
        ballast, small = tiny_disk / "ballast", tmp_path / "small.png"
        ballast.write_bytes(b"x" * 900 * 1024)
        small.write_bytes(os.urandom(400 * 1024))
        with pytest.raises(StorageFull):
            media.store(small, team=3)
        ballast.unlink()
        assert media.is_there(media.store(small, team=3).path, 400 * 1024)

    def test_a_process_killed_while_writing_leaves_no_half_file_in_place(self, tmp_path):
        """The source is a pipe that never ends: the child can only be in the middle of it."""
        script = (
            "import os, sys, django; django.setup()\n"
            "from pathlib import Path; from studio.storage import media\n"
            "class Endless:\n"
            "    def read(self, size): print('writing', flush=True); return os.urandom(size)\n"
            "with media._complete_file(Path(sys.argv[1]) / 'a' / 'whole',"
            " parts=Path(sys.argv[1]) / '.parts') as part:\n"
            "    media._copy(Endless(), part)\n"
        )
        child = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        )  # fmt: skip
        for _ in range(3):
            child.stdout.readline()
        child.kill()
        child.communicate()
        assert not (tmp_path / "a").exists()


class TestLocalPath:
    def test_a_file_that_is_gone_is_named(self):
        with pytest.raises(StorageFailed, match=r"3/aa/gone\.png is gone"):
            media.local_path("3/aa/gone.png")
