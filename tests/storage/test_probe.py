from decimal import Decimal

import pytest

from studio.core.errors import StorageFailed
from studio.storage import probe
from tests.storage.videos import video


class TestVideo:
    @pytest.mark.parametrize("container", ["mp4", "mov", "webm"])
    def test_facts_are_those_of_the_file(self, tmp_path, container):
        facts = probe.video(video(tmp_path / f"a.{container}", frames=30, fps=24))
        assert (facts.width, facts.height, facts.frames) == (320, 180, 30)
        assert (facts.fps, facts.seconds) == (Decimal("24.000"), Decimal("1.250"))

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("text.mp4", b"no video at all"),
            ("empty.mp4", b""),
            ("list.mp4", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
            ("concat.mov", b"ffconcat version 1.0\nfile /etc/passwd\n"),
            ("noise.webm", bytes(range(256)) * 40),
            ("clip.avi", b"RIFF"),
        ],
    )
    def test_anything_else_is_told_in_our_words(self, tmp_path, name, data):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(StorageFailed, match=name.replace(".", r"\.")):
            probe.video(tmp_path / name)

    @pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
    def test_a_file_that_was_cut_off_is_no_take(self, tmp_path, share):
        path = video(tmp_path / "cut.mp4", frames=48, fps=24)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(StorageFailed):
            probe.video(path)
