"""Who can grant credits, and which jobs wait for them."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from studio import ledger
from studio.core.status import JobStatus
from studio.models import Job, Member, Role, Team


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Jobs that wait for the budget, and the micro-credits that it lacks for all of them."""

    count: int
    missing: int


def waiting_for_budget(team: Team) -> Waiting:
    """Two queries."""
    waits = Job.objects.of_team(team).filter(status=JobStatus.WAITING)
    found = waits.aggregate(count=Count("pk"), needed=Sum("quoted"))
    left = ledger.team_budget(team).available
    return Waiting(count=found["count"], missing=max(0, (found["needed"] or 0) - left))


def granters(team: Team) -> list[Member]:
    """The members who may grant credits (permissions.can_grant), the first one first."""
    admins = Member.objects.active().filter(team=team, role=Role.ADMIN)
    return list(admins.select_related("user").order_by("pk"))
