import pytest
from PIL import Image

from studio.core.errors import StorageFull
from studio.storage import probe, stills
from tests.storage.videos import video


def size_of(path):
    with Image.open(path) as image:
        return image.size


class TestCompleted:
    @pytest.mark.parametrize("container", ["mp4", "mov", "webm"])
    @pytest.mark.parametrize(("frames", "fps"), [(61, 30), (24, 24), (4, 8), (1, 24)])
    def test_what_is_missing_is_made_from_the_video(self, tmp_path, container, frames, fps):
        path = video(tmp_path / f"a.{container}", frames=frames, fps=fps)
        with stills.completed({"video": path}) as files:
            assert files["video"] == path
            sizes = {part: size_of(files[part]) for part in ("poster", "last_frame", "strip")}
            preview = probe.video(files["preview"])
        assert sizes == {"poster": (320, 180), "last_frame": (320, 180), "strip": (11 * 160, 90)}
        assert (preview.width, preview.height) == (320, 180)
        assert float(preview.seconds) == pytest.approx(frames / fps, abs=0.13)
        assert not files["poster"].exists()

    def test_the_last_frame_is_the_last(self, tmp_path):
        path = video(tmp_path / "a.mp4", frames=25, fps=24)
        with stills.completed({"video": path}) as files, Image.open(files["last_frame"]) as last:
            assert last.getpixel((160, 90))[0] == pytest.approx(24 * 8, abs=12)

    def test_what_a_provider_made_is_kept(self, tmp_path):
        path, mine = video(tmp_path / "a.mp4", frames=5, fps=24), tmp_path / "mine.webp"
        mine.write_bytes(b"as it is")
        with stills.completed({"video": path, "poster": mine}) as files:
            assert files["poster"].read_bytes() == b"as it is"
            assert set(files) == {"video", "poster", "preview", "last_frame", "strip"}

    def test_a_full_disk_says_so(self, tmp_path, settings, tiny_disk):
        path = video(tmp_path / "a.mp4", frames=5, fps=24)
        settings.SCRATCH = tiny_disk  # a megabyte
        (tiny_disk / "ballast").write_bytes(b"x" * (1024 * 1024 - 4096))
        with pytest.raises(StorageFull), stills.completed({"video": path}):
            pass
        assert [left.name for left in tiny_disk.iterdir()] == ["ballast"]
