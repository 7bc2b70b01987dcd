"""What tests of pages share."""

from collections import Counter

import pytest

from studio.providers.registry import all_providers
from studio.views import cards, lane_of_downloads, lanes, marks
from tests.engines import make_providers
from tests.factories import make_lane, make_price


@pytest.fixture(autouse=True)
def _nothing_of_other_tests(monkeypatch):
    """Each test counts its rows anew, so a card or page of another one would look like its own; and
    an archive that one began and never read to its end would take the place of another.
    """
    monkeypatch.setattr(cards, "_rendered", {})
    monkeypatch.setattr(marks, "_kept", {})
    monkeypatch.setattr(lanes, "_ever_paused", set())
    monkeypatch.setattr(lane_of_downloads, "_of_member", Counter())


@pytest.fixture
def paid(monkeypatch, tmp_path, db):
    """A paid remote and a painter beside the real providers, which every page has imported."""
    known = make_providers(tmp_path)
    for slug in ("painter", "paid"):
        monkeypatch.setitem(all_providers(), slug, known[slug])
        make_lane(slug, slots=2)
        make_price(provider=slug, credits_per_second=10)
    return known["paid"]
