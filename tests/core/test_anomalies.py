"""The goals of reliability.md M8: 90 % of 20 spikes found, at most one false alarm in a team's month."""

import math
import random
from datetime import date

from studio.core.anomalies import unusual
from studio.core.periods import DAY, Days

FIRST = date(2026, 1, 5)  # a Monday
WEEK = (1.2, 1.3, 1.25, 1.15, 0.9, 0.15, 0.1)
MONTHS = 6
SEEN = Days(FIRST + DAY * 60, FIRST + DAY * (60 + 30 * MONTHS - 1))


def steady(seed: int, noise: float = 0.4) -> dict[date, int]:
    """A provider that much is spent on every work day."""
    dice = random.Random(seed)
    return {
        day: int(1e8 * WEEK[day.weekday()] * math.exp(dice.gauss(0, noise)))
        for day in Days(FIRST, SEEN.last)
    }


def rare(seed: int) -> dict[date, int]:
    """A provider with a few jobs of one price now and then."""
    dice = random.Random(seed)
    return {
        day: 35_000_000 * sum(dice.random() < 0.1 for _ in range(10))
        for day in Days(FIRST, SEEN.last)
    }


class TestUnusual:
    def test_a_day_far_above_the_usual(self):
        daily = dict.fromkeys(Days(FIRST, FIRST + DAY * 60), 100)
        spike = FIRST + DAY * 60
        (found,) = unusual({**daily, spike: 900}, Days(FIRST, spike))
        assert (found.day, found.amount, found.usual) == (spike, 900, 100)
        assert found.score > 3.5

    def test_a_weekend_is_compared_with_weekends(self):
        daily = {day: 1000 if day.weekday() < 5 else 50 for day in Days(FIRST, FIRST + DAY * 60)}
        saturday = FIRST + DAY * 54
        assert [one.day for one in unusual({**daily, saturday: 600}, Days(saturday, saturday))]
        assert not unusual(daily, Days(FIRST + DAY * 20, FIRST + DAY * 60))

    def test_a_few_days_tell_nothing(self):
        assert not unusual(
            {FIRST + DAY * n: 10 ** (n % 5) for n in range(10)}, Days(FIRST, FIRST + DAY * 9)
        )

    def test_days_that_gave_back_more_than_they_cost_are_left_out(self):
        daily = dict.fromkeys(Days(FIRST, FIRST + DAY * 60), 100)
        assert not unusual({**daily, FIRST + DAY * 30: -500}, Days(FIRST, FIRST + DAY * 60))

    def test_18_of_20_spikes_are_found(self):
        dice, found = random.Random(20), 0
        for seed in range(20):
            daily = steady(seed)
            day = dice.choice(list(SEEN))
            daily[day] = int(daily[day] * dice.uniform(7, 14))
            found += bool(unusual(daily, Days(day, day)))
        assert found >= 18

    def test_at_most_one_false_alarm_in_a_month_of_a_team(self):
        teams = 10
        alarms = sum(
            len(unusual(daily, SEEN))
            for team in range(teams)
            for daily in (
                *(steady(10 * team + n) for n in range(3)),
                *(rare(10 * team + n) for n in range(2)),
            )
        )
        assert alarms <= teams * MONTHS
