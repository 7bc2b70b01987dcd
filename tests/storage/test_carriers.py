"""A slate in a real file: found in either place, and not a picture or a sound is touched."""

import json
import os
import shutil
import struct
import subprocess
import tracemalloc
from dataclasses import replace
from pathlib import Path

import av
import pytest

from studio.core.errors import StorageFailed
from studio.core.slate import Slate
from studio.storage import carriers, xmp
from studio.storage.boxes import BrokenBoxes, all_of
from tests.storage import videos

SLATE = Slate(
    provider="animatic", model="animatic-1", prompt='Red <door> & "snow" ☃. Then night.',
    settings={"duration": 5}, seed=7, files={"last_frame": "0f" * 32}, project="Spot",
)  # fmt: skip


@pytest.fixture(params=["mp4", "mov", "late index", "sound", "fragments"])
def video(request, tmp_path):
    """One of each shape that files have: index first or last, two streams, fragments."""
    plain = videos.video(tmp_path / "plain.mp4", frames=30, fps=24)
    with_sound = videos.sound(plain, tmp_path / "sound.mp4")
    return {
        "mp4": lambda: plain,
        "mov": lambda: videos.video(tmp_path / "a.mov", frames=30, fps=24),
        "late index": lambda: videos.copied(plain, tmp_path / "late.mp4"),
        "sound": lambda: with_sound,
        "fragments": lambda: videos.copied(
            with_sound, tmp_path / "live.mp4", movflags="frag_keyframe+empty_moov"
        ),
    }[request.param]()


@pytest.fixture
def marked(video):
    target = video.with_stem("marked")
    carriers.write(video, SLATE, target=target)
    return target


def names(path):
    with path.open("rb") as file:
        return [box.name for box in all_of(file)]


def decoded(path):
    """Every frame and every sound with its time, as it is shown."""
    with av.open(str(path)) as box:
        return [
            (type(frame).__name__, frame.pts, frame.time_base, hash(frame.to_ndarray().tobytes()))
            for frame in box.decode()
        ]


def cut(path, carrier):
    """The file without one of the carriers."""
    whole = path.read_bytes()
    if carrier == "xmp":
        return whole[: whole.rindex(b"uuid" + xmp.UUID) - 4]
    return whole.replace(b"\xa9cmt", b"\xa9xyz")


class TestWrite:
    def test_pictures_and_times_are_the_same(self, video, marked):
        assert decoded(marked) == decoded(video)
        assert len(decoded(video)) >= 30

    def test_the_index_stays_where_it_is(self, video, marked):
        kept = [name for name in names(marked) if name != b"free"]
        assert kept == [*(name for name in names(video) if name != b"free"), b"uuid"]

    def test_the_same_again_gives_the_same_bytes(self, video, marked):
        again = video.with_stem("again")
        carriers.write(video, SLATE, target=again)
        assert again.read_bytes() == marked.read_bytes()

    def test_players_show_title_and_comment(self, video, marked):
        if names(video).count(b"moof"):
            pytest.skip("a file in fragments has only the other carrier")
        with av.open(str(marked)) as box:
            assert box.metadata["title"] == 'Red <door> & "snow" ☃'
            assert json.loads(box.metadata["comment"])["settings"] == {"duration": 5}

    @pytest.mark.skipif(not shutil.which("ffprobe"), reason="needs ffprobe")
    def test_ffprobe_has_nothing_to_complain_about(self, marked):
        command = ["ffprobe", "-v", "warning", "-show_format", str(marked)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stderr == ""

    def test_memory_does_not_grow_with_the_file(self, tmp_path):
        path = videos.video(tmp_path / "a.mp4", frames=24, fps=24)
        with path.open("ab") as file:  # 200 MB of empty space, which takes no room on the disk
            file.write(struct.pack(">I4s", 200_000_000, b"free"))
            file.truncate(file.tell() + 200_000_000 - 8)
        tracemalloc.start()
        carriers.write(path, SLATE, target=tmp_path / "b.mp4")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < 5_000_000
        assert carriers.read(tmp_path / "b.mp4") == SLATE

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda whole: whole + b"tail",
            lambda whole: whole.replace(b"moov", b"moo_"),
            lambda whole: b"",
            lambda whole: whole + struct.pack(">I4s", 0, b"free") + bytes(8),
            lambda whole: struct.pack(">I4s", 8, b"free") * 20_000 + whole,
        ],
        ids=["tail", "no index", "empty", "open end", "thousands of boxes"],
    )
    def test_a_file_that_can_not_be_added_to_is_left_alone(self, tmp_path, spoil):
        path = videos.video(tmp_path / "a.mp4", frames=3, fps=24)
        path.write_bytes(spoil(path.read_bytes()))
        with pytest.raises(StorageFailed):
            carriers.write(path, SLATE, target=tmp_path / "b.mp4")
        assert not (tmp_path / "b.mp4").exists()

    def test_harm_to_the_pictures_is_noticed(self, tmp_path, monkeypatch):
        path = videos.video(tmp_path / "a.mp4", frames=3, fps=24)

        def harm(target, _values):
            whole = bytearray(target.read_bytes())
            whole[-3] ^= 1
            target.write_bytes(whole)

        monkeypatch.setattr(carriers, "_tag", harm)
        with pytest.raises(StorageFailed, match="without harm"):
            carriers.write(path, SLATE, target=tmp_path / "b.mp4")
        assert not (tmp_path / "b.mp4").exists()


class TestRead:
    def test_both_are_there(self, marked):
        assert carriers.read(marked) == SLATE

    @pytest.mark.parametrize("lost", ["xmp", "comment"])
    def test_either_alone_suffices(self, video, marked, lost):
        if lost == "xmp" and names(video).count(b"moof"):
            pytest.skip("a file in fragments has only that one")
        marked.write_bytes(cut(marked, lost))
        assert carriers.read(marked) == SLATE

    def test_a_copy_of_the_streams_by_another_program_keeps_the_comment(self, video, marked):
        if names(video).count(b"moof"):
            pytest.skip("a file in fragments has only the other carrier")
        copy = videos.copied(marked, marked.with_stem("copy"))
        assert b"uuid" not in names(copy)
        assert carriers.read(copy) == SLATE

    def test_a_file_without_one_has_none(self, video):
        assert carriers.read(video) is None

    @pytest.mark.parametrize(
        "raw",
        [
            b"", b"a", b"\0\0\0\1moov", bytes(64), b"\xff" * 64, os.urandom(4096),
            struct.pack(">I4s", 8, b"moov") * 50_000,
            struct.pack(">I4sQ", 1, b"moov", 2**63) + bytes(100),
            struct.pack(">I4s", 24 + 5, b"uuid") + xmp.UUID + b"<a/><",
        ],
    )  # fmt: skip
    def test_nonsense_has_none(self, tmp_path, raw):
        path = tmp_path / "a.mp4"
        path.write_bytes(raw)
        assert carriers.read(path) is None

    def test_no_entity_is_ever_expanded(self):
        declared = b'<!DOCTYPE a [<!ENTITY x "boom">]><a xmlns:d="urn:dailies:slate:1.0/"><d:slate>&x;</d:slate></a>'
        assert xmp.read(declared) == ""
        assert xmp.read(declared.decode().encode("utf-16")) == ""

    def test_a_property_may_be_written_as_an_attribute(self):
        assert xmp.read(b'<a xmlns:d="urn:dailies:slate:1.0/" d:slate="{1}"/>') == "{1}"

    def test_boxes_that_reach_out_of_their_file_are_told(self, tmp_path):
        path = tmp_path / "a"
        path.write_bytes(struct.pack(">I4s", 100, b"free"))
        with path.open("rb") as file, pytest.raises(BrokenBoxes):
            list(all_of(file))


class TestStrip:
    def test_nothing_of_ours_is_left(self, marked):
        clean = marked.with_stem("clean")
        carriers.strip(marked, target=clean)
        assert carriers.read(clean) is None
        for word in (b"Dailies", b"dailies", b"Red <door>", b"animatic"):
            assert word not in clean.read_bytes()

    def test_pictures_and_times_are_the_same(self, marked):
        clean = marked.with_stem("clean")
        carriers.strip(marked, target=clean)
        assert decoded(clean) == decoded(marked)

    def test_what_follows_the_packet_stays(self, marked):
        with marked.open("ab") as file:
            file.write(struct.pack(">I4s", 12, b"skip") + b"abcd")
        clean = marked.with_stem("clean")
        carriers.strip(marked, target=clean)
        assert b"dailies" not in clean.read_bytes()
        assert names(clean)[-2:] == [b"free", b"skip"]
        assert decoded(clean) == decoded(marked)

    def test_a_file_that_carries_nothing_is_only_copied(self, video):
        clean = Path(f"{video}.clean.mp4")
        carriers.strip(video, target=clean)
        assert clean.read_bytes() == video.read_bytes()

    def test_one_carrier_alone_is_removed_too(self, video, marked):
        if names(video).count(b"moof"):
            pytest.skip("a file in fragments has only that one")
        carriers.write(video, replace(SLATE, prompt="Other"), target=marked)
        marked.write_bytes(cut(marked, "xmp"))
        clean = marked.with_stem("clean")
        carriers.strip(marked, target=clean)
        assert b"animatic" not in clean.read_bytes()
