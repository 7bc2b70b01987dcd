"""What tests of pages share."""

import pytest

from studio.views import cards


@pytest.fixture(autouse=True)
def _no_cards_of_other_tests(monkeypatch):
    """Each test counts its rows anew, so a card of another one would look like its own."""
    monkeypatch.setattr(cards, "_rendered", {})
