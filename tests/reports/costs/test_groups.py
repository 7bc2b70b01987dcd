"""The table of the report: two levels, their order, and sums that are exact."""

from datetime import date

import pytest
from django.http import QueryDict

from studio.core.money import MICRO
from studio.core.outcome import Outcome
from studio.models import Tag, Template
from studio.reports.costs import groups as table
from studio.reports.costs.asked import read
from studio.reports.costs.groups import groups
from studio.reports.costs.names import Names
from tests.factories import make_member, make_project
from tests.rollups import failure, free, total

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 19)


@pytest.fixture
def ana():
    return make_member(team=make_project().team, name="Ana Ruiz")


@pytest.fixture
def jonas(ana):
    return make_member(team=ana.team, name="Jonas Weber")


@pytest.fixture
def told(ana):
    def told(query=""):
        names = Names(ana)
        return groups(ana.team, read(QueryDict(query), names, TODAY), names)

    return told


def spent(rows) -> list[tuple[str, int]]:
    return [(row.label, row.sums.spent // MICRO) for row in rows.shown]


class TestRows:
    def test_by_person_then_provider_those_that_cost_most_first(self, told, ana, jonas):
        total(ana, TODAY, spent=10)
        total(jonas, TODAY, spent=20, provider="trinetra")
        total(jonas, TODAY, spent=30)
        found = told()
        assert spent(found.rows) == [("Jonas Weber", 50), ("Ana Ruiz", 10)]
        assert spent(found.rows.shown[0].parts) == [("Runware", 30), ("Trinetra", 20)]
        assert found.rows.shown[0].member == jonas
        assert found.whole.spent == 60 * MICRO
        assert not found.overlaps

    def test_all_columns(self, told, ana):
        total(ana, TODAY, spent=60, seconds=10)
        failure(ana, TODAY, released=35, refunded=5)
        failure(ana, TODAY, outcome=Outcome.CANCELLED, failed=0, released=35)
        (row,) = told().rows.shown
        sums = row.sums
        assert (sums.jobs, sums.success, sums.seconds) == (3, 50, 10)
        assert (sums.given_back, sums.approved_seconds) == (75 * MICRO, 10)
        assert sums.per_approved_second == 6 * MICRO

    @pytest.mark.parametrize(
        ("by", "labels"),
        [
            ("provider", ["Runware", "Animatic"]),
            ("decision", ["Approved", "Rehearsals"]),
            ("template", ["Without a template"]),
            ("tag", ["Without a tag"]),
        ],
    )
    def test_by_each_of_the_others(self, told, ana, by, labels):
        total(ana, TODAY)
        free(ana, TODAY)
        assert [row.label for row in told(f"by={by}").rows.shown] == labels

    def test_free_work_says_so(self, told, ana):
        free(ana, TODAY)
        (row,) = told("by=provider").rows.shown
        assert row.sums.is_free
        assert row.sums.per_approved_second is None

    def test_without_a_second_level(self, told, ana):
        total(ana, TODAY)
        assert told("then=none").rows.shown[0].parts is None

    def test_one_that_is_far_dearer_per_approved_second_is_marked(self, told, ana, jonas):
        total(ana, TODAY, spent=10, seconds=10)
        total(jonas, TODAY, spent=40, seconds=10)
        assert [row.is_dear for row in told().rows.shown] == [True, False]

    def test_a_private_template_of_somebody_else_keeps_its_name(self, told, ana, jonas):
        secret = Template.objects.create(
            team=ana.team, author=jonas, name="Secret", is_private=True
        )
        own = Template.objects.create(team=ana.team, author=ana, name="Own", is_private=True)
        total(ana, TODAY, template=secret)
        total(ana, TODAY, template=own, spent=1)
        assert [row.label for row in told("by=template").rows.shown] == [
            "A private template",
            "Own",
        ]


class TestTags:
    @pytest.fixture
    def tags(self, ana):
        hero, night = (Tag.objects.create(team=ana.team, name=name) for name in ("hero", "night"))
        total(ana, TODAY, tags=f"{hero.pk},{night.pk}", spent=10)
        total(ana, TODAY, tags=f"{hero.pk}", spent=20)
        total(ana, TODAY, spent=5)
        return hero, night

    def test_a_clip_with_two_counts_under_both_and_once_in_the_sum(self, told, tags):
        found = told("by=tag")
        assert spent(found.rows) == [("hero", 30), ("night", 10), ("Without a tag", 5)]
        assert found.whole.spent == 35 * MICRO
        assert found.overlaps
        assert found.rows.count == 2

    def test_as_the_second_level_they_do_not_change_the_first(self, told, tags):
        (row,) = told("then=tag").rows.shown
        assert row.sums.spent == 35 * MICRO
        assert spent(row.parts) == [("hero", 30), ("night", 10), ("Without a tag", 5)]

    def test_where_no_clip_has_two_nothing_is_said(self, told, ana):
        tag = Tag.objects.create(team=ana.team, name="hero")
        total(ana, TODAY, tags=f"{tag.pk}")
        assert not told("by=tag").overlaps


class TestMany:
    def test_those_beyond_are_one_row_and_the_sum_is_exact(self, told, ana, monkeypatch):
        monkeypatch.setattr(table, "MOST_ROWS", 3)
        monkeypatch.setattr(table, "MOST_PARTS", 2)
        for place in range(6):
            total(ana, TODAY, model=f"model-{place}", spent=10 + place)
        found = told("by=model")
        assert [row.label for row in found.rows.shown] == ["model-5", "model-4", "model-3"]
        assert (found.rows.more, found.rows.rest.spent) == (3, (10 + 11 + 12) * MICRO)
        assert (found.rows.count, found.whole.spent) == (6, 75 * MICRO)
        parts = told("by=person&then=model").rows.shown[0].parts
        assert (len(parts.shown), parts.more, parts.rest.spent) == (2, 4, 46 * MICRO)
