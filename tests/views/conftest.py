"""What tests of pages share."""

import pytest

from studio.views import cards, marks


@pytest.fixture(autouse=True)
def _nothing_of_other_tests(monkeypatch):
    """Each test counts its rows anew, so a card or page of another one would look like its own."""
    monkeypatch.setattr(cards, "_rendered", {})
    monkeypatch.setattr(marks, "_kept", {})
