"""Whole clips: files, formats, determinism, stopping, and what goes wrong."""

import errno
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from studio.engine.animatic import SIZES, Shot, Stopped, render
from tests.engine.shots import (
    decode,
    difference,
    go_on,
    make_marker,
    make_picture,
    make_shot,
    read,
    shoot,
)

CODECS = {"mp4": "h264", "mov": "h264", "webm": "vp9"}


class TestFiles:
    @pytest.mark.parametrize("container", ["mp4", "mov", "webm"])
    @pytest.mark.parametrize("size", [(320, 180), (180, 320), (180, 180)])
    def test_video_is_as_asked(self, tmp_path: Path, container: str, size: tuple[int, int]) -> None:
        footage = shoot(tmp_path, container=container, width=size[0], height=size[1])
        assert footage.video.name == f"video.{container}"
        with av.open(str(footage.video)) as file:
            stream = file.streams.video[0]
            frames = list(file.decode(video=0))
            context = stream.codec_context
            assert (context.name.removeprefix("lib"), context.pix_fmt) == (
                CODECS[container],
                "yuv420p",
            )
            assert stream.average_rate == footage.fps == 24
        assert len(frames) == footage.frames == 24
        assert (frames[0].width, frames[0].height) == size
        assert (int(frames[0].colorspace), int(frames[0].color_range)) in {(6, 1), (5, 1)}

    @pytest.mark.parametrize(
        ("ratio", "poster", "preview", "strip"),
        [
            ("16:9", (640, 360), (320, 180), (1760, 90)),
            ("9:16", (360, 640), (180, 320), (561, 90)),
            ("1:1", (640, 640), (320, 320), (990, 90)),
        ],
    )
    def test_companions_have_their_sizes(
        self,
        tmp_path: Path,
        ratio: str,
        poster: tuple[int, int],
        preview: tuple[int, int],
        strip: tuple[int, int],
    ) -> None:
        width, height = SIZES[ratio, "720p"]
        footage = shoot(tmp_path, width=width, height=height)
        assert read(footage.poster).shape[1::-1] == poster
        assert read(footage.filmstrip).shape[1::-1] == strip
        assert read(footage.last_frame).shape[1::-1] == (width, height)
        small = decode(footage.preview)
        assert (len(small), small[0].shape[1::-1]) == (12, preview)
        assert footage.preview.stat().st_size < 60_000

    def test_mp4_index_comes_first(self, tmp_path: Path) -> None:
        footage = shoot(tmp_path)
        for file in (footage.video, footage.preview):
            content = file.read_bytes()
            assert 0 < content.index(b"moov") < content.index(b"mdat")

    def test_last_frame_is_the_last_frame_of_the_video(self, tmp_path: Path) -> None:
        footage = shoot(tmp_path, quality=99)
        last = read(footage.last_frame)
        assert difference(last, decode(footage.video)[-1]) < 2.5

    def test_quality_decides_the_size(self, tmp_path: Path) -> None:
        sizes = [shoot(tmp_path / str(q), quality=q).video.stat().st_size for q in (20, 60, 99)]
        assert sizes == sorted(sizes)
        assert sizes[2] > 4 * sizes[0]


class TestSeeds:
    @pytest.mark.parametrize("container", ["mp4", "mov", "webm"])
    @pytest.mark.parametrize("pictures", [0, 1, 2])
    def test_same_shot_has_the_same_bytes(
        self, tmp_path: Path, container: str, pictures: int
    ) -> None:
        paths = [make_picture(tmp_path / f"{n}.png", shift=6 * n) for n in range(pictures)]
        first, last = [*paths, None, None][:2]
        clips = [
            shoot(
                tmp_path / folder,
                container=container,
                camera={"pan": 5, "zoom": -3},
                first_frame=first,
                last_frame=last,
            )
            for folder in ("a", "b")
        ]
        for one, other in zip(clips[0].files, clips[1].files, strict=True):
            assert one.read_bytes() == other.read_bytes(), one.name

    @pytest.mark.parametrize("given", [False, True])
    def test_other_seed_is_another_take(self, tmp_path: Path, given: bool) -> None:
        first = make_picture(tmp_path / "first.png") if given else None
        ends = [
            decode(shoot(tmp_path / str(seed), seed=seed, first_frame=first, seconds=2).video)[24]
            for seed in (1, 2)
        ]
        assert 1 < difference(*ends) < (40 if given else 120)


class TestGivenPictures:
    def test_clip_begins_with_the_picture_itself(self, tmp_path: Path) -> None:
        first = make_picture(tmp_path / "first.png")
        frame = decode(shoot(tmp_path, first_frame=first, quality=99, camera={"pan": 10}).video)[0]
        want = read(first)
        middle = slice(40, 110)
        assert difference(frame[middle], want[middle]) < 3

    def test_related_pictures_morph(self, tmp_path: Path) -> None:
        first, last = (make_picture(tmp_path / f"{n}.png", shift=20 * n) for n in range(2))
        half = make_picture(tmp_path / "half.png", shift=10)
        frames = decode(shoot(tmp_path, first_frame=first, last_frame=last, quality=99).video)
        assert difference(frames[-1], read(last)) < 3
        middle = (slice(50, 100), slice(60, 260))
        truth = read(half)[middle]
        a, b = (read(p)[middle].astype(float) for p in (first, last))
        shown = (frames[11][middle].astype(float) + frames[12][middle]) / 2
        assert np.abs(shown - truth).mean() < 0.7 * np.abs((a + b) / 2 - truth).mean()

    def test_strangers_dissolve(self, tmp_path: Path) -> None:
        first, last = (make_picture(tmp_path / f"{n}.png", seed=n + 1) for n in range(2))
        frames = decode(
            shoot(tmp_path, first_frame=first, last_frame=last, camera={"pan": 6}, quality=99).video
        )
        assert difference(frames[-1], read(last)) < 3
        assert difference(frames[4], frames[5]) < 20

    @pytest.mark.parametrize(
        ("axis", "value"),
        [
            (axis, value)
            for axis in ("horizontal", "vertical", "pan", "tilt", "roll", "zoom")
            for value in (-10, 10)
        ],
    )
    def test_no_black_border_at_any_extreme(self, tmp_path: Path, axis: str, value: float) -> None:
        Image.new("RGB", (160, 90), (200, 190, 180)).save(tmp_path / "bright.png")
        shot = {
            "width": 160,
            "height": 90,
            "first_frame": tmp_path / "bright.png",
            "camera": {axis: value},
        }
        frame = read(shoot(tmp_path, **shot).last_frame)
        assert frame.min() > 150

    def test_pan_right_moves_the_picture_left_and_zoom_magnifies(self, tmp_path: Path) -> None:
        first = make_marker(tmp_path / "marker.png")
        shot = {"width": 640, "height": 360, "first_frame": first}
        bright = {
            name: read(shoot(tmp_path / name, camera=camera, **shot).last_frame)[..., 1] > 160
            for name, camera in {"pan": {"pan": 10.0}, "zoom": {"zoom": -10.0}}.items()
        }
        assert np.nonzero(bright["pan"])[1].mean() < 320 - 60
        assert bright["zoom"].sum() == pytest.approx(60 * 60 * 1.6**2, rel=0.08)


class TestOddPictures:
    def kinds(self, folder: Path) -> Iterator[Path]:
        dice = np.random.default_rng(1)
        grey = dice.integers(0, 256, (90, 160), np.uint8)
        pictures = {
            "grey.png": Image.fromarray(grey),
            "alpha.png": Image.fromarray(np.dstack([grey] * 4)),
            "deep.png": Image.fromarray(grey.astype(np.uint16) * 257),
            "palette.png": Image.fromarray(grey).convert("P"),
            "cmyk.jpg": Image.fromarray(grey).convert("CMYK"),
            "tiny.png": Image.new("RGB", (2, 2), "orange"),
            "panorama.png": Image.new("RGB", (4000, 20), "orange"),
            "tower.webp": Image.new("RGB", (12, 3000), "orange"),
        }
        for name, picture in pictures.items():
            picture.save(folder / name)
            yield folder / name

    def test_every_kind_is_filmed(self, tmp_path: Path) -> None:
        for path in self.kinds(tmp_path):
            footage = shoot(tmp_path / "clip", width=96, height=64, first_frame=path)
            assert read(footage.last_frame).mean() > 40, path.name

    def test_camera_orientation_is_respected(self, tmp_path: Path) -> None:
        picture = Image.new("RGB", (120, 200), "black")
        picture.paste("white", (0, 0, 120, 100))
        exif = Image.Exif()
        exif[0x0112] = 6  # to be turned clockwise: the top half belongs on the right
        picture.save(tmp_path / "turned.jpg", exif=exif)
        footage = shoot(tmp_path, width=128, height=76, first_frame=tmp_path / "turned.jpg")
        last = read(footage.last_frame)[..., 1]
        assert last[:, 100:].mean() > 200
        assert last[:, :28].mean() < 60

    @pytest.mark.parametrize("name", ["first_frame", "last_frame"])
    @pytest.mark.parametrize("damage", ["cut short", "not a picture"])
    def test_damaged_picture_is_named(self, tmp_path: Path, name: str, damage: str) -> None:
        good = make_picture(tmp_path / "good.png")
        bad = tmp_path / "bad.png"
        bad.write_bytes(good.read_bytes()[:2000] if damage == "cut short" else b"hello")
        pictures = {"first_frame": good, "last_frame": None} | {name: bad}
        with pytest.raises(ValueError, match=name):
            shoot(tmp_path / "clip", **pictures)
        assert not list((tmp_path / "clip").iterdir())


class TestStop:
    @pytest.mark.parametrize("pictures", [0, 2])
    @pytest.mark.parametrize("reports", [1, 2, 9, 24])
    def test_stop_leaves_nothing(self, tmp_path: Path, pictures: int, reports: int) -> None:
        paths = [make_picture(tmp_path / f"{n}.png") for n in range(pictures)]
        first, last = [*paths, None, None][:2]
        heard: list[int] = []

        def report(done: int, total: int) -> bool:
            heard.append(done)
            return len(heard) < reports

        with pytest.raises(Stopped):
            render(make_shot(first_frame=first, last_frame=last), tmp_path / "clip", report=report)
        assert len(heard) == reports
        assert not list((tmp_path / "clip").iterdir())

    def test_every_frame_is_reported_in_order(self, tmp_path: Path) -> None:
        heard: list[tuple[int, int]] = []
        render(
            make_shot(), tmp_path, report=lambda done, total: heard.append((done, total)) or True
        )
        done = [entry[0] for entry in heard]
        assert heard[0] == (0, 24)
        assert done == sorted(done)
        assert set(done) == set(range(25))


class TestReports:
    @pytest.mark.parametrize("pictures", [0, 1, 2])
    def test_reporter_hears_in_the_thread_of_the_caller(
        self, tmp_path: Path, pictures: int
    ) -> None:
        paths = [make_picture(tmp_path / f"{n}.png") for n in range(pictures)]
        first, last = [*paths, None, None][:2]
        threads: set[int] = set()

        def report(done: int, total: int) -> bool:
            threads.add(threading.get_ident())
            return True

        render(make_shot(first_frame=first, last_frame=last), tmp_path / "clip", report=report)
        assert threads == {threading.get_ident()}

    @pytest.mark.parametrize("pictures", [0, 1, 2])
    def test_caller_keeps_its_priority(self, tmp_path: Path, pictures: int) -> None:
        paths = [make_picture(tmp_path / f"{n}.png") for n in range(pictures)]
        first, last = [*paths, None, None][:2]
        before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
        shoot(tmp_path / "clip", first_frame=first, last_frame=last)
        assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


class TestFullDisk:
    @pytest.fixture
    def small_disk(self, tmp_path: Path) -> Iterator[Path]:
        disk = tmp_path / "disk"
        disk.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(disk)]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("needs the right to mount a small disk")
        yield disk
        subprocess.run(["umount", "-l", str(disk)], check=True)

    @pytest.mark.parametrize("container", ["mp4", "webm"])
    def test_full_disk_is_an_error_and_leaves_nothing(
        self, small_disk: Path, container: str
    ) -> None:
        shot = make_shot(container=container, width=640, height=360, quality=99, prompt="neon city")
        with pytest.raises(OSError, match="space") as raised:
            render(shot, small_disk / "clip", report=go_on)
        assert raised.value.errno == errno.ENOSPC
        assert not list((small_disk / "clip").iterdir())

    @pytest.mark.parametrize(
        "name", ["video.mp4", "last.png", "poster.webp", "filmstrip.webp", "preview.mp4"]
    )
    def test_each_file_notices(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).symlink_to("/dev/full")
        with pytest.raises(OSError, match="space") as raised:
            shoot(tmp_path)
        assert raised.value.errno == errno.ENOSPC


class TestBadShots:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"width": 321}, "width"),
            ({"height": 20}, "height"),
            ({"seconds": 0}, "seconds"),
            ({"seconds": 11}, "seconds"),
            ({"quality": 100}, "quality"),
            ({"container": "avi"}, "container"),
            ({"camera": {"pan": 11}}, "pan"),
            ({"camera": {"pan": float("nan")}}, "pan"),
            ({"camera": {"spin": 1}}, "spin"),
            ({"last_frame": Path("b.png")}, "first_frame"),
        ],
    )
    def test_message_names_the_field(self, changes: dict[str, object], field: str) -> None:
        with pytest.raises(ValueError, match=field):
            make_shot(**changes)

    def test_good_shot_is_a_value(self) -> None:
        assert isinstance(make_shot(), Shot)
        assert make_shot() == make_shot()
