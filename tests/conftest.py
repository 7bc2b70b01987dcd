"""What every test shares: a database, a data folder of its own, and no network."""

import pytest


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Each test has its own media and scratch folders."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SCRATCH = tmp_path / "scratch"
    settings.SCRATCH.mkdir()
