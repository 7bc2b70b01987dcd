from datetime import UTC, datetime, timedelta

import pytest

from studio.core.bills.lines import Line
from studio.core.bills.matching import Event, Kind, Ours, Rates, compare, duplicate, extra, pairs
from studio.core.money import PICO
from studio.models import Difference

RATES = Rates(credit_price=10_000, prices={"USD": PICO, "AIML": PICO // 2_000_000})
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def line(native, unit="USD"):
    return Line(row=2, reference="", remote_id="a", at=None, native=native, unit=unit)


def ours(native, unit="USD", price=PICO, returned=0):
    return Ours(native=native, unit=unit, unit_price=price, returned=returned)


@pytest.mark.parametrize(
    ("one", "charge", "kind", "expected", "worth"),
    [
        (line(350_000), ours(350_000), "", 350_000, 0),
        (line(420_000), ours(350_000), "amount", 350_000, 7_000_000),
        (line(280_000), ours(350_000), "amount", 350_000, -7_000_000),
        (line(350_000), ours(0), "amount", 0, 35_000_000),
        (line(0), ours(0, "TRINETRA", 1), "", 0, 0),
        (line(350_000, "EUR"), ours(350_000), "currency", 350_000, 0),
        # The same money in another unit agrees, another amount of it does not.
        (line(250_000), ours(500_000_000_000, "AIML", PICO // 2_000_000), "", 250_000, 0),
        (line(260_000), ours(500_000_000_000, "AIML", PICO // 2_000_000), "currency", 500_000_000_000, 1_000_000),
        # Our own credits are no currency of a provider.
        (line(350_000), ours(35_000_000, "credit", 0), "", 350_000, 0),
        (line(360_000), ours(35_000_000, "credit", 0), "amount", 350_000, 1_000_000),
        # What was refunded is not expected to be billed, unless the bill gives it back itself.
        (line(350_000), ours(350_000, returned=350_000), "amount", 0, 35_000_000),
        (line(-350_000), ours(350_000, returned=350_000), "", -350_000, 0),
        (line(-350_000), ours(350_000), "amount", 0, -35_000_000),
    ],
)  # fmt: skip
def test_one_line_beside_one_charge(one, charge, kind, expected, worth):
    found = compare(one, charge, RATES, credited=False)
    assert (found.kind, found.expected, found.worth) == (kind, expected, worth)


def test_a_bill_that_gives_back_itself_also_bills_itself():
    found = compare(line(350_000), ours(350_000, returned=350_000), RATES, credited=True)
    assert found.kind == Kind.NONE


def test_a_line_of_nothing_is_no_difference():
    assert extra(line(0), RATES).kind == duplicate(line(0), RATES).kind == Kind.NONE
    assert (extra(line(70_000), RATES).worth, extra(line(70_000, "EUR"), RATES).worth) == (
        7_000_000,
        0,
    )


def test_models_and_matching_use_the_same_words():
    assert {*Difference.values} == {*Kind}


def event(key, at, *, is_line, minutes=0):
    begin = NOON + timedelta(minutes=at)
    return Event(
        alike=5, begin=begin, end=begin + timedelta(minutes=minutes), key=key, is_line=is_line
    )


class TestPairs:
    def test_one_line_within_one_charge(self):
        events = [event(1, 0, is_line=False, minutes=10), event(2, 4, is_line=True)]
        assert list(pairs(events)) == [(2, 1)]

    def test_two_candidates_are_none(self):
        two_charges = [event(1, 0, is_line=False, minutes=10), event(2, 4, is_line=True),
                       event(3, 8, is_line=False, minutes=9)]  # fmt: skip
        two_lines = [event(1, 0, is_line=False, minutes=10), event(2, 4, is_line=True),
                     event(3, 5, is_line=True)]  # fmt: skip
        assert list(pairs(two_charges)) == list(pairs(two_lines)) == []

    def test_apart_in_time_each_finds_its_own(self):
        events = [one for at in range(0, 3000, 30)
                  for one in (event(at, at, is_line=False, minutes=10), event(at + 1, at + 9, is_line=True))]  # fmt: skip
        assert list(pairs(events)) == [(at + 1, at) for at in range(0, 3000, 30)]

    def test_a_crowd_is_no_pair_and_takes_no_room(self):
        crowd = [event(at, at, is_line=at % 2 == 0, minutes=3) for at in range(5000)]
        alone = [event(9000, 9000, is_line=False, minutes=5), event(9001, 9001, is_line=True)]
        assert list(pairs([*crowd, *alone])) == [(9001, 9000)]

    def test_another_amount_is_another_matter(self):
        charge = event(1, 0, is_line=False, minutes=10)
        other = Event(alike=6, begin=NOON, end=NOON, key=2, is_line=True)
        assert list(pairs([charge, other])) == []
