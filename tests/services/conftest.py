import pytest

from studio.providers import registry
from tests.engines import Paid, Painter
from tests.factories import make_lane, make_price


@pytest.fixture
def providers(monkeypatch, tmp_path, db):
    """A painter here and a paid remote, each with a price and two slots."""
    known = {"painter": Painter(tmp_path / "painter"), "paid": Paid(tmp_path / "paid")}
    monkeypatch.setattr(registry, "all_providers", lambda: known)
    for slug in known:
        make_lane(slug, slots=2)
        make_price(provider=slug, credits_per_second=10)
    return known


@pytest.fixture
def painter(providers):
    return providers["painter"]


@pytest.fixture
def paid(providers):
    return providers["paid"]
