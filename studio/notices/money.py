"""What people are told of money: who asks for more, what was decided, which limit is nearly used.

As in `causes`, each function is called in the transaction of what happened, and may run twice.
"""

from collections.abc import Sequence

from django.utils import timezone

from studio.core.money import words
from studio.core.notices import Kind
from studio.models import CapPeriod, CapRequest, Clip, Job, Member, Role, Team
from studio.notices.writing import About, admins_of, tell


def deciders_of(request: CapRequest) -> list[Member]:
    """Who can say yes (permissions.can_decide): of a limit of the studio admins of its first team."""
    return admins_of(_house_of(request))


def _house_of(request: CapRequest) -> Team:
    is_of_studio = request.cap and request.cap.team_id is None
    return (Team.objects.order_by("pk").first() if is_of_studio else None) or request.team


def credits_asked(
    request: CapRequest, *, whose: str, jobs: Sequence[Job] = (), again: bool = False
) -> None:
    """A member asks for more, because these jobs wait for it or for a reason of their own.

    Whoever can grant it hears of each press once, and `again` of a reminder. `whose` is what the
    budget is called.
    """
    house = _house_of(request)
    ours = bool(jobs) and house == request.team
    clip = jobs[0].clip if ours else None
    tell(
        kind=Kind.CREDITS, cause=_cause(request, jobs, again=again), to=deciders_of(request),
        actor=request.member, about=About(team=house, clip=clip),
        subject=clip.title if clip else whose, text=_said(request, jobs, clip, whose=whose),
        who=str(request.member),
    )  # fmt: skip


def _cause(request: CapRequest, jobs: Sequence[Job], *, again: bool) -> str:
    what = f"request {request.pk}"
    if again:
        return f"{what} again {request.reminded_at}"
    return f"{what} for job {jobs[0].pk}" if jobs else what


def _said(request: CapRequest, jobs: Sequence[Job], clip: Clip | None, *, whose: str) -> str:
    """What waits for how much of which budget; of one's own accord, how much and why."""
    if not jobs:
        return f"{words(request.amount)} cr. {request.reason}".strip()
    waits = f"{len(jobs)} jobs wait" if len(jobs) > 1 else "A job waits"
    needed = words(sum(job.quoted for job in jobs))
    of = f" of {whose}" if clip and request.cap_id else ""
    return f"{waits} for {needed} cr{of}."


def credits_decided(request: CapRequest, *, whose: str) -> None:
    """Who asked hears what came of it."""
    verdict = f"approved {words(request.granted)} cr" if request.granted else "refused"
    tell(
        kind=Kind.CREDITS_DECIDED, cause=f"request {request.pk} decided", to=[request.member],
        actor=request.decided_by, about=About(team=request.team), subject=whose,
        text=f"Asked for: {words(request.amount)} cr.", who=str(request.decided_by),
        verdict=verdict,
    )  # fmt: skip


def cap_passed(period: CapPeriod, *, whose: str) -> None:
    """A limit has passed a threshold: of a team its admins hear of it, of one member they do too,
    of the studio the admins of its first team.
    """
    cap, kind = period.cap, Kind.CAP_REACHED if period.is_reached else Kind.CAP_WARNED
    team = cap.team or Team.objects.order_by("pk").first()
    assert team, "there is no limit without a team that made it"
    tell(
        kind=kind, cause=f"limit {period.pk} {kind} {timezone.now().isoformat()}",
        to=_concerned(team, cap.member), about=About(team=team), subject=whose,
        text=_said_used(period), percent=period.used * 100 // period.limit if period.limit else 100,
    )  # fmt: skip


def _concerned(team: Team, member: Member | None) -> list[Member]:
    mine = [member] if member and member.role != Role.ADMIN else []
    return [*admins_of(team), *mine]


def _said_used(period: CapPeriod) -> str:
    used = f"{words(period.used)} of {words(period.limit)} cr are used or held"
    if not period.is_reached:
        return f"{used}, {words(period.left)} are left."
    rest = "Jobs wait until there is room." if period.cap.stops else "Jobs go on: it never stops."
    return f"{used}. {rest}"
