"""The form in which an entry is told: nothing is lost, and no two entries tell the same."""

import ast
import hashlib
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studio.core import chain
from studio.models import EntryKind

TEXTS = st.text(
    st.characters(exclude_categories=())
)  # with quotes, commas, NUL and half characters
VALUES = st.lists(st.integers() | TEXTS | st.none(), max_size=8).map(tuple)
EAST = timezone(timedelta(hours=13))
NOON = datetime(2026, 1, 20, 12, tzinfo=UTC)


class TestTold:
    def test_is_a_literal_in_ascii(self):
        values = (7, "charge", -35_000_000, None, "déjà “vu”")
        assert chain.told(values) == (
            rb"(7, 'charge', -35000000, None, 'd\xe9j\xe0 \u201cvu\u201d')"
        )

    @given(VALUES)
    @example(("None", None, "", "1", 1, "', '", '"', "\\", "\x00", "\ud800", -1))
    def test_is_read_back_as_it_was(self, values):
        """So two that tell the same are the same."""
        again = ast.literal_eval(chain.told(values).decode("ascii"))
        assert again == values
        assert [type(value) for value in again] == [type(value) for value in values]


class TestDigest:
    def test_is_of_the_one_before_and_of_the_values(self):
        before = bytes(range(32))
        wanted = hashlib.sha256(before + b"(1, 'hold', None)").digest()
        assert chain.digest(before, (1, "hold", None)) == wanted

    @given(VALUES, VALUES)
    def test_differs_with_the_values(self, one, other):
        told = [chain.digest(bytes(32), values) for values in (one, other)]
        assert (told[0] == told[1]) is (one == other)

    def test_begins_with_the_names_in_their_order(self):
        assert chain.start(["day", "kind"]) == (
            hashlib.sha256(b"('entries 1', 'day', 'kind')").digest()
        )
        assert chain.start(["kind", "day"]) != chain.start(["day", "kind"])


PLAIN = {
    "a number": (-7, -7),
    "nothing": (None, None),
    "a text": ("1", "1"),
    "a word": (EntryKind.REFUND, "refund"),
    "a day": (date(2026, 1, 2), "2026-01-02"),
    "a full second": (NOON, "2026-01-20 12:00:00"),
    "a microsecond": (NOON.replace(microsecond=70), "2026-01-20 12:00:00.000070"),
    "a moment elsewhere": (NOON.astimezone(EAST), "2026-01-20 12:00:00"),
}


class TestPlain:
    @pytest.mark.parametrize(("value", "told"), PLAIN.values(), ids=PLAIN)
    def test_is_how_a_value_is_told(self, value, told):
        assert chain.plain(value) == told
        assert type(chain.plain(value)) is type(told)
