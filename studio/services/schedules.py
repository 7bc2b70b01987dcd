"""Cost reports that a member wants to be told of again and again."""

from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from studio import permissions
from studio.core.errors import InvalidView
from studio.core.rhythm import Rhythm, next_time
from studio.models import Member, ReportSchedule

MOST = 20
LONGEST_NAME, LONGEST_QUERY = 80, 500
SEE = "see the costs"


@transaction.atomic
def add(member: Member, *, name: str, query: str, rhythm: str) -> ReportSchedule:
    """From the next morning of that rhythm on. Raises InvalidView."""
    permissions.require(permissions.can_see_costs(member), SEE)
    named = " ".join(name.replace("\0", " ").split())
    if not 0 < len(named) <= LONGEST_NAME:
        raise InvalidView(f"Name must have 1 to {LONGEST_NAME} characters, not {len(named)}.")
    if len(query) > LONGEST_QUERY:
        raise InvalidView(f"The view is too long to keep: at most {LONGEST_QUERY} characters.")
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if member.report_schedules.count() >= MOST:
        raise InvalidView(f"You have {MOST} mailed reports already; remove one first.")
    zone = ZoneInfo(member.team.time_zone)
    return ReportSchedule.objects.create(
        team=member.team, member=member, name=named, query=query.replace("\0", ""),
        rhythm=Rhythm(rhythm), next_at=next_time(rhythm, timezone.now(), zone),
    )  # fmt: skip


def remove(member: Member, row: ReportSchedule) -> None:
    permissions.require(row.member_id == member.pk, "change what others are told")
    ReportSchedule.objects.filter(pk=row.pk).delete()
