"""shoot in this process, against a provider on loopback."""

import json

import pytest

from studio.management.commands.shoot import Command as Shoot
from studio.pipeline import pace
from studio.providers import registry
from studio.services import setup
from tests.documents.runs import FIRST, LAST, MOTION, PROMPT, PUBLIC
from tests.factories import make_price
from tests.storage.models import OBJ, fbx, glb
from tests.storage.pictures import png

pytest.register_assert_rewrite("tests.documents.shots")


@pytest.fixture
def admin(db):
    return setup.prepare()


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """What stands for files in the flags of runs, and the files."""
    folder = tmp_path_factory.mktemp("files")
    contents = {
        "FIRST": ("first.png", png(FIRST)), "LAST": ("last.png", png(LAST)),
        "SMALL": ("small.png", png((320, 180))), "LARGE": ("large.png", png((2400, 1200))),
        "SCENE": ("cell.glb", glb()), "OBJ": ("cell.obj", OBJ),
        "FBX": ("cell.fbx", fbx()),
        "MOTION": ("curves.json", json.dumps(MOTION).encode()),
        "LATE": ("late.json", b'{"joints": [{"name": "elbow", "angles": [[0, 1], [2, 1]]}]}'),
    }  # fmt: skip
    for name, content in contents.values():
        (folder / name).write_bytes(content)
    return {name: str(folder / file) for name, (file, _) in contents.items()}


@pytest.fixture
def order(admin, capsys, settings, monkeypatch, files):
    """Order from that server, at seven credits a second; exit code, answer, and what a person reads.

    It runs here, on the test's own database, and asks without waiting.
    """
    settings.ALLOW_PRIVATE = ["127.0.0.0/8"]
    monkeypatch.setattr(pace, "after", lambda _age: 0.01)

    def run(server, *flags, prompt=PROMPT, key=None, public=True):
        settings.PUBLIC_URL = PUBLIC if public else ""
        registry.all_providers.cache_clear()
        slug = server.slug
        make_price(provider=slug, credits_per_second=7)
        account = {"key": key or server.key, "base_url": server.url, "slots": 1, "enabled": True}
        settings.PROVIDERS = {**settings.PROVIDERS, slug: account}
        said = [files.get(flag, flag) for flag in flags]
        capsys.readouterr()
        code = ended(["manage.py", "shoot", prompt, "--provider", slug, *said, "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out), err

    yield run
    registry.all_providers.cache_clear()


def ended(argv):
    """The exit code of shoot."""
    try:
        Shoot().run_from_argv(argv)
    except SystemExit as end:
        return end.code
    return 0
