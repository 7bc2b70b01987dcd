"""kill -9 at any point, several times in a row: every job ends once, and the books balance.

DAILIES_CRASH_SEEDS=10000 runs more; a failing seed is in the name of its test.
"""

import os

import pytest

from tests.faults.crashing import crash_and_recover
from tests.faults.mutants import MUTANTS

SEEDS = int(os.environ.get("DAILIES_CRASH_SEEDS", "150"))
TOGETHER = 25
MUTANT_SEEDS = 60


class TestCrashes:
    @pytest.mark.parametrize("first", range(0, SEEDS, TOGETHER))
    def test_every_job_ends_once(self, founded, tmp_path, first):
        for seed in range(first, min(first + TOGETHER, SEEDS)):
            house = founded.copy(tmp_path / str(seed))
            assert crash_and_recover(house, seed) == [], f"seed {seed}"


class TestMutants:
    """The harness sees what it is there for: each broken variant of the product is caught."""

    @pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
    def test_is_caught(self, founded, tmp_path, mutant):
        assert any(
            crash_and_recover(founded.copy(tmp_path / str(seed)), seed, mutant)
            for seed in range(MUTANT_SEEDS)
        )
