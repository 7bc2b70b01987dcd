from datetime import date

import pytest

from studio.core.periods import Days, Period, after, around, before, same_part


class TestAround:
    @pytest.mark.parametrize(
        ("period", "first", "last"),
        [
            ("week", date(2026, 11, 16), date(2026, 11, 22)),
            ("month", date(2026, 11, 1), date(2026, 11, 30)),
            ("quarter", date(2026, 10, 1), date(2026, 12, 31)),
            ("year", date(2026, 1, 1), date(2026, 12, 31)),
            ("dates", date(2026, 11, 19), date(2026, 11, 19)),
        ],
    )
    def test_the_period_that_a_day_is_in(self, period, first, last):
        assert around(Period(period), date(2026, 11, 19)) == Days(first, last)

    def test_the_last_month_of_a_year_ends_with_it(self):
        december = around(Period.MONTH, date(2026, 12, 31))
        assert december == Days(date(2026, 12, 1), date(2026, 12, 31))

    def test_february_of_a_leap_year(self):
        assert len(around(Period.MONTH, date(2028, 2, 3))) == 29


class TestBeside:
    def test_months_of_other_lengths(self):
        march = around(Period.MONTH, date(2026, 3, 5))
        assert before(Period.MONTH, march) == Days(date(2026, 2, 1), date(2026, 2, 28))
        assert after(Period.MONTH, march) == Days(date(2026, 4, 1), date(2026, 4, 30))

    def test_as_many_chosen_dates(self):
        chosen = Days(date(2026, 3, 5), date(2026, 3, 14))
        assert before(Period.DATES, chosen) == Days(date(2026, 2, 23), date(2026, 3, 4))
        assert after(Period.DATES, chosen) == Days(date(2026, 3, 15), date(2026, 3, 24))


class TestSamePart:
    march, february = (around(Period.MONTH, date(2026, month, 1)) for month in (3, 2))

    def test_as_many_days(self):
        part = self.march.until(date(2026, 3, 19))
        assert same_part(self.march, part, self.february).last == date(2026, 2, 19)

    def test_no_more_than_there_are(self):
        part = self.march.until(date(2026, 3, 30))
        assert same_part(self.march, part, self.february) == self.february

    def test_all_of_a_shorter_one_against_all_of_a_longer_one(self):
        whole = same_part(self.february, self.february, self.march)
        assert whole == self.march


class TestWords:
    @pytest.mark.parametrize(
        ("first", "last", "words"),
        [
            (date(2026, 3, 1), date(2026, 3, 19), "1 to 19 March 2026"),
            (date(2026, 3, 1), date(2026, 3, 1), "1 March 2026"),
            (date(2026, 2, 28), date(2026, 3, 2), "28 February to 2 March 2026"),
            (date(2025, 12, 31), date(2026, 1, 1), "31 December 2025 to 1 January 2026"),
        ],
    )
    def test_no_more_than_is_needed(self, first, last, words):
        assert Days(first, last).words == words
