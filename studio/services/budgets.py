"""Give a team more to spend, and let the jobs go on that waited for it."""

from django.db import transaction

from studio import ledger, permissions, tasks
from studio.models import Member, Team
from studio.pipeline import sweep


def grant(member: Member, amount: int, *, cause: str) -> None:
    """Add micro-credits to the team's budget; below 0 takes back what is free.

    Raises NotAllowed, and StudioError when less is free.
    """
    permissions.require(permissions.can_grant(member), "change the budget")
    ledger.grant(member.team, amount, actor=member, cause=cause)
    transaction.on_commit(lambda: go_on(member.team))


def go_on(team: Team | None) -> None:
    """Put the team's waiting jobs (None: of all teams) into the line as far as the budgets go."""
    for job in sweep.budgets(team):
        tasks.hint(job.pk)
