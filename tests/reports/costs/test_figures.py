"""Every figure of the report, worked out by hand."""

from datetime import date

import pytest
from django.http import QueryDict

from studio.core import durations
from studio.core.money import MICRO
from studio.core.outcome import Outcome
from studio.core.status import JobStatus
from studio.models import Tag
from studio.reports.costs.asked import read
from studio.reports.costs.figures import figures
from studio.reports.costs.names import Names
from tests.factories import make_job, make_member, make_price, make_project
from tests.rollups import failure, free, took, total

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 19)


@pytest.fixture
def ana():
    return make_member(team=make_project().team, name="Ana Ruiz")


@pytest.fixture
def told(ana):
    return lambda query="": figures(ana.team, read(QueryDict(query), Names(ana), TODAY))


@pytest.fixture
def march(ana):
    """100 credits charged: 60 approved (10 s), 20 never looked at, 20 for a job that failed."""
    total(ana, date(2026, 3, 2), held=60, charged=60, spent=60, seconds=10, takes=2)
    total(ana, date(2026, 3, 3), held=30, charged=30, refunded=10, spent=20, outcome=Outcome.UNSEEN)
    failure(ana, date(2026, 3, 19), held=50, charged=20, spent=20, released=30)
    free(ana, date(2026, 3, 19), seconds=8)


@pytest.mark.usefixtures("march")
class TestMoney:
    def test_spent_is_told_in_dollars_too(self, told):
        assert told().now.spent == 100 * MICRO
        assert told().usd == 1 * MICRO

    def test_given_back_is_released_and_refunded(self, told):
        assert told().now.given_back == 40 * MICRO
        assert (told().now.released, told().now.refunded) == (30 * MICRO, 10 * MICRO)
        assert told().not_succeeded == 1

    def test_against_the_same_days_of_the_month_before(self, told, ana):
        total(ana, date(2026, 2, 19), spent=80)
        total(ana, date(2026, 2, 20), spent=500)
        total(ana, date(2026, 1, 31), spent=500)
        assert told().before.spent == 80 * MICRO
        assert told().more == 25

    def test_against_nothing_there_is_no_percentage(self, told):
        assert told().more is None

    def test_per_approved_second_pays_for_failures_too(self, told, ana):
        assert told().now.per_approved_second == 10 * MICRO
        assert (told().approved.seconds, told().approved.takes) == (10, 2)
        assert told().before.per_approved_second is None
        total(ana, date(2026, 2, 3), spent=60, seconds=5)
        assert told().before.per_approved_second == 12 * MICRO
        assert told().trend == "down from"

    def test_per_take_leaves_rehearsals_out(self, told):
        assert told().takes == 3
        assert told().per_take == 33_333_333
        assert told().per_approved_take == 50 * MICRO

    def test_waste_by_its_reason(self, told):
        assert {one.label: (one.amount, one.share) for one in told().waste} == {
            "Rejected": (0, 0), "Never looked at": (20 * MICRO, 20), "Failed": (20 * MICRO, 20),
            "Cancelled": (0, 0),
        }  # fmt: skip
        assert (told().wasted, told().wasted_share) == (40 * MICRO, 40)

    def test_success_does_not_count_what_somebody_cancelled(self, told, ana):
        assert told().now.success == 75
        failure(ana, TODAY, outcome=Outcome.CANCELLED, failed=0)
        assert told().now.success == 75
        assert told().now.jobs == 5

    def test_after_today_nothing_counts(self, told, ana):
        total(ana, date(2026, 3, 20), spent=500)
        assert told().now.spent == 100 * MICRO

    def test_another_team_s_money_is_not_ours(self, told):
        stranger = make_member(team=make_project().team)
        total(stranger, date(2026, 3, 2), spent=500)
        assert told().now.spent == 100 * MICRO


class TestNarrowed:
    def test_to_a_tag_among_others(self, told, ana):
        tags = [Tag.objects.create(team=ana.team, name=name) for name in ("a", "b", "c")]
        one, two, three = (tag.pk for tag in tags)
        for place, keys in enumerate(
            [f"{one}", f"{one},{two}", f"{two},{three}", f"{one}{two}", ""]
        ):
            total(ana, TODAY, tags=keys, spent=10**place)
        assert told(f"tag={one}").now.spent == 11 * MICRO
        assert told(f"tag={two}").now.spent == 110 * MICRO
        assert told(f"tag={three}").now.spent == 100 * MICRO

    def test_to_a_person_and_a_provider(self, told, ana):
        jonas = make_member(team=ana.team)
        total(ana, TODAY, spent=1)
        total(jonas, TODAY, spent=10)
        total(jonas, TODAY, spent=100, provider="trinetra")
        assert told(f"person={jonas.pk}&provider=runware").now.spent == 10 * MICRO

    def test_to_a_decision(self, told, ana):
        total(ana, TODAY, spent=1)
        total(ana, TODAY, spent=10, outcome=Outcome.REJECTED)
        assert told("decision=rejected").now.spent == 10 * MICRO


class TestHeld:
    def test_now_whatever_the_period(self, told, ana):
        make_price(credits_per_second=7)
        make_job(JobStatus.RUNNING, author=ana)
        make_job(JobStatus.UNCERTAIN, author=ana)
        make_job(JobStatus.FAILED, author=ana)
        held = told("from=2025-01-01").held
        assert (held.jobs, held.amount, held.uncertain) == (2, 14 * MICRO, 7 * MICRO)

    def test_of_what_the_view_is_narrowed_to(self, told, ana):
        make_price(credits_per_second=7)
        clip = make_job(JobStatus.RUNNING, author=ana).clip
        jonas = make_member(team=ana.team)
        tag = Tag.objects.create(team=ana.team, name="hero")
        tag.clips.add(clip)
        assert told(f"person={ana.pk}&tag={tag.pk}&project={clip.project_id}").held.jobs == 1
        assert told(f"person={jonas.pk}").held.jobs == 0
        assert told("decision=approved").held.jobs == 0


class TestTimes:
    def test_the_middle_job_of_each_provider_the_quickest_first(self, told, ana):
        quick, slow, slowest = (durations.bucket(seconds) for seconds in (30, 60, 600))
        took(ana, date(2026, 3, 2), "runware", quick, 2)
        took(ana, date(2026, 3, 3), "runware", slowest, 1)
        took(ana, date(2026, 3, 3), "aimlapi", slow, 4)
        took(ana, date(2026, 2, 3), "aimlapi", slowest, 40)
        found = told().times
        assert [(one.provider, one.jobs) for one in found] == [("runware", 3), ("aimlapi", 4)]
        assert [one.seconds for one in found] == pytest.approx([30, 60], rel=0.03)
        assert [one.provider for one in told("provider=aimlapi").times] == ["aimlapi"]


class TestStates:
    def test_nothing_at_all(self, told):
        assert told().is_empty
        assert not told().is_free
        assert told().wasted_share is None

    def test_free_work_alone(self, told, ana):
        free(ana, TODAY)
        assert told().is_free
        assert not told().is_empty

    def test_something_on_hold(self, told, ana):
        make_price(credits_per_second=7)
        make_job(JobStatus.RUNNING, author=ana)
        assert not told().is_empty
