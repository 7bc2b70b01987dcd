"""Archives of 16-bit frames: read without unpacking, and shown in false colors."""

import io
import struct
import subprocess
import sys
import tarfile
import tracemalloc
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from studio.storage import probe
from studio.storage.streams import DECODER, archive, decode_flow, png, view
from studio.storage.streams.archive import Unreadable
from tests.storage import tars

BALL = np.array([[[0.6, 0, -0.8], [0, 1, 0]], [[0, 0, -1], [-1, 0, 0]]])


def names(path):
    return [entry.name for entry in archive.entries(path)]


class TestEntries:
    def test_frames_are_in_natural_order(self, tmp_path):
        made = [(name, b"x") for name in ("f10.png", "f9.png", "f1.PNG", "f2.png")]
        path = tars.tar(tmp_path / "a.tar", made)
        assert names(path) == ["f1.PNG", "f2.png", "f9.png", "f10.png"]

    @pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
    def test_each_frame_is_read_from_its_place(self, tmp_path, form):
        long = f"{'a' * 90}/{'b' * 90}.png"
        path = tars.tar(tmp_path / "a.tar", [("1.png", b"one"), (long, b"two")], form=form)
        with path.open("rb") as file:
            assert [entry.read(file) for entry in archive.entries(path)] == [b"one", b"two"]

    def test_only_plain_files_that_end_in_png_are_frames(self, tmp_path):
        others = []
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE,
                     tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE):  # fmt: skip
            entry = tarfile.TarInfo(f"{kind.decode()}.png")
            entry.type, entry.linkname = kind, "/etc/passwd"
            others.append(entry)
        files = [
            ("manifest.json", b"{}"),
            ("._1.png", b"mac"),
            ("1.png.exe", b"x"),
            ("1.png", b"1"),
        ]
        assert names(tars.tar(tmp_path / "a.tar", [*files, *others])) == ["1.png"]

    def test_names_lead_nowhere(self, tmp_path):
        made = [("/etc/passwd.png", b"1"), ("../../up.png", b"2")]
        path = tars.tar(tmp_path / "a.tar", made)
        before = sorted(tmp_path.rglob("*"))
        assert len(archive.entries(path)) == 2
        assert sorted(tmp_path.rglob("*")) == before

    @pytest.mark.parametrize(
        ("words", "made"),
        [
            ("is no tar", b""),
            ("is no tar", b"no tar at all" * 100),
            ("is no tar", b"\x1f\x8b" + bytes(2000)),
            ("has no PNG frames", bytes(10240)),
        ],
    )
    def test_what_is_no_archive_is_told(self, tmp_path, words, made):
        (tmp_path / "a.tar").write_bytes(made)
        with pytest.raises(Unreadable, match=words):
            archive.entries(tmp_path / "a.tar")

    @pytest.mark.parametrize("left", [600, 1000, 5000, 9100, 11_000])
    def test_an_archive_that_was_cut_within_a_frame_is_damaged(self, tmp_path, left):
        path = tars.tar(tmp_path / "a.tar", [(f"{number}.png", b"x" * 4000) for number in range(3)])
        (tmp_path / "cut.tar").write_bytes(path.read_bytes()[:left])
        with pytest.raises(Unreadable):
            archive.entries(tmp_path / "cut.tar")

    def test_too_many_files(self, tmp_path, monkeypatch):
        monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
        path = tars.tar(tmp_path / "a.tar", [(f"{number}.txt", b"") for number in range(9)])
        with pytest.raises(Unreadable, match="more than 3 files"):
            archive.entries(path)

    @pytest.mark.parametrize(
        "made", [("1.png", b""), ("1.png", b"x" * 99), ("n" * 400 + ".png", b"x")]
    )
    def test_a_frame_that_is_empty_or_too_large(self, tmp_path, monkeypatch, made):
        monkeypatch.setattr(archive, "MOST_FRAME_BYTES", 50)
        path = tars.tar(tmp_path / "a.tar", [made], form=tarfile.PAX_FORMAT)
        with pytest.raises(Unreadable, match="empty, too large"):
            archive.entries(path)


def header(name=b"1.png", *, size=b"0" * 11, kind=b"0"):
    """A tar header with a sum that is right, whatever else is wrong."""
    block = bytearray(512)
    block[0 : len(name)] = name
    block[100:108] = b"0000644\0"
    block[124 : 124 + len(size)] = size
    block[148:156] = b" " * 8
    block[156:157] = kind
    block[257:265] = b"ustar\x0000"
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


NEGATIVE = b"\xff" * 11 + b"\x00"  # base 256, −256: the way back
LARGE = b"77777777777"
TRAPS = {
    "a name of 8 GB": header(b"././@LongLink", size=LARGE, kind=b"L"),
    "8 GB of extra headers": header(size=LARGE, kind=b"x"),
    "a size that leads back": header(size=NEGATIVE),
    "a name whose size leads back": header(size=NEGATIVE, kind=b"L"),
    "extra headers whose size leads back": header(size=NEGATIVE, kind=b"x"),
    "a size of 2 to the 87": header(size=b"\x80" + b"\xff" * 11),
    "extra headers without end": header(size=b"%011o" % 0, kind=b"x") * 3000,
}


class TestTraps:
    """Each ends at once, in little memory, with a sentence."""

    @pytest.mark.parametrize("trap", TRAPS)
    @pytest.mark.parametrize("after", [b"", header(size=b"%011o" % 1) + b"x".ljust(512, b"\0")])
    def test_ends_with_a_sentence(self, tmp_path, trap, after):
        path = tmp_path / "trap.tar"
        path.write_bytes(after + TRAPS[trap] + bytes(1 << 20))
        tracemalloc.start()
        try:
            with pytest.raises(Unreadable):
                archive.entries(path)
            assert tracemalloc.get_traced_memory()[1] < 20_000_000
        finally:
            tracemalloc.stop()


class TestFrame:
    @pytest.mark.parametrize("number", range(5))
    def test_values_and_text_come_back(self, number):
        values = np.random.default_rng(number).integers(0, 65536, (9, 7, 3)).astype(np.uint16)
        frame = png.read(tars.png(values, text={"flow_scale": "16"}, number=number))
        assert (frame.values == values).all()
        assert (frame.text, frame.size) == ({"flow_scale": "16"}, (7, 9))

    def test_alpha_is_left_out(self):
        values = np.random.default_rng(1).integers(1, 65536, (4, 5, 4)).astype(np.uint16)
        assert (png.read(tars.png(values)).values == values[..., :3]).all()

    @pytest.mark.parametrize(
        ("words", "data"),
        [
            ("is no PNG", b"GIF89a"),
            ("is no PNG", b""),
            ("of 8 bits", cv2.imencode(".png", np.zeros((4, 4), np.uint8))[1].tobytes()),
            ("can not be read", tars.depth(tars.ramp())[:60]),
            ("can not be read", tars.depth(tars.ramp()).replace(b"IDAT", b"IDAX")),
        ],
    )
    def test_what_is_none_is_told(self, words, data):
        with pytest.raises(Unreadable, match=words):
            png.read(data)

    @pytest.mark.parametrize("size", [(100_000, 100_000), (2**31 - 1, 2**31 - 1), (0, 0)])
    def test_a_bomb_is_refused_before_it_unfolds(self, size):
        data = bytearray(tars.depth(tars.ramp()))
        data[16:24] = struct.pack(">II", *size)
        with pytest.raises(Unreadable, match="has a frame of"):
            png.read(bytes(data))


def made(tmp_path, path, name, rate=Fraction(24)):
    target = tmp_path / "view.mp4"
    facts = view.make(path, target, name=name, rate=lambda _: rate, beat=lambda: None)
    return facts, target


def pixels(path, number=0):
    with av.open(str(path)) as box:
        return [frame.to_ndarray(format="rgb24") for frame in box.decode(video=0)][number].astype(
            int
        )


class TestMake:
    def test_depth_is_brighter_the_nearer_it_is(self, tmp_path):
        facts, target = made(tmp_path, tars.depth_tar(tmp_path / "a.tar"), "depth")
        first = pixels(target)[24]
        assert first[4].sum() > first[30].sum() > first[60].sum() > 60
        assert facts.pop("near_m") == pytest.approx(0.53, abs=0.05)
        assert facts.pop("far_m") == pytest.approx(3.9, abs=0.1)
        assert facts == {
            "frames": 6, "fps": 24, "width": 64, "height": 48,
            "encoding": "16-bit gray; meters = value × 0.001 (assumed); 0 is nothing",
        }  # fmt: skip

    def test_the_same_depth_has_the_same_color_in_every_frame(self, tmp_path):
        flat, near = np.full((48, 64), 3.0), np.full((48, 64), 1.0)
        frames = [near, np.where(np.arange(64) < 32, flat, near), flat]
        tar = tars.tar(
            tmp_path / "a.tar", [(f"{n}.png", tars.depth(one)) for n, one in enumerate(frames)]
        )
        _, target = made(tmp_path, tar, "depth")
        assert np.abs(pixels(target, 1)[24, 8] - pixels(target, 2)[24, 8]).max() < 8
        assert np.abs(pixels(target, 1)[24, 56] - pixels(target, 0)[24, 56]).max() < 8

    def test_what_is_nothing_is_black(self, tmp_path):
        meters = tars.ramp()
        meters[:, :32] = 0
        path = tars.tar(tmp_path / "a.tar", [("1.png", tars.depth(meters))])
        _, target = made(tmp_path, path, "depth")
        assert pixels(target)[24, 8].max() < 12

    def test_a_frame_that_states_its_scale_is_believed(self, tmp_path):
        path = tars.tar(tmp_path / "a.tar", [("1.png", tars.depth(tars.ramp(10, 400), 0.01))])
        facts, _ = made(tmp_path, path, "depth")
        assert facts["far_m"] == pytest.approx(396, abs=16)
        assert facts["encoding"] == "16-bit gray; meters = value × 0.01; 0 is nothing"

    @pytest.mark.parametrize("scale", ["", "nan", "-1", "0", "inf", "1e99", "much"])
    def test_a_scale_that_is_none_is_not_believed(self, tmp_path, scale):
        values = np.full((48, 64), 2000, np.uint16)
        frame = tars.png(values, text={"depth_scale_m": scale})
        facts, _ = made(tmp_path, tars.tar(tmp_path / "a.tar", [("1.png", frame)]), "depth")
        assert facts["near_m"] == facts["far_m"] == 2

    def test_normals_are_x_y_z_as_red_green_blue(self, tmp_path):
        facts, target = made(tmp_path, tars.normals_tar(tmp_path / "a.tar"), "normals")
        left, right = pixels(target)[24, 2], pixels(target)[24, 61]
        assert (left[0], right[0]) == (pytest.approx(20, abs=16), pytest.approx(235, abs=16))
        assert left[1] == pytest.approx(128, abs=16)
        assert "÷ 32767.5 − 1" in facts["encoding"]

    def test_flow_has_a_hue_for_each_direction_and_gray_for_rest(self, tmp_path):
        moved = np.zeros((48, 64, 2))
        moved[:, 16:32, 0], moved[:, 32:48, 0], moved[:, 48:, 1] = 8, -8, 8
        valid = np.ones((48, 64), bool)
        valid[40:] = False
        path = tars.tar(tmp_path / "a.tar", [("1.png", tars.flow(moved, valid=valid, scale=16))])
        facts, target = made(tmp_path, path, "optical_flow")
        rest, right, left, down = (pixels(target)[20, place] for place in (8, 24, 40, 56))
        assert np.ptp(rest) < 8
        assert rest.mean() == pytest.approx(56, abs=8)
        assert right.argmax() == 0
        assert left.argmin() == 0
        assert down.argmax() == 1
        assert pixels(target)[46].max() < 24
        assert facts["fastest_px"] == 8
        assert "÷ 16;" in facts["encoding"]

    def test_a_small_thing_that_moves_has_its_full_color(self, tmp_path):
        moved = np.zeros((480, 640, 2))
        moved[100:116, 200:216, 0] = 3
        facts, _ = made(
            tmp_path, tars.tar(tmp_path / "a.tar", [("1.png", tars.flow(moved))]), "optical_flow"
        )
        assert facts["fastest_px"] == 3

    def test_frames_and_rate_are_those_of_the_stream(self, tmp_path):
        path = tars.depth_tar(tmp_path / "a.tar", frames=9, size=(65, 49))
        facts, target = made(tmp_path, path, "depth", Fraction(30000, 1001))
        video = probe.video(target)
        assert (video.frames, video.width, video.height) == (9, 66, 50)
        assert float(video.fps) == pytest.approx(29.97, abs=0.01)
        assert (facts["width"], facts["height"]) == (65, 49)

    def test_a_still_world_has_a_view_too(self, tmp_path):
        still = tars.tar(tmp_path / "a.tar", [("1.png", tars.flow(np.zeros((48, 64, 2))))])
        empty = tars.tar(tmp_path / "b.tar", [("1.png", tars.depth(np.zeros((48, 64))))])
        assert made(tmp_path, still, "optical_flow")[0]["fastest_px"] == 0.01
        assert made(tmp_path, empty, "depth")[0]["far_m"] == 0

    @pytest.mark.parametrize(
        ("words", "name", "frames"),
        [
            ("different sizes", "depth", [tars.depth(tars.ramp()), tars.depth(tars.ramp(size=(64, 64)))]),
            ("frames in color", "depth", [tars.normals(BALL)]),
            ("frames in gray", "normals", [tars.depth(tars.ramp())]),
            ("is no PNG", "depth", [b"text"]),
        ],
    )  # fmt: skip
    def test_what_can_not_be_shown_is_told(self, tmp_path, words, name, frames):
        members = [(f"{number}.png", data) for number, data in enumerate(frames)]
        with pytest.raises(Unreadable, match=words):
            made(tmp_path, tars.tar(tmp_path / "a.tar", members), name)

    def test_a_frame_in_the_middle_that_is_damaged_is_told(self, tmp_path):
        good = tars.depth(tars.ramp())
        members = [(f"{number}.png", good) for number in range(40)]
        members[33] = ("33.png", good[:200])
        with pytest.raises(Unreadable, match="can not be read"):
            made(tmp_path, tars.tar(tmp_path / "a.tar", members), "depth")

    def test_it_beats_after_every_frame_and_can_be_stopped(self, tmp_path):
        path, beats = tars.depth_tar(tmp_path / "a.tar", frames=5), []

        def beat():
            beats.append(1)
            if len(beats) == 3:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            view.make(
                path, tmp_path / "v.mp4", name="depth", rate=lambda _: Fraction(24), beat=beat
            )

    def test_a_full_disk_says_so(self, tmp_path, tiny_disk):
        noise = np.random.default_rng(1)
        frames = [(f"{n}.png", tars.png(noise.integers(0, 65536, (400, 600)).astype(np.uint16)))
                  for n in range(20)]  # fmt: skip
        path = tars.tar(tmp_path / "a.tar", frames)
        with pytest.raises(OSError, match="No space"):
            view.make(
                path,
                tiny_disk / "v.mp4",
                name="depth",
                rate=lambda _: Fraction(24),
                beat=lambda: None,
            )

    def test_memory_does_not_grow_with_the_number_of_frames(self, tmp_path):
        width, height = 320, 240

        def peak(frames):
            path = tars.depth_tar(tmp_path / "a.tar", frames=frames, size=(width, height))
            tracemalloc.start()
            made(tmp_path, path, "depth")
            _, top = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return top

        peak(5)
        hundred = 100 * width * height * 2  # bytes of depth; a few are garbage for a while
        assert peak(120) - peak(20) < hundred / 4


class TestDecodeFlow:
    """The file that people download: numpy alone, and the numbers that were measured."""

    @pytest.mark.parametrize("scale", [None, 0.01])
    def test_depth_in_meters(self, tmp_path, scale):
        meters = tars.ramp()
        meters[0, 0] = 0
        path = tars.tar(tmp_path / "depth.tar", [("1.png", tars.depth(meters, scale))])
        ((name, found),) = decode_flow.frames("depth", str(path))
        assert name == "1.png"
        assert np.isnan(found[0, 0])
        assert np.nanmax(np.abs(found - meters)) <= (scale or 0.001) / 2 + 1e-6

    def test_normals_one_long(self):
        found = decode_flow.normals(tars.normals(BALL))
        assert np.abs(found - BALL).max() < 1e-4

    @pytest.mark.parametrize("scale", [None, 16])
    def test_flow_in_pixels(self, scale):
        moved = np.random.default_rng(2).uniform(-200, 200, (5, 6, 2))
        valid = np.ones((5, 6), bool)
        valid[1, 2] = False
        found = decode_flow.optical_flow(tars.flow(moved, valid=valid, scale=scale))
        assert np.isnan(found[1, 2]).all()
        assert np.nanmax(np.abs(found - moved)) <= 0.5 / (scale or 64) + 1e-5

    @pytest.mark.parametrize("number", range(5))
    @pytest.mark.parametrize("shape", [(6, 5), (6, 5, 3), (6, 5, 4)])
    def test_reads_every_way_of_writing_a_line(self, number, shape):
        values = np.random.default_rng(3).integers(0, 65536, shape).astype(np.uint16)
        found, text = decode_flow.read_png(tars.png(values, number=number, text={"a": "b"}))
        assert (found == values).all()
        assert text == {"a": "b"}

    def test_reads_what_opencv_writes(self):
        values = np.random.default_rng(3).integers(0, 65536, (40, 50, 3)).astype(np.uint16)
        data = cv2.imencode(".png", values[..., ::-1])[1].tobytes()
        assert (decode_flow.read_png(data)[0] == values).all()

    @pytest.mark.parametrize(
        "data", [b"text", cv2.imencode(".png", np.zeros((2, 2), np.uint8))[1].tobytes()]
    )
    def test_anything_else_is_an_error(self, data):
        with pytest.raises(ValueError, match="PNG"):
            decode_flow.read_png(data)

    def test_sees_what_the_view_sees(self, tmp_path):
        path = tars.depth_tar(tmp_path / "depth.tar")
        facts, _ = made(tmp_path, path, "depth")
        found = [values for _, values in decode_flow.frames("depth", str(path))]
        assert facts["near_m"] == pytest.approx(np.nanpercentile(found, 1), abs=0.05)
        assert facts["far_m"] == pytest.approx(np.nanpercentile(found, 99), abs=0.15)

    def test_works_as_a_program_of_its_own(self, tmp_path):
        path = tars.depth_tar(tmp_path / "depth.tar", frames=2)
        copy = tmp_path / "decode_flow.py"
        copy.write_bytes(DECODER.read_bytes())
        told = subprocess.run(
            [sys.executable, "-I", copy, "depth", path, tmp_path / "out"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert told.stdout.splitlines()[0] == "0.png  (48, 64)  1.0000 to 4.0000"
        assert np.load(tmp_path / "out" / "000001.npy").shape == (48, 64)
        wrong = subprocess.run([sys.executable, "-I", copy], capture_output=True, text=True)
        assert wrong.returncode == 1
        assert "Meters = value x depth_scale_m" in wrong.stderr

    def test_needs_numpy_and_nothing_else(self):
        lines = DECODER.read_text().splitlines()
        wanted = {
            line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))
        }
        assert wanted - set(sys.stdlib_module_names) == {"numpy"}


def test_an_archive_in_memory_is_not_needed(tmp_path):
    """A member is found by its place, so that archives of gigabytes cost no more than one frame."""
    path = tars.tar(tmp_path / "a.tar", [("1.png", b"x" * 100), ("2.png", b"y" * 100)])
    first, second = archive.entries(path)
    assert second.read(io.BytesIO(path.read_bytes())) == b"y" * 100
    assert first.offset == 512
