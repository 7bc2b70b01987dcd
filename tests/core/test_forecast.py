"""The goal of reliability.md M8: at half a month, wrong by at most 15 % in the middle."""

import math
import random
from datetime import date
from statistics import median

import pytest

from studio.core.forecast import error, forecast
from studio.core.periods import DAY, Days, Period, around

MONDAY = date(2026, 1, 5)
WEEK = (1.2, 1.3, 1.25, 1.15, 0.9, 0.15, 0.1)  # Monday first: hardly anybody works on weekends


def days(count: int, amount=lambda _: 70) -> dict[date, int]:
    return {MONDAY + DAY * n: amount(MONDAY + DAY * n) for n in range(count)}


def seasonal(seed: int, *, noise: float = 0.35, growth: float = 0.0005) -> dict[date, int]:
    """Fourteen months of a team that grows by a fifth a year, with weekdays and wild days."""
    dice = random.Random(seed)
    first = date(2025, 1, 1)
    return {
        day: int(2e8 * WEEK[day.weekday()] * math.exp(growth * n + dice.gauss(0, noise)))
        for n, day in enumerate(Days(first, first + DAY * 420))
    }


class TestForecast:
    def test_an_even_pace_goes_on(self):
        april = around(Period.MONTH, date(2026, 4, 1))
        assert forecast(days(100), april, date(2026, 4, 10), so_far=70) == 30 * 70

    def test_weekends_are_not_taken_for_work_days(self):
        worked = days(100, lambda day: 100 if day.weekday() < 5 else 0)
        week = Days(MONDAY + DAY * 84, MONDAY + DAY * 90)
        told = forecast(worked, week, week.first + DAY * 5)
        assert told == pytest.approx(500, rel=0.1)

    def test_today_counts_as_it_is_once_it_is_more_than_usual(self):
        april = around(Period.MONTH, date(2026, 4, 1))
        usual = forecast(days(100), april, date(2026, 4, 10))
        assert forecast(days(100), april, date(2026, 4, 10), so_far=570) == usual + 500

    def test_what_comes_after_today_is_not_looked_at(self):
        april = around(Period.MONTH, date(2026, 4, 1))
        later = days(200, lambda day: 70 if day < date(2026, 4, 10) else 9_000)
        assert forecast(later, april, date(2026, 4, 10)) == 30 * 70

    def test_a_team_without_a_past_has_its_pace(self):
        begun = {date(2026, 4, 1): 100, date(2026, 4, 2): 100}
        april = around(Period.MONTH, date(2026, 4, 1))
        assert forecast(begun, april, date(2026, 4, 3)) == pytest.approx(30 * 100, rel=0.01)

    @pytest.mark.parametrize("daily", [{}, {date(2026, 4, 1): 0}])
    def test_nothing_stays_nothing(self, daily):
        assert forecast(daily, around(Period.MONTH, date(2026, 4, 1)), date(2026, 4, 3)) == 0

    def test_at_half_a_month_it_is_wrong_by_at_most_15_percent_in_the_middle(self):
        errors = [
            abs(forecast(daily, month, middle) - truth) / truth
            for daily in map(seasonal, range(20))
            for month in (around(Period.MONTH, date(2025, number, 1)) for number in range(4, 13))
            for middle in [month.first + DAY * (len(month) // 2)]
            for truth in [sum(daily[day] for day in month)]
        ]
        assert median(errors) <= 0.15


class TestError:
    def test_is_the_middle_one_of_earlier_periods(self):
        daily = seasonal(1)
        earlier = [around(Period.MONTH, date(2025, number, 1)) for number in (5, 6, 7)]
        tried = [(month, month.first + DAY * 14) for month in earlier]
        each = [error(daily, [one]) for one in tried]
        assert error(daily, tried) == sorted(each)[1]
        assert 0 < error(daily, tried) < 0.3

    def test_a_period_with_too_little_before_it_is_left_out(self):
        january = around(Period.MONTH, MONDAY)
        assert error(days(40), [(january, MONDAY + DAY * 13)]) is None

    def test_a_period_that_cost_nothing_is_left_out(self):
        april = around(Period.MONTH, date(2026, 4, 1))
        assert error(days(60), [(april, date(2026, 4, 15))]) is None
