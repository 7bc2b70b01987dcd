from datetime import timedelta

import pytest

from studio.pipeline import pace


@pytest.fixture(autouse=True)
def _asked_at_once(monkeypatch):
    """A job that was just sent is asked about without waiting."""
    monkeypatch.setattr(pace, "first", timedelta)
