"""All that the report asks, on both databases."""

from datetime import timedelta

from django.http import QueryDict

from studio import ledger
from studio.core.money import MICRO
from studio.core.status import JobStatus
from studio.models import Cap, Tag
from studio.reports.caps import caps_of
from studio.reports.costs.asked import read
from studio.reports.costs.bars import bars
from studio.reports.costs.figures import figures
from studio.reports.costs.groups import groups
from studio.reports.costs.latest import latest
from studio.reports.costs.names import FIELDS, Names
from studio.reports.costs.pace import pace
from studio.reports.costs.spending import spending
from studio.reports.costs.unusual import unusual_days
from tests.factories import make_job, make_member, make_price, make_project
from tests.rollups import took, total


def _told() -> dict[str, object]:
    ana = make_member()
    make_project(ana.team)
    make_price(provider="painter", credits_per_second=7)
    make_price(provider="animatic", credits_per_second=0)
    tag = Tag.objects.create(team=ana.team, name="hero")
    today = ledger.today_of(ana.team)
    for ago in range(60):
        total(ana, today - timedelta(days=ago), provider="painter", tags=f"{tag.pk}")
    total(ana, today, provider="painter", spent=900)
    took(ana, today, "painter", 80)
    make_job(JobStatus.SUCCEEDED, author=ana)
    Cap.objects.create(team=ana.team, amount=MICRO)
    names, told = Names(ana), {}
    for by in FIELDS:
        view = read(
            QueryDict(f"period=dates&from={today}&until={today}&by={by}&tag={tag.pk}"), names, today
        )
        told[by] = groups(ana.team, view, names).whole.spent // MICRO
    view = read(QueryDict(f"period=dates&from={today}&until={today}"), names, today)
    found = spending(ana.team, view)
    counted = figures(ana.team, view)
    return told | {
        "now": (counted.now.spent // MICRO, counted.approved.seconds, len(counted.times)),
        "types": {type(one) for one in counted.now},
        "bars": bars(view, found).whole // MICRO,
        "pace": pace(ana.team, view, found).allowed is not None,
        "unusual": [len(one.entries) for one in unusual_days(ana.team, view, names, found)],
        "entries": len(latest(ana.team)), "limits": len(caps_of(ana.team, today).rows),
    }  # fmt: skip


def test_the_report_is_the_same(any_house):
    assert any_house.inside(_told) == {
        **dict.fromkeys(FIELDS, 35),
        "now": (935, 10, 1), "types": {int}, "bars": 935, "pace": True, "unusual": [0],
        "entries": 3, "limits": 1,
    }  # fmt: skip
