import struct
import subprocess

import pytest

from studio.core.errors import StorageFailed
from studio.core.slate import Slate
from studio.storage import carriers, probe
from studio.storage.clean import clean, clean_copy
from studio.storage.media import store
from tests.storage import videos

SECRET = "Zanzibar heron at dusk"


def packets(path):
    with probe.opened(path) as film:
        return [(one.pts, bytes(one)) for one in film.demux() if one.size]


@pytest.fixture(params=[".mp4", ".mov", ".webm"])
def film(request, tmp_path):
    return videos.video(tmp_path / f"film{request.param}", frames=12, fps=24)


def told(film):
    """The same film with the secret in every place that a program might put it."""
    whole = film.with_name(f"told{film.suffix}")
    tags = ["title", "comment", "description", "artist"]
    said = [word for tag in tags for word in ("-metadata", f"{tag}={SECRET}")]
    said += ["-metadata:s:v:0", f"title={SECRET}", "-metadata:s:v:0", f"handler_name={SECRET}"]
    subprocess.run(["ffmpeg", "-v", "error", "-i", film, *said, "-c", "copy", whole], check=True)
    return whole


class TestClean:
    def test_no_word_is_left_and_every_picture_is(self, film, tmp_path):
        whole, target = told(film), tmp_path / f"clean{film.suffix}"
        assert SECRET.encode() in whole.read_bytes()
        clean(whole, target=target)
        assert SECRET.encode() not in target.read_bytes()
        assert packets(target) == packets(whole)
        assert probe.video(target) == probe.video(whole)

    @pytest.mark.parametrize("suffix", [".mp4", ".mov"])
    def test_our_slate_and_a_strangers_box_are_gone(self, tmp_path, suffix):
        film = videos.video(tmp_path / f"film{suffix}", frames=12, fps=24)
        slate = Slate(provider="paid", model="paid-1", prompt=SECRET, project="Meltwater")
        carriers.write(film, slate, target=tmp_path / f"slated{suffix}")
        with (tmp_path / f"slated{suffix}").open("ab") as file:
            box = b"\x11" * 16 + SECRET.encode()
            file.write(struct.pack(">I4s", 8 + len(box), b"uuid") + box)
        target = tmp_path / f"clean{suffix}"
        clean(tmp_path / f"slated{suffix}", target=target)
        left = target.read_bytes()
        for word in (SECRET, "paid-1", "Meltwater", "dailies"):
            assert word.encode() not in left
        assert packets(target) == packets(film)

    def test_broken_film_leaves_no_copy(self, tmp_path):
        film, target = tmp_path / "film.mp4", tmp_path / "clean.mp4"
        film.write_bytes(struct.pack(">I4s", 4000, b"moov") + b"\0" * 40)
        with pytest.raises(StorageFailed, match="can not be cleaned"):
            clean(film, target=target)
        assert not target.exists()


class TestCleanCopy:
    def test_is_made_once(self, film):
        stored = store(told(film), team=1)
        first = clean_copy(stored.path, stored.sha256)
        made = first.stat().st_mtime_ns
        assert clean_copy(stored.path, stored.sha256) == first
        assert first.stat().st_mtime_ns == made
        assert SECRET.encode() not in first.read_bytes()
