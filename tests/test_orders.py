from studio import orders
from tests.factories import make_order, make_team


class TestCheck:
    def test_fills_in_defaults_and_a_seed(self, db):
        bare = make_order(seed=None, quality=None, prompt="  A door.  ")
        whole = orders.check(make_team().pk, bare)
        assert whole.prompt == "A door."
        assert whole.settings["quality"] == 95
        assert 0 <= whole.settings["seed"] < orders.SEED_LIMIT

    def test_keeps_the_seed_that_was_asked_for(self, db):
        assert orders.check(make_team().pk, make_order(seed=0)).settings["seed"] == 0
