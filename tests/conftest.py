"""What every test shares: a database, a data folder of its own, and no network."""

import subprocess

import pytest

from studio.models import accounts
from studio.providers import registry
from tests import postgres
from tests.engines import make_providers
from tests.factories import make_lane, make_price
from tests.houses import House, empty, migrate
from tests.sellers import Lab, Locked
from tests.streaming import data_folder, migrated_file, ready_folder, server  # noqa: F401  (fixtures)


def pytest_addoption(parser):
    parser.addoption(
        "--fault-runs", type=int, default=100,
        help="How often workers are killed beside a provider that misbehaves, in all.",
    )  # fmt: skip
    parser.addoption("--fault-first", type=int, default=0, help="The first seed of those runs.")
    parser.addoption(
        "--sequences", type=int, default=30,
        help="Over how many sequences the invariants of the ledger are looked at.",
    )  # fmt: skip
    parser.addoption(
        "--races", type=int, default=1, help="How often orders race for each kind of limit.",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Each test has its own media and scratch folders."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SCRATCH = tmp_path / "scratch"
    settings.SCRATCH.mkdir()


@pytest.fixture(autouse=True)
def _no_accounts_of_other_tests():
    accounts.forget()


@pytest.fixture(scope="session")
def _show_house(request, tmp_path_factory):
    """A migrated house that others are copied from."""
    House.config = request.config
    show = House(tmp_path_factory.mktemp("houses") / "show")
    show.inside(migrate)
    return show


@pytest.fixture
def house(_show_house, tmp_path):
    """A house on SQLite; see tests/houses.py."""
    return _show_house.copy(tmp_path / "house")


@pytest.fixture(scope="session")
def _postgres(_show_house, tmp_path_factory):
    """A migrated house on PostgreSQL, or a skip where there is none."""
    with postgres.new_database() as database:
        built = House(tmp_path_factory.mktemp("postgres") / "house", database)
        built.inside(migrate)
        yield built


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
def any_house(request, tmp_path):
    """A house on each database. That on PostgreSQL is emptied of rows for every test."""
    if request.param == "sqlite":
        yield request.getfixturevalue("house")
        return
    built = request.getfixturevalue("_postgres")
    yield House(tmp_path / "house", built.database)
    built.inside(empty)


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


@pytest.fixture
def providers(monkeypatch, tmp_path, db):
    """A painter here and three paid remotes, each with a price and two slots."""
    import studio.urls  # noqa: F401  (a page imported later would keep these providers for good)

    known = make_providers(tmp_path)
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


@pytest.fixture
def sellers(monkeypatch):
    """The lab and the locked one beside the studio's own providers; they have no prices yet."""
    known = {"lab": Lab(), "locked": Locked()}
    for slug, provider in known.items():
        monkeypatch.setitem(registry.all_providers(), slug, provider)
    return known
