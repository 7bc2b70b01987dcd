import pytest

from tests.faults.crashing import found


@pytest.fixture(scope="session")
def founded(_show_house, tmp_path_factory):
    """A house with a team, its budget, prices and lanes."""
    house = _show_house.copy(tmp_path_factory.mktemp("faults") / "founded")
    house.inside(found)
    return house
