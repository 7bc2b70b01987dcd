"""The queue's board: lanes and jobs in groups, the same for the first page and the live stream."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from studio.core.status import JobStatus
from studio.models import Clip, Job, Member, Team
from studio.reports.lanes import lanes
from studio.reports.queue import places
from studio.views.cards import partial

MOST_ROWS = 100

UNDECIDED = Q(status=JobStatus.UNCERTAIN) | ~Q(problem="") & ~Q(status=JobStatus.WAITING)
RUNNING = Q(status__in=[JobStatus.SENDING, JobStatus.RUNNING, JobStatus.SAVING])
WAITING = Q(status__in=[JobStatus.QUEUED, JobStatus.WAITING])
ENDED = Q(status__in=[JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.SUCCEEDED])

# Each job stands in the first group that fits, in this order; newest last where it is a line.
GROUPS = (
    ("Needs a decision", UNDECIDED & ~ENDED, "pk"),
    ("Running", RUNNING & ~UNDECIDED, "pk"),
    ("Waiting", WAITING & ~UNDECIDED, "position"),
    ("Ended", ENDED, "-pk"),
)
MOST_ENDED = 20


def board(team: Team, *, author: Member | None = None) -> dict[str, Any]:
    """`lanes`, `groups` of rows, and `hidden`: how many more there are than are shown."""
    jobs = Job.objects.of_team(team)
    jobs = jobs.filter(author=author) if author else jobs
    rows = jobs.select_related("clip__cover__poster", "author__user")
    lines = places(team)
    groups = []
    for title, which, by in GROUPS:
        most = MOST_ENDED if which is ENDED else MOST_ROWS
        shown = list(rows.filter(which).order_by(by, "pk")[:most])
        groups.append((title, [(job, lines.get(job.pk)) for job in shown]))
    return {"lanes": lanes(), "groups": groups}


def board_partials(clip_pks: Iterable[int]) -> dict[int, SafeString]:
    """What the live stream sends to open queue pages: the team's whole board, once."""
    clip = (
        Clip.objects.filter(pk__in=list(clip_pks)).select_related("team").order_by("-rev").first()
    )
    if clip is None:
        return {}
    html = get_template("queue/_board.html").render(board(clip.team))
    return {clip.pk: partial("queue-board", mark_safe(html))}  # noqa: S308  (a template's own)
