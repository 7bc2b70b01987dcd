"""Closing a month: it never changes again, whatever is found out later and wherever the team is."""

from datetime import UTC, date, datetime
from unittest import mock

import pytest

from studio import ledger
from studio.core.errors import StudioError
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.ledger import months
from studio.models import Budget, ClosedMonth, Day, LedgerEntry
from tests.factories import make_job, make_member, make_painting, make_price, make_team
from tests.ledger.world import Clock

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture
def clock():
    clock = Clock()
    with mock.patch("django.utils.timezone.now", clock):
        yield clock


@pytest.fixture
def team(db, clock):
    """It was granted 20 credits on January 20."""
    return make_team(credits=20)


def at(clock, *when):
    clock.now = datetime(*when, tzinfo=UTC)


def grant(team, amount=1):
    ledger.grant(team, amount * MICRO, actor=None, cause="test")
    return LedgerEntry.objects.filter(team=team).latest("number").day


class TestClose:
    def test_keeps_the_sums_of_the_month_and_who_closed_it(self, team, clock):
        make_price(provider="painter", credits_per_second=5)
        admin = make_member("admin", team=team)
        make_job(JobStatus.SUCCEEDED, author=admin, order=make_painting())
        make_job(JobStatus.RUNNING, author=admin, order=make_painting())
        at(clock, 2026, 2, 1)
        row = ledger.close(team, JANUARY, actor=admin)
        sums = (row.granted // MICRO, row.held // MICRO, row.spent // MICRO, row.entries)
        assert sums == (20, 5, 5, 4)
        assert (row.closed_by, str(row)) == (admin, "January 2026")
        assert Budget.objects.get(team=team).closed_until == date(2026, 1, 31)

    @pytest.mark.parametrize("month", [date(2025, 12, 1), FEBRUARY, date(2026, 1, 2)])
    def test_closes_only_the_next(self, team, clock, month):
        at(clock, 2026, 4, 1)
        with pytest.raises(StudioError, match="The next month to close is January 2026"):
            ledger.close(team, month, actor=None)

    def test_closes_each_once(self, team, clock):
        at(clock, 2026, 4, 1)
        ledger.close(team, JANUARY, actor=None)
        with pytest.raises(StudioError, match="The next month to close is February 2026"):
            ledger.close(team, JANUARY, actor=None)
        assert ClosedMonth.objects.count() == 1

    def test_closes_a_month_in_which_nothing_happened(self, team, clock):
        at(clock, 2026, 4, 1)
        ledger.close(team, JANUARY, actor=None)
        assert ledger.close(team, FEBRUARY, actor=None).entries == 0

    def test_of_a_team_without_entries_there_is_none(self, db):
        with pytest.raises(StudioError, match="is none, as nothing is booked"):
            ledger.close(make_team(credits=0), JANUARY, actor=None)

    def test_waits_for_its_last_day_to_end_where_the_team_is(self, team, clock):
        team.time_zone = "Pacific/Honolulu"  # ten hours behind
        at(clock, 2026, 2, 1, 9, 59)
        with pytest.raises(StudioError, match="January 2026 is not over yet"):
            ledger.close(team, JANUARY, actor=None)
        at(clock, 2026, 2, 1, 10)
        ledger.close(team, JANUARY, actor=None)

    def test_tells_of_other_teams_nothing(self, team, clock):
        make_team(credits=7)
        at(clock, 2026, 2, 1)
        assert ledger.close(team, JANUARY, actor=None).granted == 20 * MICRO


class TestOpenDay:
    @pytest.mark.parametrize(
        ("zone", "day"),
        [("UTC", 20), ("Pacific/Auckland", 21), ("Pacific/Honolulu", 20)],
    )
    def test_is_today_where_the_team_is(self, team, clock, zone, day):
        team.time_zone = zone
        at(clock, 2026, 1, 20, 12)
        assert grant(team) == date(2026, 1, day)

    def test_is_never_in_a_closed_month_though_it_is_still_that_day_where_the_team_went(
        self, team, clock
    ):
        at(clock, 2026, 2, 1, 1)
        closed = ledger.close(team, JANUARY, actor=None)
        team.time_zone = "Pacific/Honolulu"  # it is still January 31 there
        assert grant(team) == FEBRUARY
        assert months.sums(team, JANUARY)["entries"] == closed.entries
        at(clock, 2026, 2, 3)
        assert grant(team) == date(2026, 2, 2)

    def test_of_what_is_found_out_later_is_in_the_month_that_is_open(self, team, clock):
        make_price(provider="painter", credits_per_second=5)
        author = make_member(team=team)
        job = make_job(JobStatus.SUCCEEDED, author=author, order=make_painting())
        at(clock, 2026, 2, 10)
        closed = ledger.close(team, JANUARY, actor=None)
        refund = ledger.refund(job, MICRO, native=MICRO, cause="kind", actor=None)
        correction = ledger.correct(job, MICRO, native=MICRO, cause="bill", actor=None)
        assert (refund.day, correction.day) == (date(2026, 2, 10), date(2026, 2, 10))
        assert Day.objects.get(team=team, date=refund.day).stale
        again = {name: getattr(closed, name) for name in ("granted", "held", "spent", "entries")}
        assert months.sums(team, JANUARY) == again
