"""What admins do with lanes: let one that paused go on."""

from django.db import transaction

from studio import permissions, tasks
from studio.core.errors import TooLate
from studio.models import Member
from studio.pipeline import lanes
from studio.providers.registry import provider_of


def resume(member: Member, slug: str) -> None:
    """Send again to this provider; if its reason is still there, the lane pauses again.

    Raises TooLate when it does not pause (any more), InvalidOrder for a provider that there is not.
    """
    permissions.require(permissions.can_resume(member), "resume a lane")
    label = provider_of(slug).label
    if not lanes.resume(slug):
        raise TooLate(f"{label} is not paused.")
    transaction.on_commit(tasks.hint_sweep)
