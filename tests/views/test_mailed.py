"""The page of mailed reports: kept for what was looked at, seen and removed by who asked alone."""

import pytest

from studio.models import ReportSchedule
from studio.services import schedules
from tests.factories import make_member, make_project

pytestmark = pytest.mark.django_db
PAGE = "/costs/mailed/"
FIELDS = {"name": "Mondays", "rhythm": "weekly", "query": "by=provider"}


@pytest.fixture
def ana(client):
    member = make_member(team=make_project().team, name="Ana Ruiz")
    client.force_login(member.user)
    return member


def test_the_view_that_was_looked_at_is_kept(client, ana):
    page = client.get(PAGE + "?period=week&by=provider&from=2026-02-02").content.decode()
    assert "Week by provider" in page
    assert 'name="query" value="period=week&amp;by=provider"' in page
    client.post(PAGE, FIELDS)
    row = ReportSchedule.objects.get(member=ana)
    assert (row.name, row.query, row.rhythm) == ("Mondays", "by=provider", "weekly")
    assert "Month by provider" in client.get(PAGE).content.decode()


def test_chosen_dates_stay(client, ana):
    page = client.get(PAGE + "?period=dates&from=2026-02-02&until=2026-02-09").content.decode()
    assert "Chosen dates stay the same in every mail" in page
    assert "from=2026-02-02" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Name must have 1 to 80 characters, not 0."),
        ({"name": "x" * 81}, "Name must have 1 to 80 characters, not 81."),
        ({"rhythm": "hourly"}, "When must be one of daily, weekly, monthly."),
        ({"query": "a" * 501}, "The view is too long to keep: at most 500 characters."),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_kept(client, ana, wrong, sentence):
    response = client.post(PAGE, {**FIELDS, **wrong})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not ReportSchedule.objects.exists()


def test_at_most_twenty(client, ana):
    for number in range(schedules.MOST):
        schedules.add(ana, **{**FIELDS, "name": f"Report {number}"})
    response = client.post(PAGE, FIELDS)
    assert "You have 20 mailed reports already" in response.content.decode()


def test_only_who_asked_removes_it(client, ana):
    mine = schedules.add(ana, **FIELDS)
    other = schedules.add(make_member(team=ana.team), **FIELDS)
    assert client.post(f"{PAGE}{other.pk}/remove/").status_code == 404
    assert client.post(f"{PAGE}{mine.pk}/remove/").status_code == 302
    assert list(ReportSchedule.objects.all()) == [other]
    assert list(client.get(PAGE).context["mailed"]) == []
