"""Asking for more: of a limit, or of what the team was granted; and what becomes of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from studio import ledger, notices, permissions
from studio.core.errors import StudioError, TooLate, TooOften
from studio.core.money import words
from studio.core.status import JobStatus
from studio.ledger import books, counting
from studio.models import Cap, CapRequest, Job, Member
from studio.services.budgets import go_on

LASTS = timedelta(days=7)
PAUSE = timedelta(hours=4)  # between two reminders
TEAM = "The team budget"


def whose(request: CapRequest) -> str:
    """What the budget is called that it asks for more of."""
    return ledger.title_of(request.cap) if request.cap else TEAM


def ask(member: Member, cap: Cap | None, amount: int, *, reason: str) -> CapRequest:
    """Ask for so many micro-credits more; `cap` None: for the team. A request that is still open
    becomes this one.
    """
    permissions.require(permissions.can_ask_for_more(member, cap), "ask for more of this budget")
    with transaction.atomic():
        request = _open(member, cap)
        request.amount, request.reason = amount, reason
        request.save()
        notices.credits_asked(request, whose=whose(request))
    return request


def _open(member: Member, cap: Cap | None) -> CapRequest:
    """The open one of this member, from now on for a whole week; else a new one of nothing.

    The team's books are locked, so that two presses at once make one of it.
    """
    books.locked(member.team)
    mine = CapRequest.objects.open().filter(member=member, cap=cap)
    request = mine.first() or CapRequest(team=member.team, member=member, cap=cap, amount=0)
    request.expires_at = timezone.now() + LASTS
    return request


def ask_for(jobs: Sequence[Job]) -> None:
    """These wait after one press: their author asks for what is lacking, in each budget that has
    too little.
    """
    first = jobs[0]
    for room in rooms_of(first).short_of(amounts_of(jobs)):
        request = _open(first.author, room.cap)
        wished = request.amount if request.reason else 0
        request.amount = max(wished, _needed(first, room.cap) - room.left)
        request.save()
        counted = [job for job in jobs if _counts(room.cap, job)]
        notices.credits_asked(request, whose=whose(request), jobs=counted)


def rooms_of(job: Job) -> ledger.Rooms:
    """All budgets that count it."""
    return ledger.Rooms(team=job.team, project=job.clip.project_id, member=job.author_id)


def _counts(cap: Cap | None, job: Job) -> bool:
    return cap is None or cap.counts(
        project=job.clip.project_id, member=job.author_id, provider=job.provider
    )


def _needed(job: Job, cap: Cap | None) -> int:
    """Micro-credits for all that its author waits for in this budget."""
    waiting = Job.objects.of_team(job.team).filter(author=job.author_id, status=JobStatus.WAITING)
    if cap and cap.project_id:
        waiting = waiting.filter(clip__project=cap.project_id)
    if cap and cap.provider:
        waiting = waiting.filter(provider=cap.provider)
    return int(waiting.aggregate(needed=Sum("quoted", default=0))["needed"])


def amounts_of(jobs: Sequence[Job]) -> Mapping[str, int]:
    """What they cost by provider."""
    amounts: dict[str, int] = defaultdict(int)
    for job in jobs:
        amounts[job.provider] += job.quoted
    return amounts


def approve(member: Member, request: CapRequest, amount: int) -> CapRequest:
    """Grant micro-credits of what is asked for, at most all of it; jobs that waited go on.

    Raises TooLate where it was decided or has expired, StudioError for another amount.
    """
    _require(member, request)
    if not 0 < amount <= request.amount:
        raise StudioError(
            f"Approve must be more than 0 and at most {words(request.amount)} credits, "
            "which is what was asked for."
        )
    with transaction.atomic():
        _decide(member, request, granted=amount)
        _give(member, request)
        notices.credits_decided(request, whose=whose(request))
        team = request.team if request.cap is None or request.cap.team else None
        transaction.on_commit(lambda: go_on(team))
    return request


def refuse(member: Member, request: CapRequest) -> CapRequest:
    """Raises as `approve` does."""
    _require(member, request)
    with transaction.atomic():
        _decide(member, request, granted=0)
        notices.credits_decided(request, whose=whose(request))
    return request


def withdraw(member: Member, request: CapRequest) -> CapRequest:
    """Who asked does so no more."""
    permissions.require(request.member_id == member.pk, "withdraw what somebody else asks for")
    with transaction.atomic():
        _decide(member, request, granted=0)
    return request


def _require(member: Member, request: CapRequest) -> None:
    permissions.require(permissions.can_decide_request(member, request), "decide about budgets")


def _decide(member: Member, request: CapRequest, *, granted: int) -> None:
    """The books are locked first, as whoever orders does it in this order too."""
    counting.lock(request.cap) if request.cap else books.locked(request.team)
    still = CapRequest.objects.open().filter(Q(cap=None) | Q(cap__removed_at=None), pk=request.pk)
    done = still.update(granted=granted, decided_at=timezone.now(), decided_by=member)
    request.refresh_from_db()
    if not done:
        raise TooLate(_why_not(request))


def _why_not(request: CapRequest) -> str:
    if request.decided_at:
        return f"{request.decided_by} has decided about this already."
    if not request.is_open:
        return "This request has expired; whoever needs it can ask again."
    return "This budget was removed; nothing waits for it any more."


def _give(member: Member, request: CapRequest) -> None:
    cause = f"asked for by {request.member}"
    if request.cap is None:
        ledger.grant(request.team, request.granted, actor=member, cause=cause)
        return
    period = counting.add(request.cap, request.granted, ledger.today_of(request.team))
    CapRequest.objects.filter(pk=request.pk).update(period=period)


def remind(member: Member, request: CapRequest) -> None:
    """Tell once more who can decide; at most every four hours. Raises TooOften, TooLate."""
    permissions.require(request.member_id == member.pk, "remind of what somebody else asks for")
    _remind(request)


def _remind(request: CapRequest) -> None:
    now, mine = timezone.now(), CapRequest.objects.open().filter(pk=request.pk)
    if not mine.exists():
        raise TooLate(_why_not(request))
    long_ago = now - PAUSE
    rested = mine.filter(asked_at__lt=long_ago).exclude(reminded_at__gte=long_ago)
    with transaction.atomic():
        if not rested.update(reminded_at=now):
            raise TooOften("They were told within the last four hours; remind them later.")
        request.reminded_at = now
        notices.credits_asked(request, whose=whose(request), again=True)


def remind_of(member: Member, job: Job) -> None:
    """Remind of all that this job waits for, or ask for it where nobody did. Raises as `remind`."""
    permissions.require(permissions.can_steer(member, job), "remind of this job")
    if job.status != JobStatus.WAITING:
        raise TooLate("It waits for no budget any more.")
    short = {room.cap.pk if room.cap else None for room in ledger.short_of(job)}
    asked = CapRequest.objects.open().filter(member=job.author_id, team=job.team_id)
    known = [request for request in asked.select_related("cap", "member__user", "team")
             if request.cap_id in short]  # fmt: skip
    for request in known:
        _remind(request)
    if len(known) < len(short):
        with transaction.atomic():
            ask_for([job])
