"""Close the books of a month."""

from datetime import date

from studio import ledger, permissions
from studio.models import ClosedMonth, Member


def close(member: Member, month: date) -> ClosedMonth:
    """Freeze the month that begins on that day, for good.

    Raises NotAllowed, and StudioError unless it is the next one to be closed and over.
    """
    permissions.require(permissions.can_close_months(member), "close months")
    return ledger.close(member.team, month, actor=member)
