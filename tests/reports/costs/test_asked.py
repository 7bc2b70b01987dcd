"""Addresses as views, and views as addresses."""

from datetime import date

import pytest
from django.http import QueryDict

from studio.core.periods import Days
from studio.models import Tag
from studio.reports.costs.asked import read
from studio.reports.costs.names import Names
from tests.factories import make_member, make_project
from tests.rollups import total

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 19)
MARCH = Days(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def ana():
    return make_member(team=make_project().team, name="Ana Ruiz")


@pytest.fixture
def asked(ana):
    return lambda query="": read(QueryDict(query), Names(ana), TODAY)


class TestRead:
    def test_nothing_is_this_month_by_person_and_provider(self, asked):
        view = asked()
        assert (view.days, view.by, view.then, view.bars) == (MARCH, "person", "provider", "day")
        assert view.past == Days(date(2026, 3, 1), TODAY)
        assert view.earlier == Days(date(2026, 2, 1), date(2026, 2, 19))
        assert view.told == ()

    def test_a_day_of_another_month_is_that_month(self, asked):
        assert asked("from=2026-02-11").days == Days(date(2026, 2, 1), date(2026, 2, 28))

    def test_chosen_dates(self, asked):
        view = asked("period=dates&from=2025-12-30&until=2026-01-02")
        assert view.days == view.past == Days(date(2025, 12, 30), date(2026, 1, 2))

    @pytest.mark.parametrize(
        ("query", "days"),
        [
            ("period=dates", Days(date(2026, 3, 1), TODAY)),
            ("period=dates&from=2026-03-05", Days(date(2026, 3, 5), TODAY)),
            ("period=dates&until=2026-02-05", Days(date(2026, 2, 1), date(2026, 2, 5))),
            ("period=dates&from=2026-04-05", Days(date(2026, 4, 5), date(2026, 4, 5))),
        ],
    )
    def test_chosen_dates_of_which_one_is_missing(self, asked, query, days):
        view = asked(query)
        assert (view.days, view.told) == (days, ())

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("period=moon", "period takes week, month, quarter, year or dates, not “moon”; this is month."),
            ("from=yesterday", "from takes a day from 2000 to 2100, such as 2026-11-30, not “yesterday”."),
            ("from=1999-12-31", "from takes a day from 2000 to 2100, such as 2026-11-30, not “1999-12-31”."),
            (
                "period=dates&from=2026-03-09&until=2026-03-01",
                "until must not be before from, which is 9 March 2026; this is one day.",
            ),
            (
                "period=dates&from=2001-01-01&until=2026-03-01",
                "from and until may be ten years apart; this is the last year of them.",
            ),
            ("then=person", "then takes something else than by, which is person; this is provider."),
            ("period=year&bars=day", "Bars per day are too many for 365 days; these are per month."),
            ("project=banana", "There is no project “banana” in this team; this is about all of them."),
            ("provider=kling", "There is no provider “kling” in this team; this is about all of them."),
            ("provider=%00", "There is no provider “�” in this team; this is about all of them."),
            ("decision=maybe", "There is no decision “maybe” in this team; this is about all of them."),
        ],
    )  # fmt: skip
    def test_what_is_not_known_becomes_the_usual_and_is_told(self, asked, query, sentence):
        view = asked(query)
        assert view.told == (sentence,)
        assert view.wanted == {}

    def test_another_team_s_project_is_as_if_there_were_none(self, asked):
        foreign = make_project()
        view = asked(f"project={foreign.pk}")
        assert view.wanted == {}
        assert foreign.name not in view.told[0]

    def test_a_provider_that_is_gone_is_still_in_old_rows(self, asked, ana):
        total(ana, TODAY, provider="oldone")
        assert asked("provider=oldone").wanted == {"provider": "oldone"}


class TestAddress:
    @pytest.mark.parametrize(
        "query",
        [
            "",
            "period=week",
            "from=2026-02-01",
            "period=dates&from=2025-12-30&until=2026-01-02&by=model&then=none&bars=week",
            "period=quarter&by=provider&then=decision&bars=month&decision=approved",
        ],
    )
    def test_leads_to_the_same_view(self, asked, query):
        view = asked(query)
        assert view.told == ()
        assert view.query == query
        assert asked(view.query) == view

    def test_of_names_of_the_team(self, asked, ana):
        tag = Tag.objects.create(team=ana.team, name="hero")
        view = asked(f"person={ana.pk}&tag={tag.pk}")
        assert view.wanted == {"person": str(ana.pk), "tag": str(tag.pk)}
        assert asked(view.query) == view

    def test_that_is_copied_keeps_its_days(self, asked):
        assert asked("by=tag").fixed == "/costs/?from=2026-03-01&by=tag"
        assert asked("by=tag").address == "/costs/?by=tag"

    def test_that_asks_for_nothing_is_the_page(self, asked):
        assert asked().address == "/costs/"

    def test_of_another_period_is_about_the_same_time(self, asked):
        assert asked("from=2026-01-11").over("week") == "/costs/?period=week&from=2026-01-26"
        assert asked("period=week").over("month") == "/costs/"
