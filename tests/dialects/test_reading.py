from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import ProviderConfused
from studio.core.wire import Response
from studio.dialects import reading

AMOUNTS: list[tuple[Any, int | None]] = [
    (10, 10_000_000),
    (0.07, 70_000),
    ("0.35", 350_000),
    (0, 0),
    (1e-9, 0),
    (-1, None),
    (True, None),
    (None, None),
    ("ten", None),
    ("nan", None),
    (float("nan"), None),
    (float("inf"), None),
    (10**30, None),
    ([1], None),
]
WHOLES: list[tuple[Any, Any]] = [
    (5, 5),
    (5.0, 5),
    ("5", 5),
    ("05", 5),
    (5.5, 5.5),
    ("5s", "5s"),
    ("\u0665", "\u0665"),
    ("9" * 99, "9" * 99),
    (True, True),
    (None, None),
]


class TestAmount:
    @pytest.mark.parametrize(("value", "micros"), AMOUNTS)
    def test_amounts_and_what_is_none(self, value: Any, micros: int | None) -> None:
        assert reading.amount(value) == micros

    @given(st.integers(0, 10**14))
    def test_what_is_written_is_read(self, micros: int) -> None:
        assert reading.amount(reading.number(micros)) == micros

    def test_whole_amounts_are_whole_numbers(self) -> None:
        assert repr(reading.number(10_000_000)) == "10"
        assert repr(reading.number(350_000)) == "0.35"


class TestWhole:
    @pytest.mark.parametrize(("value", "number"), WHOLES)
    def test_numbers_and_what_is_none(self, value: Any, number: Any) -> None:
        read = reading.whole(value)
        assert read == number
        assert type(read) is type(number)


class TestRemoteId:
    def test_names_of_any_kind(self) -> None:
        for name in ("a", "a/b:c", "x" * 200, "ä b"):
            assert reading.remote_id("Acme", Response(status=200), name) == name

    def test_what_is_no_name_is_confusing(self) -> None:
        for name in ("", None, 7, "x" * 201, "a\nb", "a\0b", "\ud800", ["a"]):
            with pytest.raises(ProviderConfused, match="Acme"):
                reading.remote_id("Acme", Response(status=200), name)
