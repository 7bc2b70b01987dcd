"""A matrix: values as they are typed, and the orders that come of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import InvalidOrder
from studio.core.matrix import MODEL, Axis, Value, listed, require_few, variants
from studio.core.spec import Kind, Param
from studio.dialects.runware.limits import CAPABILITY as RUNWARE
from studio.providers.animatic import CAPABILITY as ANIMATIC
from tests.factories import make_order

CFG = Param(name="cfg", label="CFG scale", kind=Kind.NUMBER, low=0, high=1)
LENGTH = Param(name="duration", label="Duration", kind=Kind.WHOLE, low=1, high=99)
SEED = Param(name="seed", label="Seed", kind=Kind.SEED, low=0)


def axis(name, *values):
    return Axis(name=name, label=name, values=tuple(Value(value=v, said=str(v)) for v in values))


class TestListed:
    @pytest.mark.parametrize(
        ("param", "text", "values"),
        [
            (CFG, "0.3, 0.5", [0.3, 0.5]),
            (CFG, "0.3 to 0.6 step 0.1", [0.3, 0.4, 0.5, 0.6]),
            (CFG, "0\u20131 in steps of 0.5", [0, 0.5, 1]),
            (CFG, "0.1; 0.1\n0.2", [0.1, 0.2]),
            (LENGTH, "3-5, 10", [3, 4, 5, 10]),
            (LENGTH, "2..6 by 2", [2, 4, 6]),
            (LENGTH, "2.5", [2.5]),
            (SEED, "3 seeds", [None] * 3),
            (SEED, "7, 1 seed", [7, None]),
            (CFG, " , ", []),
        ],
    )
    def test_reads_what_people_write(self, param, text, values):
        assert listed(param, text) == values

    @pytest.mark.parametrize(
        ("param", "text", "words"),
        [
            (CFG, "much", "CFG scale can not be read from “much”"),
            (CFG, "3 seeds", "can not be read"),
            (CFG, "1 to 0", "a range goes up"),
            (CFG, "0 to 1 step 0", "a range goes up"),
            (CFG, "0 to 1 step 0.000000001", "at most 200 values, not 1,000,000,001"),
            (SEED, "999999999 seeds", "at most 200 values, not 999,999,999"),
            (SEED, "150 seeds, 150 seeds", "at most 200 values, not 300"),
            (CFG, "1," * 3000, "not a longer text"),
        ],
    )
    def test_says_what_it_can_not_read(self, param, text, words):
        with pytest.raises(ValueError, match=words.replace("(", r"\(")):
            listed(param, text)

    @given(st.integers(0, 50), st.integers(1, 50), st.sampled_from(["0.01", "0.1", "0.25", "1"]))
    def test_a_range_has_its_ends_and_no_others(self, low, steps, step):
        high = round(low + steps * float(step), 2)
        found = listed(CFG, f"{low} to {high} step {step}")
        assert len(found) == steps + 1
        assert (found[0], found[-1]) == (low, high)


class TestVariants:
    def test_every_combination_the_first_slowest(self):
        found = variants(make_order(), ANIMATIC, [axis("duration", 3, 5), axis("seed", 1, 2)])
        settings = [one.order.settings for one in found]
        assert [(s["duration"], s["seed"]) for s in settings] == [(3, 1), (3, 2), (5, 1), (5, 2)]

    def test_none_is_the_order_itself(self):
        order = make_order()
        assert [one.order for one in variants(order, ANIMATIC, [])] == [order]

    def test_another_model_gets_what_it_can_hold_and_it_is_said(self):
        axes = [axis(MODEL, ANIMATIC, RUNWARE)]
        here, there = variants(make_order(duration=5, seed=7), ANIMATIC, axes)
        assert here.order.provider == "animatic"
        assert there.order.provider == "runware"
        assert "Leaves out seed 7." in there.changes

    def test_what_varies_may_not_become_the_same_at_another_model(self):
        axes = [axis(MODEL, ANIMATIC, RUNWARE), axis("duration", 5, 6)]
        with pytest.raises(InvalidOrder, match=r"Kling 2\.5 Turbo Pro can not take all") as error:
            list(variants(make_order(), ANIMATIC, axes))
        assert error.value.problems[0].field == "many_model"

    @pytest.mark.parametrize(("digits", "told"), [(4, "10,000 jobs"), (9000, "a trillion jobs")])
    def test_too_many_are_refused_with_count_and_limit(self, digits, told):
        with pytest.raises(InvalidOrder, match=f"{told}.*at most 200"):
            require_few(10**digits)
