"""The costs: what was spent, on what, and what it bought; any view of it is an address."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio import ledger, permissions
from studio.core.periods import Days
from studio.ledger import totals
from studio.reports.caps import caps_of
from studio.reports.costs.asked import read
from studio.reports.costs.bars import bars
from studio.reports.costs.figures import figures
from studio.reports.costs.groups import groups
from studio.reports.costs.latest import latest
from studio.reports.costs.names import Names
from studio.reports.costs.pace import pace
from studio.reports.costs.spending import first_needed, spending
from studio.reports.costs.unusual import unusual_days
from studio.reports.costs.view import View
from studio.views import costs_choices, costs_links, hx
from studio.views.access import allowed
from studio.views.costs_chart import chart
from studio.views.costs_rows import table
from studio.views.live import stream_url
from studio.views.shell import shell

TEMPLATE = "costs/report.html"
FIGURES, FIGURES_ALONE = "cost-figures", "costs/_figures.html"  # what is asked for again


@require_GET
@allowed(permissions.can_see_costs, "see the costs")
def costs(request: hx.MemberRequest) -> HttpResponse:
    team, names = request.member.team, Names(request.member)
    view = read(request.GET, names, ledger.today_of(team))
    totals.refresh(team, min(first_needed(view), view.earlier.first), view.past.last)
    context: dict[str, Any] = {"view": view, "team": team}
    if hx.target_of(request) == FIGURES:
        return render(request, FIGURES_ALONE, {**context, "figures": figures(team, view)})
    everything = {
        **shell(request), **context, **_tables(request, view, names), **_pictures(view, names),
        **_beside(request, view, names),
    }  # fmt: skip
    return hx.page(request, TEMPLATE, everything, parts={"costs"})


def _tables(request: hx.MemberRequest, view: View, names: Names) -> dict[str, Any]:
    """Figures and rows, from the same sums."""
    found = groups(names.team, view, names)
    return {
        "figures": figures(names.team, view, now=found.by_outcome),
        "table": table(view, found, names, request.project),
    }


def _pictures(view: View, names: Names) -> dict[str, Any]:
    """The chart with what it says, and the days that stand out."""
    found = spending(names.team, view)
    stacked, heading = bars(view, found), pace(names.team, view, found)
    unusual = unusual_days(names.team, view, names, found)
    drawn = chart(view, stacked, heading, unusual)
    return {"bars": stacked, "pace": heading, "unusual": unusual, "chart": drawn}


def _beside(request: hx.MemberRequest, view: View, names: Names) -> dict[str, Any]:
    return {
        "nav": "costs",
        "here": str(request.project.pk),
        "several": len(request.projects) > 1,
        "stream": stream_url(request, "costs"),
        "choices": costs_choices.choices(view, names),
        "exports": costs_links.exports(view.past),
        "ledger_page": costs_links.ledger({}, Days(view.days.first, view.past.last)),
        "budgets": caps_of(names.team, view.today, member=names.member),
        "entries": latest(names.team),
    }
