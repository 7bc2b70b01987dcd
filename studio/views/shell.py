"""What stands around every page: projects, running jobs, credits left."""

from typing import Any

from studio import ledger, permissions
from studio.core.status import ACTIVE
from studio.models import Budget, Job
from studio.views.hx import MemberRequest


def shell(request: MemberRequest) -> dict[str, Any]:
    """What base.html shows: `budget` (None for who may not see it) and `active_jobs` cost a query
    each, projects and memberships came with the request.
    """
    team = request.member.team
    return {
        "member": request.member,
        "memberships": request.memberships,
        "project": request.project,
        "projects": request.projects,
        "budget": budget_of(request) if permissions.can_see_costs(request.member) else None,
        "active_jobs": Job.objects.filter(team=team, status__in=ACTIVE).count(),
    }


def budget_of(request: MemberRequest) -> Budget:
    """The team's budget, asked for once in a request."""
    if request.budget is None:
        request.budget = ledger.team_budget(request.member.team)
    return request.budget


def budgets_of(request: MemberRequest) -> ledger.Rooms:
    """Every budget that counts what is ordered on this page."""
    return ledger.Rooms(
        team=request.member.team, project=request.project.pk, member=request.member.pk,
        known=budget_of(request),
    )  # fmt: skip
