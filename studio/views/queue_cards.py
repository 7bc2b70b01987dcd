"""The queue's board: lanes and jobs in groups, the same for the first page and the live stream."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from studio.core.status import ACTIVE, GOES_ON, IN_FLIGHT, JobStatus
from studio.models import Clip, Job, Member, Team
from studio.reports.budgets import waiting_for_budget
from studio.reports.lanes import lanes
from studio.reports.queue import places
from studio.views.cards import VIEWS, partial
from studio.views.lanes import with_banner


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button of a row: the route it posts to, what it says, and how it looks."""

    route: str
    label: str
    look: str = "btn-ghost"


CANCEL = Action(route="job-cancel", label="Cancel")
AGAIN = Action(route="job-retry", label="Run again")
GO_ON = Action(route="job-retry", label="Try again", look="btn-warn")
ACTIONS: dict[JobStatus, tuple[Action, ...]] = {
    JobStatus.WAITING: (
        Action(route="job-retry", label="Retry"),
        Action(route="job-remind", label="Remind"),
        CANCEL,
    ),
    JobStatus.QUEUED: (CANCEL,),
    JobStatus.RUNNING: (CANCEL,),
    JobStatus.FAILED: (AGAIN,),
    JobStatus.CANCELLED: (AGAIN,),
}

# What goes on by itself is no decision, though it may have a problem to tell.
_STUCK = ~Q(problem="") & ~Q(status=JobStatus.WAITING)
UNDECIDED = Q(next_step_at=None) & (Q(status=JobStatus.UNCERTAIN) | _STUCK)
LIVING = Q(status__in=ACTIVE)
RUNNING = Q(status__in=IN_FLIGHT)
WAITING = Q(status__in=[JobStatus.QUEUED, JobStatus.WAITING])
ENDED = Q(status__in=[JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.SUCCEEDED])

# The key, but not as the index that SQLite would read from the first job that there ever was.
OLDEST = F("pk") + 0
# Each job stands in one group: its title, which jobs, in which order, and how many at most.
GROUPS = (
    ("Needs a decision", LIVING & UNDECIDED, OLDEST, 100),
    ("Running", RUNNING & ~UNDECIDED, OLDEST, 100),
    ("Waiting", WAITING & ~UNDECIDED, "position", 100),
    ("Ended", ENDED, "-pk", 20),
)


def board(team: Team, *, author: Member | None = None) -> dict[str, Any]:
    """`lanes`, and `groups` of rows: the job, its place in line, its usual time in seconds.

    `waiting` is what the budget lacks.
    """
    jobs = Job.objects.of_team(team)
    jobs = jobs.filter(author=author) if author else jobs
    rows = jobs.select_related("clip__cover__poster", "author__user")
    line = places(team)
    reports = {lane.slug: lane for lane in lanes()}

    def row(job: Job) -> dict[str, Any]:
        lane = reports.get(job.provider)
        usual = lane.usual.of(job.order) if lane else None
        stuck = job.problem and job.status in GOES_ON
        actions = ACTIONS.get(JobStatus(job.status), ())
        return {
            "job": job,
            "place": line.get(job.pk),
            "usual": usual,
            "stuck": bool(stuck),
            "actions": (GO_ON, *actions) if stuck else actions,
        }

    groups = [
        (title, [row(job) for job in rows.filter(which).order_by(by, "pk")[:most]])
        for title, which, by, most in GROUPS
    ]
    return {
        "lanes": reports.values(), "groups": groups, "waiting": waiting_for_budget(team),
    }  # fmt: skip


def board_partials(clip_pks: Iterable[int]) -> dict[int, SafeString]:
    """What the live stream sends to open queue pages: each team's whole board, once.

    It goes with the clip of the team that changed last.
    """
    changed = Clip.objects.filter(pk__in=list(clip_pks)).select_related("team").order_by("rev")
    newest = {clip.team_id: clip for clip in changed}
    return {clip.pk: _board(clip.team) for clip in newest.values()}


def _board(team: Team) -> SafeString:
    told = board(team)
    return SafeString("".join(_part(name, told) for name in ("waiting", "lanes", "jobs")))


def _part(name: str, told: dict[str, Any]) -> SafeString:
    html = get_template(f"queue/_{name}.html").render(told)
    return partial(f"queue-{name}", mark_safe(html))  # noqa: S308  (a template's own)


VIEWS["queue"] = with_banner(board_partials)
