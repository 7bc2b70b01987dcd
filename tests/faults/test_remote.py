"""Five dialects × two databases × kill -9 anywhere × a provider that misbehaves.

Nothing is lost, submitted twice, charged twice, or released though it is paid; and what the
provider bills is what we charged. `--fault-runs=2000` runs so many seeds in all.
"""

import pytest

from studio.providers.registry import DIALECTS
from tests.faults import remote
from tests.houses import House, empty
from tests.standin.server import Standin

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # fork beside a thread


@pytest.fixture(scope="module", params=DIALECTS, ids=lambda dialect: dialect.slug)
def standin(request):
    """One provider for all seeds of a dialect; each has an account of its own there."""
    built = Standin(request.param(), price=remote.PRICE)
    built.start()
    return built


@pytest.fixture
def show_house(_show_house):
    return _show_house


@pytest.fixture
def postgres_house(_postgres):
    return _postgres


def providers_of(standin, key):
    return lambda folder: {
        standin.dialect.slug: remote.remote(standin.dialect, standin.address, key, folder)
    }


class TestCrashes:
    def test_on_sqlite(self, show_house, standin, tmp_path, fault_seeds):
        founded = show_house.copy(tmp_path / "founded")
        founded.inside(remote.found, standin.dialect)
        for seed in fault_seeds:
            plan = remote.Plan.of(seed, key=f"sqlite-{seed}")
            house = founded.copy(tmp_path / str(seed))
            house.providers = providers_of(standin, plan.key)
            assert remote.crash_and_recover(house, standin, plan) == [], f"seed {seed}: {plan}"

    @pytest.mark.services
    def test_on_postgresql(self, postgres_house, standin, tmp_path, fault_seeds):
        for seed in fault_seeds:
            plan = remote.Plan.of(seed, key=f"postgres-{seed}")
            house = House(tmp_path / str(seed), postgres_house.database)
            house.providers = providers_of(standin, plan.key)
            house.inside(remote.found, standin.dialect)
            found = remote.crash_and_recover(house, standin, plan)
            house.inside(empty)
            assert found == [], f"seed {seed}: {plan}"
