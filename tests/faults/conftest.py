import pytest

from studio.providers.registry import DIALECTS
from tests.faults.crashing import found

COMBINATIONS = 2 * len(DIALECTS)


@pytest.fixture(scope="session")
def fault_seeds(request):
    """So many for each dialect on each database."""
    first = request.config.getoption("fault_first")
    return range(first, first + max(1, request.config.getoption("fault_runs") // COMBINATIONS))


@pytest.fixture(scope="session")
def founded(_show_house, tmp_path_factory):
    """A house with a team, its budget, prices and lanes."""
    house = _show_house.copy(tmp_path_factory.mktemp("faults") / "founded")
    house.inside(found)
    return house
