"""The bell and the list behind it: one's own notices, and nobody else's."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from studio.models import Member, Notice
from studio.services import notices
from studio.views import hx
from studio.views.access import notice_read, signed_in
from studio.views.shell import shell

PAGE = 40
NEWEST = 8
MOST_COUNTED = 99
ALOUD_FOR = timedelta(minutes=10)  # then it is no news for a browser that was closed
MOST_ALOUD = 20


@require_GET
@never_cache
@signed_in
def index(request: hx.MemberRequest) -> HttpResponse:
    """Newest first, or with `?before=` those that are older than that one."""
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 18 else None
    context = {**_list(request.member, before=before, most=PAGE), "first": before is None}
    if hx.target_of(request) == "older":
        return render(request, "notices/_rows.html", context)
    return render(request, "notices/index.html", {**shell(request), **context, "nav": ""})


def _list(member: Member, *, most: int, before: int | None = None) -> dict[str, Any]:
    shown = Notice.objects.shown_to(member).newest_first(before=before)
    rows = list(shown[: most + 1])
    older = rows[most - 1].pk if len(rows) > most else None
    return {"notices": rows[:most], "older": older, "newest": rows[0].pk if rows else 0}


@require_GET
@never_cache
@signed_in
def newest(request: hx.MemberRequest) -> HttpResponse:
    """What the bell shows when it is opened."""
    return render(request, "notices/_newest.html", _list(request.member, most=NEWEST))


@require_GET
@never_cache
@signed_in
def unread(request: hx.MemberRequest) -> JsonResponse:
    """How many nobody has read, and what a browser may say aloud now."""
    mine = Notice.objects.shown_to(request.member).unread().order_by("-pk")
    count = mine[: MOST_COUNTED + 1].count()
    aloud = [_aloud(notice) for notice in _to_say(request.member)]
    return JsonResponse({"count": count, "aloud": aloud})


def _to_say(member: Member) -> list[Notice]:
    now = timezone.now()
    wanted = Notice.objects.unread().filter(member=member, in_browser=True)
    recent = wanted.filter(aloud_at__lte=now, aloud_at__gt=now - ALOUD_FOR)
    return list(recent.order_by("-pk")[:MOST_ALOUD])


def _aloud(notice: Notice) -> dict[str, Any]:
    body = f"{notice.said}\n{notice.text}".strip()
    return {"id": notice.pk, "title": notice.subject, "body": body}


@require_GET
@never_cache
@signed_in
def notice(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """Go to what it is about, which is to have read it."""
    found = notice_read(request, pk)
    notices.read(request.member, found)
    return redirect(found)


@require_POST
@signed_in
def read(request: hx.MemberRequest) -> HttpResponse:
    """All of them, up to the newest that the page showed."""
    upto = request.POST.get("upto", "")
    notices.read_all(
        request.member, upto=int(upto) if upto.isdecimal() and len(upto) < 18 else None
    )
    if hx.target_of(request) == "bell-list":
        return render(request, "notices/_newest.html", _list(request.member, most=NEWEST))
    return redirect("notices")
