"""What every test shares: a database, a data folder of its own, and no network."""

import subprocess

import pytest


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Each test has its own media and scratch folders."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SCRATCH = tmp_path / "scratch"
    settings.SCRATCH.mkdir()


@pytest.fixture
def tiny_disk(tmp_path):
    """A real file system of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a file system")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)
