"""Cost reports that somebody asked to be told again and again, made when they are due."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from studio import ledger, notices, permissions
from studio.core.figures import cr, percent, rate, usd
from studio.core.notices import Kind
from studio.core.rhythm import next_time
from studio.ledger import totals
from studio.models import Member, ReportSchedule, schedules
from studio.reports.costs.asked import read
from studio.reports.costs.figures import Figures, figures
from studio.reports.costs.groups import groups
from studio.reports.costs.names import Names
from studio.reports.costs.view import View

MOST_ROWS = 10
DAY = timedelta(days=1)

Rows = list[list[str]]


def connect() -> None:
    schedules.due.connect(
        lambda **_: tell_due(), weak=False, dispatch_uid="studio.reports.mailed.tell_due"
    )


def tell_due() -> int:
    """Make and tell every report that is due, each once; say how many."""
    due = list(ReportSchedule.objects.due().values_list("pk", flat=True))
    return sum(_tell(pk) for pk in due)


@transaction.atomic
def _tell(pk: int) -> bool:
    """Only one worker has the row; what was told is told by its cause, and never twice."""
    rows = ReportSchedule.objects.due().select_for_update(of=("self",))
    row = rows.select_related("member__user", "member__team").filter(pk=pk).first()
    if row is None:
        return False
    if permissions.can_see_costs(row.member):
        _make(row)
    zone, now = ZoneInfo(row.member.team.time_zone), timezone.now()
    row.next_at, row.sent_at = next_time(row.rhythm, now, zone), now
    row.save(update_fields=["next_at", "sent_at"])
    return True


def _make(row: ReportSchedule) -> None:
    view = view_of(row.member, row.query)
    notices.tell(
        kind=Kind.REPORT, cause=f"report {row.pk} of {view.today}", to=[row.member],
        about=notices.About(team=row.team), subject=row.name, days=view.past.words,
        query=view.fixed.partition("?")[2], rows=rows_of(row.member, view),
    )  # fmt: skip


def view_of(member: Member, query: str) -> View:
    """The view as of yesterday, the last day that is whole: on a Monday that is the week before."""
    asked = QueryDict(query).dict()
    yesterday = ledger.today_of(member.team) - DAY
    return read({key: str(value) for key, value in asked.items()}, Names(member), yesterday)


def rows_of(member: Member, view: View) -> Rows:
    """The figures of the page, and the dearest rows of its table."""
    totals.refresh(member.team, view.earlier.first, view.past.last)
    found = groups(member.team, view, Names(member))
    shown = found.rows.shown[:MOST_ROWS]
    hidden = len(found.rows.shown) + found.rows.more - len(shown)
    lines = [[row.label, f"{cr(row.sums.spent)} cr"] for row in shown]
    more = [[f"and {hidden} more", ""]] if hidden else []
    return _headline(figures(member.team, view)) + lines + more


def _headline(found: Figures) -> Rows:
    return [
        ["Spent", f"{cr(found.now.spent)} cr ({usd(found.usd)}{_change(found.more)})"],
        ["Refunded", f"{cr(found.now.given_back)} cr"],
        ["Per approved second", f"{rate(found.now.per_approved_second)} cr"],
        ["Wasted", f"{cr(found.wasted)} cr ({percent(found.wasted_share)})"],
        ["Jobs that succeeded", percent(found.now.success)],
    ]


def _change(more: int | None) -> str:
    """Against the same days of the period before; nothing where nothing was spent then."""
    return "" if more is None else f", {abs(more)} % {'more' if more >= 0 else 'less'} than before"
