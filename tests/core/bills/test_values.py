from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.bills import values
from studio.core.bills.columns import KNOWN, Columns, proposed


@pytest.mark.parametrize(
    ("text", "decimals", "micros"),
    [
        ("0.07", ".", 70_000), ("1,234.56", ".", 1_234_560_000), ("$ 0.35", ".", 350_000),
        ("0.35 USD", ".", 350_000), ("−2", ".", -2_000_000), ("(0.5)", ".", -500_000),
        ("1e-05", ".", 10), ("1234", ".", 1_234_000_000), (".5", ".", 500_000),
        ("0,07", ",", 70_000), ("1.234,56 €", ",", 1_234_560_000), ("1 234,5", ",", 1_234_500_000),
        ("1\u202f234,5", ",", 1_234_500_000), ("500000", ",", 500_000_000_000), ("+3", ",", 3_000_000),
    ],
)  # fmt: skip
def test_amounts(text, decimals, micros):
    assert values.amount(text, decimals) == micros


@pytest.mark.parametrize(
    "text", ["", "-", ".", "0,07", "1,23,456", "1.2.3", "NaN", "inf", "1e99", "5 apples", "٣"]
)
def test_what_is_no_amount(text):
    with pytest.raises(ValueError, match=r"must be a number like 1,234\.56"):
        values.amount(text, ".")


@given(st.text(max_size=30), st.sampled_from([".", ","]))
def test_any_text_is_an_amount_or_a_sentence(text, decimals):
    assert said(lambda: values.amount(text, decimals)) in {"", "must be a number like"}


@given(st.text(max_size=30), st.sampled_from([*values.WAYS]))
def test_any_text_is_a_moment_or_a_sentence(text, way):
    assert said(lambda: values.moment(text, way)) in {"", "must be a time like"}


def said(read):
    """The beginning of the sentence that refuses it."""
    try:
        read()
    except ValueError as error:
        return " ".join(str(error).split()[:5]).removesuffix(" like") + " like"
    return ""


@given(st.integers(-(10**15), 10**15), st.sampled_from([".", ","]))
def test_amounts_read_as_they_are_written(micros, decimals):
    whole, rest = divmod(abs(micros), 10**6)
    grouped = f"{whole:,}.{rest:06}"
    if decimals == ",":
        grouped = grouped.translate(str.maketrans(",.", ".,"))
    assert values.amount(f"{'-' if micros < 0 else ''}{grouped}", decimals) == micros


MOMENT = datetime(2026, 11, 30, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("2026-11-30T14:05:00.000Z", "iso"), ("2026-11-30 14:05", "iso"), ("2026-11-30T15:05+01:00", "iso"),
        ("30.11.2026 14:05", "day"), ("30/11/2026 2:05 PM", "day"), ("11/30/2026 14:05", "month"),
        (str(int(MOMENT.timestamp())), "unix"), (f"{int(MOMENT.timestamp())}000", "unix"),
    ],
)  # fmt: skip
def test_moments(text, way):
    assert values.moment(text, way) == MOMENT
    assert values.guessed_way([text, ""]) in {way, "day"}


@pytest.mark.parametrize(
    ("text", "way"),
    [("0001-01-01T00:00+14:00", "iso"), ("9" * 30, "unix"), ("nan", "unix"), ("30/11", "day")],
)
def test_what_is_no_moment(text, way):
    with pytest.raises(ValueError, match="must be a time like"):
        values.moment(text, way)


class TestProposed:
    def test_documented_tables_are_known_by_their_header(self):
        logs = [
            "created",
            "status",
            "cost.usd",
            "cost.credits",
            "inference_id",
            "client_request_id",
        ]
        sample = [["2026-07-02T03:04:05.000Z", "succeeded", "0.25", "500000", "inf-1", "dl-7"]]
        found = proposed("aimlapi", logs, sample)
        assert (found.reference, found.amount, found.unit) == (
            "client_request_id",
            "cost.credits",
            "AIML",
        )
        moves = ["created_at", "direction", "type", "amount.usd", "amount.credits", "reference_id"]
        assert proposed("aimlapi", moves, []).kept == ("MODEL_USAGE",)

    def test_the_last_bill_s_columns_come_first(self):
        last = Columns(remote_id="Job", amount="Total", at="When")
        found = proposed(
            "runware", ["job", "total", "when", "cost"], [["a", "0,07", "30/11/2026", "1"]], last
        )
        assert (found.remote_id, found.amount, found.at) == ("job", "total", "when")
        assert (found.decimals, found.way) == (",", "day")

    def test_names_that_anybody_gives(self):
        found = proposed(
            "transend", ["ID", "Date", "Cost", "Currency"], [["a", "1.12.2026", "0,07", "EUR"]]
        )
        assert (found.remote_id, found.at, found.amount, found.unit_in) == (
            "ID",
            "Date",
            "Cost",
            "Currency",
        )
        assert (found.way, found.decimals) == ("day", ",")

    def test_nothing_is_found_in_a_strange_header(self):
        assert proposed("transend", ["x", "y"], [], unit="USD") == Columns(unit="USD")

    def test_each_provider_has_a_table_with_source_and_date(self):
        assert set(KNOWN) == {"aimlapi", "runware", "trinetra", "octopusx", "transend"}
        for known in (one for tables in KNOWN.values() for one in tables):
            assert known.source.startswith("https://")
            assert known.checked_on
            assert Columns.from_json(known.columns.to_json()) == known.columns
