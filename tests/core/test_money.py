from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.money import MICRO, decimal, in_credits, micros, words

amounts = st.integers(-(2**63) + 1, 2**63 - 1)


class TestMicros:
    @given(amounts)
    def test_decimal_and_micros_are_inverse(self, amount):
        assert micros(decimal(amount)) == amount

    @given(amounts)
    def test_words_read_back(self, amount):
        assert micros(words(amount).replace(",", "")) == amount

    @given(st.decimals(-(10**9), 10**9, places=9))
    def test_half_a_micro_is_rounded_away_from_zero(self, amount):
        assert abs(micros(amount) - amount * MICRO) <= Decimal("0.5")

    @pytest.mark.parametrize("bad", ["", "abc", "nan", "inf", "-Infinity", "1e400000", "1,5"])
    def test_what_is_no_amount_is_refused_in_one_sentence(self, bad):
        with pytest.raises(ValueError, match="is not an amount of money"):
            micros(bad)


class TestWords:
    @pytest.mark.parametrize(
        ("amount", "said"),
        [
            (0, "0"),
            (1, "0.000001"),
            (500_000, "0.5"),
            (1_780 * MICRO, "1,780"),
            (100 * MICRO, "100"),
            (-2_500_000, "-2.5"),
            (1_234_567_890_000, "1,234,567.89"),
        ],
    )
    def test_as_a_page_says_it(self, amount, said):
        assert words(amount) == said


class TestInCredits:
    @given(st.integers(0, 10**15), st.integers(1, 10**9))
    def test_is_the_nearest_whole_micro_credit(self, native, price):
        exact = Decimal(native) * MICRO / price
        assert abs(in_credits(native, credit_price=price) - exact) <= Decimal("0.5000001")

    @given(st.integers(0, 10**15))
    def test_a_cent_a_credit_is_exact(self, native):
        assert in_credits(native, credit_price=MICRO // 100) == native * 100

    @given(st.lists(st.integers(0, 10**9), min_size=2, max_size=2), st.integers(1, 10**8))
    def test_more_money_is_never_fewer_credits(self, both, price):
        low, high = sorted(both)
        assert in_credits(low, credit_price=price) <= in_credits(high, credit_price=price)

    def test_half_is_rounded_up(self):
        assert in_credits(1, credit_price=2 * MICRO) == 1
        assert in_credits(1, credit_price=2 * MICRO + 1) == 0
