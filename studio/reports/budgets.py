"""Who can grant credits, and which jobs wait for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum

from studio import ledger
from studio.core.status import JobStatus
from studio.ledger.caps import present
from studio.models import Cap, Job, Member, Role, Team

Group = tuple[int, int, str, int, int]  # project, author, provider, jobs, micro-credits


@dataclass(frozen=True, kw_only=True)
class Lack:
    """What a limit lacks, in micro-credits, for all that wait for it."""

    name: str
    missing: int


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Jobs that wait for a budget, the micro-credits that the team's lacks for all of them, and the
    limits that lack some too.
    """

    count: int
    missing: int
    limits: Sequence[Lack] = ()


def waiting_for_budget(team: Team) -> Waiting:
    """Two queries, two more where something waits."""
    waits = Job.objects.of_team(team).filter(status=JobStatus.WAITING).order_by()
    groups: list[Group] = list(
        waits.values_list("clip__project", "author", "provider").annotate(
            Count("pk"), Sum("quoted")
        )
    )
    left = ledger.team_budget(team).available
    needed = sum(amount for *_, amount in groups)
    return Waiting(
        count=sum(jobs for *_, jobs, _ in groups), missing=max(0, needed - left),
        limits=_lacks(team, groups),
    )  # fmt: skip


def _lacks(team: Team, groups: Sequence[Group]) -> list[Lack]:
    if not groups:
        return []
    caps = Cap.objects.standing().for_team(team).filter(stops=True).named().order_by("pk")
    found = []
    for period in present(caps, ledger.today_of(team)).values():
        missing = _needed(period.cap, groups) - period.left
        if missing > 0 and _needed(period.cap, groups):
            found.append(Lack(name=ledger.name_of(period.cap), missing=missing))
    return found


def _needed(cap: Cap, groups: Sequence[Group]) -> int:
    return sum(
        amount
        for project, author, provider, _, amount in groups
        if cap.counts(project=project, member=author, provider=provider)
    )


def granters(team: Team, cap: Cap | None = None) -> list[Member]:
    """The members who may grant credits (permissions.can_grant), the first one first; of a limit of
    the studio those of its first team.
    """
    is_of_studio = cap is not None and cap.team_id is None
    house = Team.objects.order_by("pk").first() if is_of_studio else team
    admins = Member.objects.active().filter(team=house, role=Role.ADMIN)
    return list(admins.select_related("user").order_by("pk"))
