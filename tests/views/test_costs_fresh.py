"""What the page of costs has brought up to date before it reads it."""

import pytest
from django.http import QueryDict

from studio import ledger
from studio.models import Role
from studio.reports.costs.asked import read
from studio.reports.costs.names import Names
from studio.reports.costs.spending import first_needed
from studio.views import costs
from tests.factories import make_member, make_project

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["period=year&from=2025-05-05", "period=week", ""])
def test_all_that_is_read(client, monkeypatch, query):
    """Also the year that a past year is compared with."""
    ana = make_member(Role.ADMIN)
    make_project(ana.team)
    client.force_login(ana.user)
    asked = []
    monkeypatch.setattr(costs.totals, "refresh", lambda *span: asked.append(span))
    assert client.get(f"/costs/?{query}").status_code == 200
    view = read(QueryDict(query), Names(ana), ledger.today_of(ana.team))
    ((team, since, until),) = asked
    assert team == ana.team
    assert since <= min(first_needed(view), view.earlier.first)
    assert until == view.past.last
