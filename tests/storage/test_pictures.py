"""Frames cut out of videos against ffmpeg's own decoding, and pictures fitted to a ratio."""

import subprocess

import numpy as np
import pytest
from PIL import Image, ImageCms

from studio.core.errors import InvalidPicture, StorageFailed
from studio.core.fitting import Fit
from studio.storage import pictures as made
from tests.storage import pictures

SIZE = (320, 180)
MOVING = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=24:d=3"]
UNEVEN = ["-vf", "select='not(mod(n\\,3))+lt(n\\,20)'", "-fps_mode", "vfr"]
H264 = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]
VP9 = ["-c:v", "libvpx-vp9", "-b:v", "400k", "-deadline", "realtime", "-cpu-used", "8"]
# What is special → how it is made and how many frames it has.
FILMS = {
    "b-frames.mp4": ([*H264, "-bf", "3", "-g", "250"], 72),
    "every-frame-a-key.mov": ([*H264, "-g", "1"], 72),
    "vp9.webm": ([*VP9, "-auto-alt-ref", "1", "-lag-in-frames", "12"], 72),
    "uneven.mp4": ([*UNEVEN, *H264, "-bf", "2"], 37),
}


@pytest.fixture(scope="module", params=FILMS)
def film(request, tmp_path_factory):
    """A video and all of its frames as ffmpeg sees them."""
    options, frames = FILMS[request.param]
    path = tmp_path_factory.mktemp("films") / request.param
    subprocess.run([*MOVING, *options, str(path)], check=True)
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(path), "-fps_mode", "passthrough",
         "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True, check=True,
    ).stdout  # fmt: skip
    decoded = np.frombuffer(raw, np.uint8).reshape(-1, SIZE[1], SIZE[0], 3).astype(int)
    assert len(decoded) == frames
    return path, decoded


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


class TestCut:
    @pytest.mark.parametrize("place", ["first", "second", "middle", "after", "last"])
    def test_it_is_that_frame_and_no_other(self, film, tmp_path, place):
        path, decoded = film
        last = len(decoded) - 1
        middle = last // 2
        number = {"first": 0, "second": 1, "middle": middle, "after": middle + 1, "last": last}[
            place
        ]
        assert made.cut(path, number, tmp_path / "frame.png") == SIZE
        seen = pixels(tmp_path / "frame.png")
        off = np.abs(decoded - seen).mean(axis=(1, 2, 3))
        assert off.argmin() == number
        assert off[number] < 0.01
        assert np.delete(off, number).min() > 1

    def test_beyond_the_end_says_which_there_are(self, film, tmp_path):
        path, decoded = film
        with pytest.raises(InvalidPicture) as refused:
            made.cut(path, len(decoded), tmp_path / "frame.png")
        assert refused.value.message == (
            f"Frame must be from 0 to {len(decoded) - 1}; "
            f"{len(decoded)} is beyond the end of this take."
        )
        assert not (tmp_path / "frame.png").exists()

    def test_what_is_no_video_is_told(self, tmp_path):
        path = tmp_path / "a.mp4"
        path.write_bytes(b"no video")
        with pytest.raises(StorageFailed):
            made.cut(path, 0, tmp_path / "frame.png")


class TestTimes:
    def test_only_an_uneven_film_has_them(self, film):
        path, decoded = film
        times = made.uneven_times(path)
        if "uneven" not in path.name:
            assert times == []
            return
        assert len(times) == len(decoded)
        assert times[:3] == [0, pytest.approx(1 / 24, abs=1e-3), pytest.approx(2 / 24, abs=1e-3)]
        assert times[-1] - times[-2] == pytest.approx(3 / 24, abs=1e-3)


def fitted(data, folder, **fields):
    source = folder / "source"
    source.write_bytes(data)
    return made.fit(source, Fit(**fields), folder)


class TestFit:
    def test_a_crop_keeps_the_very_pixels(self, tmp_path):
        found = fitted(pictures.png((400, 300)), tmp_path, ratio="16:9", y=0)
        assert (found.size, found.suffix) == ((400, 225), ".png")
        whole = np.asarray(pictures.photo((400, 300))).astype(int)
        assert np.array_equal(pixels(found.path), whole[:225])

    @pytest.mark.parametrize(("name", "build", "size"), pictures.TAKEN)
    @pytest.mark.parametrize("mode", ["crop", "pad"])
    def test_whatever_may_be_uploaded_can_be_fitted(self, tmp_path, name, build, size, mode):
        if min(size) == 64 and mode == "crop":
            pytest.skip("too small to lose anything")
        fit = Fit(ratio="1:1", mode=mode)
        found = fitted(build(), tmp_path, ratio="1:1", mode=mode)
        with Image.open(found.path) as image:
            assert image.mode == "RGB"
            assert image.size == found.size
            assert image.getexif().get(0x0112, 1) == 1
        left, top, right, bottom = fit.box(size)
        assert found.size == ((right - left, bottom - top) if mode == "crop" else fit.sheet(size))

    def test_the_format_stays(self, tmp_path):
        for build, suffix in ((pictures.jpeg, ".jpg"), (pictures.webp, ".webp"),
                              (pictures.png, ".png"), (pictures.two_in_one, ".jpg")):  # fmt: skip
            assert fitted(build(), tmp_path, ratio="1:1").suffix == suffix

    def test_sixteen_bits_keep_their_light(self, tmp_path):
        found = fitted(pictures.deep_png(), tmp_path, ratio="1:1", x=0)
        deep = np.arange(320 * 180).reshape(180, 320)[:, :180]
        assert np.abs(pixels(found.path)[..., 0] - deep / 257).max() <= 1

    def test_ink_becomes_light(self, tmp_path):
        found = fitted(pictures.jpeg(mode="CMYK"), tmp_path, ratio="1:1", x=0)
        plain = np.asarray(pictures.photo()).astype(int)[:, :180]
        assert np.abs(pixels(found.path) - plain).mean() < 12

    def test_a_profile_is_followed(self, tmp_path):
        """The same numbers mean more saturated colors in a wider space."""
        gray = ImageCms.createProfile("LAB")
        nonsense = pictures.png(icc_profile=b"not a profile")
        assert fitted(nonsense, tmp_path, ratio="1:1").size == (180, 180)
        wrong = pictures.png(icc_profile=ImageCms.ImageCmsProfile(gray).tobytes())
        assert fitted(wrong, tmp_path, ratio="1:1").size == (180, 180)
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        found = fitted(pictures.png(icc_profile=srgb), tmp_path, ratio="1:1", x=0)
        plain = np.asarray(pictures.photo()).astype(int)[:, :180]
        assert np.abs(pixels(found.path) - plain).max() <= 1

    def test_a_sideways_picture_is_cropped_as_it_is_seen(self, tmp_path):
        found = fitted(pictures.turned(6), tmp_path, ratio="1:1", y=0)
        turned = np.asarray(pictures.photo().rotate(-90, expand=True)).astype(int)[:180]
        assert np.abs(pixels(found.path) - turned).mean() < 12

    def test_black_bars(self, tmp_path):
        found = fitted(pictures.png(), tmp_path, ratio="1:1", mode="pad", y=100)
        seen = pixels(found.path)
        assert found.size == (320, 320)
        assert seen[:140].max() == 0
        assert np.array_equal(seen[140:], np.asarray(pictures.photo()).astype(int))

    def test_bars_in_the_color_of_the_edge(self, tmp_path):
        found = fitted(pictures.png(), tmp_path, ratio="1:1", mode="pad", bars="edge")
        seen, plain = pixels(found.path), np.asarray(pictures.photo()).astype(int)
        for bar, edge in ((seen[:70], plain[0]), (seen[-70:], plain[-1])):
            assert np.abs(bar - edge.mean(axis=0)).max() <= 1
        sideways = fitted(pictures.png(), tmp_path, ratio="4:1", mode="pad", bars="edge")
        assert np.abs(pixels(sideways.path)[:, 0] - plain[:, 0].mean(axis=0)).max() <= 1

    def test_blurred_bars_look_like_the_picture(self, tmp_path):
        found = fitted(pictures.png(), tmp_path, ratio="1:1", mode="pad", bars="blur")
        seen, plain = pixels(found.path), np.asarray(pictures.photo()).astype(int)
        assert np.array_equal(seen[70:250], plain)
        assert abs(seen[:70].mean() - plain[:90].mean()) < 25
        assert np.abs(np.diff(seen[:60, :, 0], axis=1)).max() <= 4

    def test_no_sheet_has_more_pixels_than_an_upload(self, tmp_path, settings):
        settings.UPLOAD_MAX_PIXELS = 100_000
        found = fitted(pictures.png((400, 200)), tmp_path, ratio="9:16", mode="pad")
        assert found.size[0] * found.size[1] <= 100_500
        assert found.size[0] > 200

    def test_too_little_left_is_told(self, tmp_path):
        with pytest.raises(InvalidPicture, match="Zoom may be at most"):
            fitted(pictures.png(), tmp_path, ratio="1:1", zoom=400)
