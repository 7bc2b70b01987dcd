"""Limits with what is used of them, and the requests for more, as pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q

from studio import ledger, permissions
from studio.core.status import JobStatus
from studio.ledger.caps import present
from studio.models import Cap, CapPeriod, CapRequest, Every, Job, Member, Team
from studio.models.caps import CapRequestQuerySet
from studio.reports.budgets import granters

PAGE = 50
MOST_OPEN = 100
PER = {Every.DAY: "today", Every.WEEK: "this week", Every.MONTH: "", Every.EVER: "for good"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One limit in its present period; `asks` is who is asked when it is full.

    `may_change` is for whoever looks.
    """

    cap: Cap
    period: CapPeriod
    asks: str
    may_change: bool = False

    @property
    def title(self) -> str:
        return ledger.title_of(self.cap)

    @property
    def span(self) -> str:
        """What stands beside its amount, where it is no month."""
        return PER[Every(self.cap.every)]

    @property
    def low(self) -> int:
        """Where the meter turns amber."""
        return min(self.period.limit * self.cap.warn_at // 100, max(self.period.limit - 1, 0))

    @property
    def high(self) -> int:
        """Where it turns red: a full one."""
        return max(self.period.limit - 1, 0)

    @property
    def tone(self) -> str:
        if not self.period.used:
            return ""
        if self.period.is_reached:
            return "bad"
        return "warn" if self.period.is_warned else ""


@dataclass(frozen=True, kw_only=True)
class Budgets:
    """`month` is what the heading says; `after` the key of the next page, None at the end."""

    month: str
    rows: Sequence[Row]
    may_add: bool = False
    after: int | None = None
    later: bool = False


def caps_of(
    team: Team, today: date, *, member: Member | None = None, after: int | None = None
) -> Budgets:  # fmt: skip
    """The limits of the team in the periods that this day is in, the first one first.

    With the `member` who looks it says what they may do, and has those of the studio for who runs
    it. Four queries.
    """
    runs_studio = member is not None and permissions.can_run_studio(member)
    seen = Cap.objects.standing().filter(
        Q(team=team) | (Q(team=None) if runs_studio else Q(pk=None))
    )
    found = list(seen.filter(pk__gt=after or 0).named().order_by("pk")[: PAGE + 1])
    periods = present(found[:PAGE], today)
    rows = _rows(periods, team, member)
    return Budgets(
        month=f"{today:%B}", rows=rows, later=after is not None,
        may_add=member is not None and permissions.can_limit(member),
        after=found[PAGE - 1].pk if len(found) > PAGE else None,
    )  # fmt: skip


def _rows(periods: Mapping[int, CapPeriod], team: Team, member: Member | None) -> list[Row]:
    names = [str(one) for one in granters(team)]
    whom = names[0] if len(names) == 1 else "an admin"
    may = member is not None and permissions.can_limit(member)
    return [
        Row(cap=period.cap, period=period, may_change=may, asks=_asks(period.cap, whom))
        for period in periods.values()
    ]


def _asks(cap: Cap, whom: str) -> str:
    """“Jonas asks Mei”, “authors ask an admin”."""
    return f"{cap.member} asks {whom}" if cap.member else f"authors ask {whom}"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request; `waiting` is how many jobs of who asks wait for some budget now."""

    request: CapRequest
    waiting: int = 0
    may_decide: bool = False
    is_mine: bool = False

    @property
    def title(self) -> str:
        return ledger.title_of(self.request.cap) if self.request.cap else "Team budget"

    @property
    def state(self) -> str:
        """open, approved, refused, withdrawn or expired."""
        request = self.request
        if request.is_open:
            return "open"
        if request.decided_at is None:
            return "expired"
        if request.granted:
            return "approved"
        return "withdrawn" if request.decided_by_id == request.member_id else "refused"


@dataclass(frozen=True, kw_only=True)
class Requests:
    """Those that can be decided, oldest first, and a page of the others, newest first."""

    open: Sequence[Asked]
    ended: Sequence[Asked]
    before: int | None = None


def requests_of(member: Member, *, before: int | None = None) -> Requests:
    """What they may decide about, and what they asked for themselves. Three queries."""
    seen = _seen_by(member).named()
    still = list(seen.open().order_by("pk")[:MOST_OPEN])
    over = seen.exclude(pk__in=CapRequest.objects.open()).order_by("-pk")
    ended = list((over.filter(pk__lt=before) if before else over)[: PAGE + 1])
    waiting = _waiting([one.member_id for one in still])
    return Requests(
        open=[replace(_asked(one, member), waiting=waiting.get(one.member_id, 0)) for one in still],
        ended=[_asked(one, member) for one in ended[:PAGE]],
        before=ended[PAGE - 1].pk if len(ended) > PAGE else None,
    )


def _seen_by(member: Member) -> CapRequestQuerySet:
    mine, ours = Q(member=member), Q(team=member.team)
    if not permissions.can_limit(member):
        return CapRequest.objects.filter(mine)
    if permissions.can_run_studio(member):
        ours |= Q(cap__isnull=False, cap__team=None)
    return CapRequest.objects.filter(ours)


def _asked(request: CapRequest, member: Member) -> Asked:
    return Asked(
        request=request, is_mine=request.member_id == member.pk,
        may_decide=permissions.can_decide_request(member, request),
    )  # fmt: skip


def _waiting(members: Sequence[int]) -> dict[int, int]:
    waits = Job.objects.filter(author__in=members, status=JobStatus.WAITING).order_by()
    return dict(waits.values_list("author").annotate(Count("pk")))
