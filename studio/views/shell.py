"""What stands around every page: projects, running jobs, credits left."""

from typing import Any

from studio.core.status import ACTIVE
from studio.models import Budget, Job
from studio.views.hx import MemberRequest


def shell(request: MemberRequest) -> dict[str, Any]:
    """`projects`, `budget` and `active_jobs` in one query each, for base.html."""
    team = request.member.team
    return {
        "member": request.member,
        "project": request.project,
        "budget": Budget.objects.filter(team=team).first() or Budget(team=team),
        "active_jobs": Job.objects.filter(team=team, status__in=ACTIVE).count(),
    }
