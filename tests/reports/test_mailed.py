"""Reports that come by themselves: what they say, to whom, and never twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from studio.core.notices import Channel, Kind
from studio.core.outcome import Outcome
from studio.models import Delivery, Notice, ReportSchedule, Role
from studio.pipeline import letters
from studio.reports import mailed
from studio.services import schedules
from tests.factories import make_member, make_project
from tests.rollups import total

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


@pytest.fixture
def ana():
    return make_member(team=make_project().team, name="Ana Ruiz")


@pytest.fixture
def february(ana):
    jonas = make_member(team=ana.team, name="Jonas Weber")
    total(ana, date(2026, 2, 23), spent=60, seconds=10)
    total(jonas, date(2026, 3, 1), spent=30, outcome=Outcome.UNSEEN)
    total(ana, date(2026, 3, 2), spent=500)
    return ana


@pytest.fixture
def now(monkeypatch):
    """Let it be a moment on this Monday."""

    def be(moment=MONDAY):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    be()
    return be


def keep(member, now, **fields) -> ReportSchedule:
    now(MONDAY - timedelta(days=2))
    values = {"name": "Mondays", "query": "period=week", "rhythm": "weekly", **fields}
    row = schedules.add(member, **values)
    now(MONDAY)
    return row


def test_a_monday_tells_of_the_week_before(february, now):
    row = keep(february, now)
    assert mailed.tell_due() == 1
    (notice,) = Notice.objects.filter(member=february)
    assert (notice.kind, str(notice)) == (
        Kind.REPORT, "Mondays: Costs of 23 February to 1 March 2026"
    )  # fmt: skip
    rows = dict(notice.rows)
    assert rows["Spent"] == "90 cr ($0.90)"
    assert rows["Per approved second"] == "9.0 cr"
    assert rows["Wasted"] == "30 cr (33 %)"
    assert (rows["Ana Ruiz"], rows["Jonas Weber"]) == ("60 cr", "30 cr")
    assert notice.get_absolute_url() == "/costs/?period=week&from=2026-02-23"
    row.refresh_from_db()
    assert row.next_at == MONDAY + timedelta(days=7)


def test_it_is_told_once(february, now):
    keep(february, now)
    assert (mailed.tell_due(), mailed.tell_due()) == (1, 0)
    ReportSchedule.objects.update(next_at=MONDAY)  # as if a worker had died before it wrote that
    assert mailed.tell_due() == 1
    assert Notice.objects.filter(member=february).count() == 1


def test_not_before_its_time(february, now):
    keep(february, now)
    now(MONDAY - timedelta(seconds=1))
    assert mailed.tell_due() == 0


def test_who_may_not_see_costs_any_more_hears_nothing(february, now):
    keep(february, now)
    type(february).objects.update(role=Role.REVIEWER)
    assert mailed.tell_due() == 1
    assert not Notice.objects.exists()


def test_it_is_in_the_mail_with_its_figures(february, now, settings):
    settings.MAIL_IS_ON, settings.PUBLIC_URL = True, "https://studio.example"
    keep(february, now)
    mailed.tell_due()
    assert Delivery.objects.mails().count() == 1
    letter = letters.compose(february, list(Notice.objects.filter(member=february)), batch="b")
    assert "Spent: 90 cr ($0.90)" in letter.body
    assert "https://studio.example/costs/?period=week&from=2026-02-23" in letter.body
    html = letter.alternatives[0][0]
    assert '<th scope="row" align="left">Jonas Weber</th>' in html


def test_mail_is_what_it_comes_by_unless_somebody_says_otherwise():
    from studio.core.notices import SPECS

    assert Channel.MAIL in SPECS[Kind.REPORT].channels


def test_names_are_nothing_but_text(february, now):
    february.user.name = "<b>Ana</b>"
    february.user.save()
    keep(february, now)
    mailed.tell_due()
    letter = letters.compose(february, list(Notice.objects.filter(member=february)), batch="b")
    assert "<b>Ana</b>" not in letter.alternatives[0][0]
