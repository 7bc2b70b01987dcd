"""The schedule of retries: as documented, spread by a tenth, and as long as was asked."""

from datetime import timedelta

import pytest

from studio.core import retries

HOUR = 3600


def test_schedule():
    planned = [retries.pause(tries, dice=0.5) for tries in range(1, retries.MOST_TRIES)]
    hours = (2, 5, 10, 14, 20, 24)
    seconds = [5, 300, 1800, *(one * HOUR for one in hours)]
    assert planned == [timedelta(seconds=one) for one in seconds]
    assert retries.pause(retries.MOST_TRIES, dice=0.5) is None


@pytest.mark.parametrize("tries", range(1, retries.MOST_TRIES))
def test_is_spread_by_a_tenth(tries):
    middle, least, most = (retries.pause(tries, dice=dice) for dice in (0.5, 0.0, 1.0))
    assert (least, most) == (middle * 0.9, middle * 1.1)


@pytest.mark.parametrize(("asked", "seconds"), [(1, 5), (120, 120), (10**9, 24 * HOUR)])
def test_what_was_asked_for_is_obeyed_up_to_a_day(asked, seconds):
    assert retries.pause(1, dice=0.5, asked=asked) == timedelta(seconds=seconds)
