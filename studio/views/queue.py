"""The queue: lanes, who waits for what, and one job step by step."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio import permissions
from studio.models import Team
from studio.pipeline.undecided import billable
from studio.reports.lanes import paused_lanes
from studio.reports.uncertain import value
from studio.views import hx, lanes, queue_cards
from studio.views.access import job_read, signed_in
from studio.views.live import stream_url
from studio.views.shell import shell


@require_GET
@signed_in
def queue(request: hx.MemberRequest) -> HttpResponse:
    who = "mine" if request.GET.get("who") == "mine" else "all"
    picked = request.GET.get("job", "")
    context = {
        **shell(request),
        **queue_cards.board(request.member.team, author=request.member if who == "mine" else None),
        "nav": "queue",
        **(_for_admins(request.member.team) if permissions.is_admin(request.member) else {}),
        "paused_lanes": lanes.banner(paused_lanes()),
        "stream": stream_url(request, "queue"),
        "who": who,
        "picked": job_read(request, int(picked)) if picked.isdecimal() else None,
    }
    if hx.target_of(request) == "queue-job" and context["picked"]:
        return render(request, "queue/_job.html", {**context, "job": context["picked"]})
    return hx.page(request, "queue/queue.html", context)


def _for_admins(team: Team) -> dict[str, Any]:
    return {"undecided": value(team), "billable": billable(team).count()}
