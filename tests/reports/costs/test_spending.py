"""Bars, pace, forecast and unusual days: all from one question about days and providers."""

from datetime import date

import pytest
from django.http import QueryDict

from studio.core.money import MICRO
from studio.core.periods import DAY, Days
from studio.core.status import JobStatus
from studio.models import Cap, Job, LedgerEntry
from studio.reports.costs.asked import read
from studio.reports.costs.bars import bars
from studio.reports.costs.names import Names
from studio.reports.costs.pace import pace
from studio.reports.costs.spending import spending
from studio.reports.costs.unusual import unusual_days
from tests.factories import make_job, make_member, make_price, make_project
from tests.rollups import free, total

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 19)
M = MICRO


@pytest.fixture
def ana():
    return make_member(team=make_project().team, name="Ana Ruiz")


@pytest.fixture
def seen(ana):
    def seen(query=""):
        view = read(QueryDict(query), Names(ana), TODAY)
        return view, spending(ana.team, view)

    return seen


def every_day(author, first: date, last: date, **fields) -> None:
    for day in Days(first, last):
        total(author, day, **fields)


class TestBars:
    def test_a_slot_for_each_day_and_a_bar_for_each_that_has_begun(self, seen, ana):
        total(ana, date(2026, 3, 2), spent=10)
        total(ana, date(2026, 3, 2), spent=5, provider="trinetra")
        total(ana, date(2026, 2, 27), spent=99)
        found = bars(*seen())
        assert (len(found.slots), len(found.bars)) == (31, 19)
        assert [one.label for one in found.series] == ["Trinetra", "Runware"]
        assert found.bars[1].amounts == [5 * M, 10 * M]
        assert (found.whole, found.sums) == (15 * M, [5 * M, 10 * M])
        assert found.highest.label == "2 March"

    def test_weeks_are_cut_off_where_the_period_is(self, seen, ana):
        total(ana, date(2026, 3, 1), spent=1)
        total(ana, date(2026, 3, 2), spent=2)
        total(ana, date(2026, 3, 8), spent=4)
        found = bars(*seen("bars=week"))
        assert [bar.whole // M for bar in found.bars] == [1, 6, 0, 0]
        assert [bar.label for bar in found.bars][:2] == ["1 March 2026", "2 to 8 March 2026"]

    def test_months_of_a_year(self, seen, ana):
        total(ana, date(2026, 1, 31), spent=1)
        total(ana, date(2026, 3, 1), spent=2)
        found = bars(*seen("period=year"))
        assert [(bar.label, bar.whole // M) for bar in found.bars] == [
            ("January 2026", 1), ("February 2026", 0), ("March 2026", 2),
        ]  # fmt: skip

    def test_what_has_no_color_of_its_own_is_others(self, seen, ana):
        total(ana, TODAY, spent=1, provider="oldone")
        total(ana, TODAY, spent=2)
        found = bars(*seen())
        assert [one.label for one in found.series] == ["Runware", "Others"]
        assert found.sums == [2 * M, 1 * M]

    def test_free_work_has_no_bar(self, seen, ana):
        free(ana, TODAY)
        assert bars(*seen()).series == []

    def test_more_given_back_than_spent(self, seen, ana):
        total(ana, TODAY, spent=-5, refunded=5, charged=0)
        assert bars(*seen()).given_back
        assert bars(*seen()).whole == -5 * M


class TestPace:
    def test_of_the_days_until_now(self, seen, ana):
        total(ana, date(2026, 3, 2), spent=190)
        assert pace(ana.team, *seen()).rate == 10 * M

    def test_forecast_against_the_budget(self, seen, ana):
        every_day(ana, date(2025, 12, 1), TODAY, spent=10)
        Cap.objects.create(team=ana.team, amount=280 * M)
        found = pace(ana.team, *seen())
        assert found.spent == 310 * M
        assert (found.limit, found.allowed, found.over) == (9_032_258, 280 * M, 30 * M)
        assert found.error == 0

    def test_a_period_that_is_over_has_no_forecast(self, seen, ana):
        total(ana, date(2026, 2, 2), spent=28)
        found = pace(ana.team, *seen("from=2026-02-01"))
        assert (found.rate, found.spent, found.over) == (1 * M, None, None)

    @pytest.mark.parametrize(
        ("every", "allowed"), [("day", 31), ("week", 31 / 7), ("month", 1), ("ever", None)]
    )
    def test_of_limits_of_other_lengths(self, seen, ana, every, allowed):
        Cap.objects.create(team=ana.team, every=every, amount=70 * M)
        found = pace(ana.team, *seen()).allowed
        assert found == (None if allowed is None else round(allowed * 70 * M))

    def test_the_limit_is_that_of_what_the_view_is_about(self, seen, ana):
        Cap.objects.create(team=ana.team, amount=310 * M)
        Cap.objects.create(team=ana.team, member=ana, amount=31 * M)
        assert pace(ana.team, *seen()).allowed == 310 * M
        assert pace(ana.team, *seen(f"person={ana.pk}")).allowed == 31 * M
        assert pace(ana.team, *seen("provider=runware")).allowed is None
        assert pace(ana.team, *seen("decision=approved")).allowed is None

    def test_one_that_was_removed_limits_nothing(self, seen, ana):
        Cap.objects.create(team=ana.team, amount=M, removed_at="2026-03-01T00:00Z")
        assert pace(ana.team, *seen()).allowed is None


class TestUnusual:
    @pytest.fixture
    def spike(self, ana):
        every_day(ana, date(2026, 1, 1), TODAY, spent=35)
        total(ana, date(2026, 3, 17), spent=700)
        total(ana, date(2026, 2, 3), spent=700)

    def told(self, ana, view, found):
        return unusual_days(ana.team, view, Names(ana), found)

    def test_days_of_the_period_that_stand_out(self, seen, ana, spike):
        (one,) = self.told(ana, *seen())
        assert (one.label, one.day) == ("Runware", date(2026, 3, 17))
        assert (one.found.amount, one.found.usual) == (735 * M, 35 * M)

    def test_are_explained_by_the_dearest_jobs_of_that_day(self, seen, ana, spike):
        make_price(credits_per_second=7)
        jobs = [make_job(JobStatus.SUCCEEDED, author=ana) for _ in range(5)]
        stranger = make_job(JobStatus.SUCCEEDED, author=make_member(team=make_project().team))
        for job in [*jobs, stranger]:
            Job.objects.filter(pk=job.pk).update(provider="runware")
        LedgerEntry.objects.all()._raw_delete("default")
        amounts = dict(zip([*jobs, stranger], (10, 300, 20, 200, 5, 900), strict=True))
        for number, (job, amount) in enumerate(amounts.items(), 1):
            LedgerEntry.objects.create(
                team=job.team, job=job, number=number, kind="charge", held=-amount * M,
                spent=amount * M, credit_price=1, day=date(2026, 3, 17), digest=b"x",
            )  # fmt: skip
        (one,) = self.told(ana, *seen())
        assert [entry.spent // M for entry in one.entries] == [300, 200, 20]

    def test_of_one_provider_too_and_of_smaller_parts_not(self, seen, ana, spike):
        assert len(self.told(ana, *seen("provider=runware"))) == 1
        assert self.told(ana, *seen("provider=trinetra")) == []
        assert self.told(ana, *seen(f"person={ana.pk}")) == []

    def test_the_first_days_of_a_team_are_no_alarm(self, seen, ana):
        every_day(ana, TODAY - DAY * 5, TODAY, spent=35)
        total(ana, TODAY, spent=900)
        assert self.told(ana, *seen()) == []
