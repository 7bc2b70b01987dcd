"""When a report comes next, by the clocks of the team."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from studio.core.rhythm import next_time

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str, zone=BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("rhythm", "after", "then"),
    [
        ("daily", "2026-03-02 06:59", "2026-03-02 07:00"),
        ("daily", "2026-03-02 07:00", "2026-03-03 07:00"),
        ("weekly", "2026-03-02 06:00", "2026-03-02 07:00"),  # a Monday
        ("weekly", "2026-03-02 08:00", "2026-03-09 07:00"),
        ("weekly", "2026-03-08 23:59", "2026-03-09 07:00"),
        ("monthly", "2026-01-31 12:00", "2026-02-01 07:00"),
        ("monthly", "2026-12-01 07:00", "2027-01-01 07:00"),
        ("daily", "2026-03-28 12:00", "2026-03-29 07:00"),  # the clocks are put on in between
        ("daily", "2026-10-24 12:00", "2026-10-25 07:00"),  # and back
    ],
)
def test_next_time(rhythm, after, then):
    assert next_time(rhythm, at(after), BERLIN) == at(then)


def test_it_is_told_in_utc():
    found = next_time("daily", at("2026-07-01 12:00"), BERLIN)
    assert (found.tzinfo, found.hour) == (UTC, 5)


def test_each_follows_the_one_before():
    moment = at("2026-01-15 12:00")
    months = [moment := next_time("monthly", moment, BERLIN) for _ in range(3)]
    assert [one.astimezone(BERLIN).month for one in months] == [2, 3, 4]
