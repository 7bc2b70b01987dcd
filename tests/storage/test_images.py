import json
import os
import subprocess
import sys

import pytest
from PIL import Image

from studio.core.errors import InvalidUpload
from studio.storage import images
from tests.storage import pictures


@pytest.fixture
def written(tmp_path):
    def write(data, name="picture"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


class TestCheck:
    @pytest.mark.parametrize(("name", "build", "size"), pictures.TAKEN)
    def test_a_picture_is_taken_for_what_it_is(self, written, name, build, size):
        picture = images.check(written(build()), field="First frame", name=name)
        assert (picture.width, picture.height) == size
        assert picture.content_type in {"image/png", "image/jpeg", "image/webp"}

    @pytest.mark.parametrize(("name", "build", "words"), pictures.REFUSED)
    def test_anything_else_is_refused_with_one_sentence(self, written, name, build, words):
        with pytest.raises(InvalidUpload) as refusal:
            images.check(written(build()), field="Last frame", name=name)
        sentence = refusal.value.message
        assert words in sentence
        assert sentence.startswith("Last frame ")
        assert sentence.endswith(".")
        assert "\n" not in sentence

    def test_a_moved_limit_is_named(self, written, settings):
        settings.UPLOAD_MAX_BYTES = 3 << 20
        with pytest.raises(InvalidUpload, match=r"at most 3 MB; “a.png” has 4\.0 MB"):
            images.check(written(b"x" * (4 << 20)), field="First frame", name="a.png")

    def test_what_the_disk_says_is_not_blamed_on_the_picture(self, tmp_path):
        with pytest.raises(FileNotFoundError):
            images.check(tmp_path / "gone.png", field="First frame", name="gone.png")

    def test_the_worst_files_take_little_memory(self, tmp_path):
        """Each in a process of its own: how far its memory rises above that of a small picture."""
        worst = {"bomb.png", "claims-more.png", "claims.jpg", "claims.webp", "text-bomb.png",
                 "scans.jpg", "heavy.png", "large.png"}  # fmt: skip
        script = (
            "import json, resource, sys; from pathlib import Path\n"
            "import django; django.setup()\n"
            "from studio.core.errors import InvalidUpload; from studio.storage import images\n"
            "rss = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
            "look = lambda path: images.check(Path(path), field='First frame', name='a')\n"
            "look(sys.argv[1]); before = rss(); seen = {}\n"
            "for path in sys.argv[2:]:\n"
            "    try: look(path); seen[path] = 'taken'\n"
            "    except InvalidUpload: seen[path] = 'refused'\n"
            "print(json.dumps([rss() - before, seen]))"
        )
        paths = [tmp_path / "photo.jpg"]
        paths[0].write_bytes(pictures.jpeg())
        for name, build, _ in pictures.REFUSED:
            if name in worst:
                paths.append(tmp_path / name)
                paths[-1].write_bytes(build())
        ran = subprocess.run(
            [sys.executable, "-c", script, *map(str, paths)],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
            capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        kilobytes, seen = json.loads(ran.stdout)
        assert set(seen.values()) == {"refused"}
        assert len(seen) == len(worst)
        assert kilobytes < 200 * 1024


class TestShown:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\photos\\door.png", "door.png"),
            ("evil\u202egnp.exe", "evilgnp.exe"),
            ("two\nlines.png", "twolines.png"),
            ("{name}.png", "{name}.png"),
            ("x" * 100 + ".png", "x" * 60 + "…" + "x" * 15 + ".png"),
        ],
    )
    def test_a_name_is_fit_for_a_sentence(self, name, shown):
        assert images.shown(name) == shown


class TestThumbnail:
    @pytest.mark.parametrize(("name", "build", "size"), pictures.TAKEN)
    def test_every_picture_that_is_taken_gets_one_that_is_upright(
        self, written, tmp_path, name, build, size
    ):
        images.thumbnail(written(build()), tmp_path / "small.webp")
        with Image.open(tmp_path / "small.webp") as small:
            assert small.format == "WEBP"
            assert small.size == size

    def test_a_large_one_is_made_small(self, written, tmp_path):
        images.thumbnail(written(pictures.jpeg((2000, 1000))), tmp_path / "small.webp")
        with Image.open(tmp_path / "small.webp") as small:
            assert small.size == (640, 320)
