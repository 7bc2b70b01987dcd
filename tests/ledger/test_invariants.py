"""The invariants of the ledger over sequences of everything that moves money, and their mutants.

`--sequences 10000` looks for longer.
"""

import hypothesis
import pytest
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from studio.core.money import CREDIT, MICRO, USD
from studio.core.status import JobStatus
from studio.models.caps import Every
from tests.ledger.invariants import INVARIANTS
from tests.ledger.mutants import MUTANTS, all_constraints, no_constraints
from tests.ledger.world import LIVING, SCOPES, UNITS, ZONES, Seen, World

S = JobStatus
WHO = st.integers(0, 1)
PICK = st.integers(0, 5)
ORDERS = st.tuples(st.integers(1, 10), st.sampled_from(UNITS), st.sampled_from(LIVING))
ENDS = (S.SUCCEEDED, S.FAILED, S.CANCELLED)
CHARGES = st.none() | st.sampled_from([0, 1, 12 * MICRO]) | st.integers(0, 20 * MICRO)
AGAIN = ("order_again", "end_again", "hold_again", "close_again")
SETTINGS = st.one_of(
    st.tuples(st.just("travel"), st.sampled_from(ZONES)),
    st.tuples(st.just("price_credits"), st.integers(5_000, 20_000)),
    st.tuples(
        st.just("limit"), st.sampled_from(SCOPES), st.integers(0, 40 * MICRO),
        st.sampled_from(Every.values),
    ),
    st.tuples(st.just("remove_limit")),
)  # fmt: skip


class Broken(AssertionError):
    """An invariant does not hold."""


class Books(RuleBasedStateMachine):
    """Everything that moves money, in any order, a moment or a month apart."""

    looked_at = tuple(INVARIANTS)

    def __init__(self):
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.world = World()

    def teardown(self):
        self.world.end()
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    @rule(who=WHO, amount=st.integers(-60 * MICRO, 60 * MICRO))
    def grant(self, who, amount):
        self.world.grant(who, amount)

    @rule(who=WHO, orders=st.lists(ORDERS, min_size=1, max_size=3))
    def order(self, who, orders):
        for order in orders:
            self.world.order(who, *order)

    @rule(pick=PICK, status=st.sampled_from(ENDS), charge=CHARGES, unit=st.sampled_from(UNITS))
    def end(self, pick, status, charge, unit):
        self.world.end_job(pick, status, charge, unit)

    @rule(pick=PICK, what=st.sampled_from(AGAIN))
    def again(self, pick, what):
        getattr(self.world, what)(pick)

    @rule(pick=PICK, percent=st.integers(1, 130))
    def refund(self, pick, percent):
        self.world.refund(pick, percent)

    @rule(pick=PICK, amount=st.integers(-8 * MICRO, 8 * MICRO))
    def correct(self, pick, amount):
        self.world.correct(pick, amount)

    @rule(who=WHO, days=st.integers(0, 40))
    def close(self, who, days):
        self.world.clock.pass_days(days)
        self.world.close(who)

    @rule(who=WHO, setting=SETTINGS)
    def set_up(self, who, setting):
        what, *values = setting
        getattr(self.world, what)(who, *values)

    @invariant()
    def nothing_is_broken(self):
        seen = Seen(self.world)
        for name in self.looked_at:
            for finding in INVARIANTS[name](seen):
                raise Broken(f"{name}: {finding}")
        seen.remember()


def only(*names):
    """The machine that looks at these invariants alone."""
    return type("Books", (Books,), {"looked_at": names})


# A way past every safeguard that a mutant takes out, in steps of the machine.
WALK = (
    ("set_up", {"who": 0, "setting": ("limit", "team", 25 * MICRO, "month")}),
    ("order", {"who": 0, "orders": [(10, CREDIT, S.RUNNING), (10, CREDIT, S.UNCERTAIN)]}),
    ("order", {"who": 0, "orders": [(10, CREDIT, S.RUNNING)]}),  # more than the limit
    ("again", {"pick": 0, "what": "order_again"}),
    ("end", {"pick": 0, "status": S.SUCCEEDED, "charge": 12_345_678, "unit": CREDIT}),  # over
    ("again", {"pick": 0, "what": "end_again"}),
    ("again", {"pick": 0, "what": "hold_again"}),
    ("order", {"who": 1, "orders": [(4, USD, S.SAVING), (9, USD, S.QUEUED), (3, USD, S.QUEUED)]}),
    ("again", {"pick": 0, "what": "order_again"}),
    ("end", {"pick": 1, "status": S.SUCCEEDED, "charge": 2_345_678, "unit": USD}),
    ("end", {"pick": 0, "status": S.SUCCEEDED, "charge": 3_333_333, "unit": CREDIT}),
    ("end", {"pick": 0, "status": S.CANCELLED, "charge": None, "unit": USD}),
    ("refund", {"pick": 0, "percent": 50}),
    ("correct", {"pick": 0, "amount": MICRO}),
    ("close", {"who": 0, "days": 40}),
    ("again", {"pick": 0, "what": "close_again"}),
    ("grant", {"who": 0, "amount": MICRO}),
    ("correct", {"pick": 0, "amount": -MICRO}),
)


def walk(machine):
    """Take these steps, and look at the books after each."""
    try:
        for step, values in WALK:
            getattr(machine, step)(**values)
            machine.nothing_is_broken()
    finally:
        machine.teardown()


@pytest.mark.django_db
class TestInvariants:
    def test_hold_over_any_sequence(self, request):
        search = hypothesis.settings(
            max_examples=request.config.getoption("--sequences"), stateful_step_count=15,
            deadline=None, database=None, suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        run_state_machine_as_test(Books, settings=search)

    def test_hold_on_the_way_that_breaks_mutants(self):
        walk(Books())

    def test_each_has_a_mutant(self):
        assert MUTANTS.keys() == INVARIANTS.keys()

    @pytest.mark.parametrize("name", MUTANTS)
    def test_is_broken_by_its_mutant(self, monkeypatch, name):
        no_constraints()
        MUTANTS[name](monkeypatch.setattr)
        try:
            with pytest.raises(Broken, match=name):
                walk(only(name)())
        finally:
            all_constraints()
