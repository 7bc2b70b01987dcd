"""The review queue: straight into the first take that waits, all of them as a list, and the end."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from studio.core.review import Verdict
from studio.models import Decision, Member, Project, Take
from studio.reports import review as queue
from studio.reports.decisions import rules_of
from studio.views import hx
from studio.views.access import signed_in
from studio.views.decisions import page_of
from studio.views.shell import shell

PAGE = 48
MOST_BADGE = 99
SITTING = timedelta(hours=12)  # decisions of one working day are told at its end
MOST_TOLD = 24


@require_GET
@signed_in
def review(request: hx.MemberRequest) -> HttpResponse:
    """The first take that waits for this person, or what they have decided."""
    first = queue.waiting(request.member, request.project).first()
    if first:
        return redirect(page_of(first))
    context = {**shell(request), "nav": "review", **_told(request.member, request.project)}
    return render(request, "review/done.html", context)


def _told(member: Member, project: Project) -> dict[str, Any]:
    """What the member has decided in this sitting, newest first, and how often what."""
    said = Decision.objects.filter(
        member=member, take__clip__project=project, decided_at__gt=timezone.now() - SITTING
    )
    counted = Counter(said.values_list("verdict", flat=True))
    rows = said.select_related("take__clip", "take__poster").order_by("-decided_at", "-pk")
    return {
        "counts": [(verdict, counted[verdict]) for verdict in Verdict if counted[verdict]],
        "rows": rows[:MOST_TOLD],
        "rule": rules_of([project])[project.pk],
        "counts_me": queue.is_asked(member, project),
    }


@require_GET
@signed_in
def waiting(request: hx.MemberRequest) -> HttpResponse:
    """Everything that waits, 48 at a time: `?after=CLIP-TAKE` is where the last page ended."""
    takes = queue.waiting(request.member, request.project)
    place = _place(request.GET.get("after", ""))
    page = takes.filter(queue.after(*place)) if place else takes
    rows = list(page.select_related("clip__author__user", "poster", "job")[: PAGE + 1])
    context = {
        "rows": rows[:PAGE],
        "after": _key(rows[PAGE - 1]) if len(rows) > PAGE else "",
    }
    if hx.target_of(request) == "more":
        return render(request, "review/_rows.html", context)
    more = {"nav": "review", "total": queue.count(takes), "most_counted": queue.MOST_COUNTED}
    return render(request, "review/waiting.html", {**shell(request), **context, **more})


def _key(take: Take) -> str:
    return f"{take.clip_id}-{take.number}"


def _place(text: str) -> tuple[int, int] | None:
    """A clip and a take's number; None for anything else, which is the beginning."""
    parts = text.split("-")
    if len(parts) != 2 or not all(part.isdecimal() and len(part) < 18 for part in parts):
        return None
    clip, number = map(int, parts)
    return clip, number


@require_GET
@signed_in
def count(request: hx.MemberRequest) -> HttpResponse:
    """The number on the rail, asked for once the page is there: so it slows none."""
    waits = queue.count(queue.waiting(request.member, request.project), most=MOST_BADGE)
    context = {"waits": waits, "most": MOST_BADGE, "is_more": waits > MOST_BADGE}
    return render(request, "review/_badge.html", context)
