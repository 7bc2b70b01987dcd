import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.orders import Order

values = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20)
orders = st.builds(
    Order,
    provider=st.text(max_size=20),
    model=st.text(max_size=20),
    prompt=st.text(max_size=300),
    first_frame=st.none() | st.integers(1, 2**40),
    last_frame=st.none() | st.integers(1, 2**40),
    settings=st.dictionaries(
        st.text(max_size=10),
        values | st.dictionaries(st.text(max_size=8), st.floats(-10, 10), max_size=6),
        max_size=6,
    ),
)


class TestJson:
    @given(orders)
    def test_round_trip_loses_nothing(self, order):
        assert Order.from_json(json.loads(json.dumps(order.to_json()))) == order

    @given(orders)
    def test_title_fits_and_is_one_line(self, order):
        assert len(order.title) <= 120
        assert len(order.title.splitlines()) <= 1
        assert bool(order.title) is bool(order.prompt.strip())


def with_settings(**settings):
    return Order(provider="p", model="m", prompt="x", settings=settings)


class TestReadings:
    def test_defaults_of_what_is_not_there(self):
        bare = with_settings()
        assert (bare.count, bare.seconds, bare.camera) == (1, 0, {})

    def test_values_that_are_there(self):
        full = with_settings(count=3, duration=5, camera={"pan": 1})
        assert (full.count, full.seconds, full.camera) == (3, 5, {"pan": 1})

    @pytest.mark.parametrize(
        ("prompt", "title"),
        [
            ("A red door. Snow falls.", "A red door"),
            ("  Who? Me! Yes", "Who"),
            ("One line\r\nand another", "One line"),
            ("No full stop", "No full stop"),
            ("Ends with one.", "Ends with one"),
            ("...", "..."),
            ("x" * 300, "x" * 120),
        ],
    )
    def test_title_is_the_first_sentence(self, prompt, title):
        assert Order(provider="p", model="m", prompt=prompt).title == title
