"""Cards: rendered once per revision, for the first page, an action's answer and the live stream."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from studio.core.status import GOES_ON, JobStatus
from studio.models import Clip, Event, Job, Take, Team
from studio.models.clips import ClipQuerySet
from studio.providers.registry import all_providers
from studio.reports import queue
from studio.reports.budgets import granters
from studio.reports.queue import UsualTimes
from studio.reports.rehearsals import real_ones

MOST_CARDS = 20_000  # of about 2 kB each
LAST_NAMED_PLACE = 9
COMPARE = "/compare/?takes="

S = JobStatus


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a state looks: the style's name for it, word and icon, and the template inside."""

    state: str
    word: str
    icon: str
    inside: str

    @property
    def template(self) -> str:
        return f"gallery/states/{self.inside}.html"


LOOKS: dict[str, Look] = {
    S.WAITING: Look(state="waiting", word="Waits for budget", icon="coin", inside="waiting"),
    S.QUEUED: Look(state="queued", word="Queued", icon="clock", inside="queued"),
    S.SENDING: Look(state="sending", word="Sending", icon="send", inside="sending"),
    S.RUNNING: Look(state="generating", word="Generating", icon="generating", inside="running"),
    S.SAVING: Look(state="saving", word="Saving", icon="save", inside="saving"),
    S.SUCCEEDED: Look(state="done", word="Done", icon="check", inside="done"),
    S.FAILED: Look(state="failed", word="Failed", icon="alert", inside="failed"),
    S.CANCELLED: Look(state="cancelled", word="Cancelled", icon="ban", inside="cancelled"),
    S.UNCERTAIN: Look(
        state="uncertain", word="Needs a decision", icon="question", inside="uncertain"
    ),
}
STUCK = Look(state="failed", word="Stopped", icon="alert", inside="stuck")
# These go on by themselves: there is something to know, and nothing that must be done.
DELAYED = Look(state="uncertain", word="Delayed", icon="clock", inside="stuck")
TRASHED = Look(state="trashed", word="In the trash", icon="trash", inside="trashed")
SEARCHING = Look(state="uncertain", word="No answer yet", icon="question", inside="uncertain")

# What the credits of a job are doing while it is in a state; else they were charged.
MONEY: dict[str, str] = {
    S.WAITING: "needs",
    **dict.fromkeys((S.QUEUED, S.SENDING, S.RUNNING, S.SAVING, S.UNCERTAIN), "holds"),
}


class Shown(NamedTuple):
    """What must be known of a clip to find its card: `Clip.objects.values_list(*SHOWN)`."""

    pk: int
    rev: int
    state: str
    job: int | None


SHOWN = Shown._fields

NOTHING = SafeString("")
_INDENT = re.compile(r"\n\s*")

Key = tuple[int, int, int]  # clip, revision, place in line

_rendered: dict[Key, SafeString] = {}


def tiles(shown: Iterable[tuple[Any, ...]], *, team: Team) -> dict[int, SafeString]:
    """The wall's tile of each clip of the team by its pk, in order; only unknown ones are made."""
    rows = [Shown(*row) for row in shown]
    keys = _keys(rows, team)
    missing = {key[0]: key for key in keys if key not in _rendered}
    if missing:
        _make(missing)
    return {key[0]: _rendered[key] for key in keys if key in _rendered}


def _keys(rows: list[Shown], team: Team) -> list[Key]:
    waits = any(row.state == S.QUEUED for row in rows)
    places = queue.places(team) if waits else {}
    return [(row.pk, row.rev, _named(places.get(row.job or 0, 0))) for row in rows]


def _named(place: int) -> int:
    """Only the first places are told, so that a long line is not drawn anew with every job."""
    return place if place <= LAST_NAMED_PLACE else 0


def _make(missing: Mapping[int, Key]) -> None:
    if len(_rendered) + len(missing) > MOST_CARDS:
        _rendered.clear()
    wanted = Clip.objects.filter(pk__in=missing).with_everything_a_tile_shows()
    clips = list(wanted)
    real = real_ones([job for clip in clips if (job := clip.job) and is_rehearsed(clip, job)])
    reasons, best, asked = _reasons(clips), _best_two(clips), _asked(clips)
    usual: dict[str, UsualTimes] = {}
    template = get_template("gallery/_tile.html")
    for clip in clips:
        key = missing[clip.pk]
        reason = reasons.get(clip.job_id or 0, "")
        context = {
            "clip": clip, "place": key[2], "reason": reason, "real": real.get(clip.job_id or 0),
            "best": best.get(clip.pk, ""), "asked": asked.get(clip.team_id, ""),
            **_words(clip, usual),
        }  # fmt: skip
        html = _INDENT.sub("", template.render(context))
        _rendered[key] = mark_safe(html)  # noqa: S308  (a template's own)


def is_rehearsed(clip: Clip, job: Job) -> bool:
    """Whether the next thing to do is to shoot it for real."""
    return job.intended is not None and clip.state == S.SUCCEEDED


def _words(clip: Clip, usual: dict[str, UsualTimes]) -> dict[str, Any]:
    job = clip.job
    if job is None:
        look = TRASHED if clip.trashed_at else LOOKS[clip.state]
        return {"look": look, "job": None, "cover": clip.cover}
    if job.is_active and job.provider not in usual:
        usual[job.provider] = queue.usual_seconds(job.provider)
    return {
        "look": TRASHED if clip.trashed_at else look_of(job, clip.state),
        "job": job,
        "cover": clip.cover,
        "provider": all_providers()[job.provider].label,
        "order": job.order,
        "money": MONEY.get(clip.state, ""),
        "amount": job.quoted if job.is_active else job.charged,
        "usual": usual[job.provider].of(job.order) if job.is_active else None,
    }


def look_of(job: Job, state: str = "") -> Look:
    """The look of the state (the job's own if none is said), or the one of a job with a problem."""
    goes_on = job.next_step_at is not None
    if job.status == S.UNCERTAIN and goes_on:
        return SEARCHING
    if job.problem and job.status in GOES_ON:
        return DELAYED if goes_on else STUCK
    return LOOKS[state or job.status]


def _best_two(clips: Iterable[Clip]) -> dict[int, str]:
    """Where the two best takes of each clip that has several are compared."""
    several = [clip.pk for clip in clips if clip.take_count > 1]
    found: dict[int, list[int]] = defaultdict(list)
    takes = Take.objects.filter(clip__in=several).best_first() if several else Take.objects.none()
    for clip, take in takes.values_list("clip", "pk"):
        found[clip].append(take)
    return {clip: COMPARE + ",".join(map(str, best[:2])) for clip, best in found.items()}


def _reasons(clips: Iterable[Clip]) -> dict[int, str]:
    """Who stopped the cancelled ones, by job pk."""
    stopped = [clip.job_id for clip in clips if clip.state == S.CANCELLED]
    if not stopped:
        return {}
    events = Event.objects.filter(job__in=stopped, status=S.CANCELLED)
    return dict(events.values_list("job", "note"))


def _asked(clips: Iterable[Clip]) -> dict[int, str]:
    """Who was asked for the credits that the waiting ones need, by team pk."""
    teams = {clip.team_id for clip in clips if clip.state == S.WAITING}
    return {pk: _said_asked([str(one) for one in granters(Team(pk=pk))]) for pk in teams}


def _said_asked(names: list[str]) -> str:
    """“Mei was asked.”, “Mei and 2 other admins were asked.”"""
    if len(names) < 2:
        return f"{names[0]} was asked." if names else ""
    others = f"{len(names) - 1} other admin{'s' if len(names) > 2 else ''}"
    return f"{names[0]} and {others} were asked."


def tile_partials(clip_pks: Iterable[int]) -> dict[int, SafeString]:
    """What the live stream sends for the wall: each changed tile, to be put in its place.

    One that went to the trash goes from every open wall.
    """
    asked = Clip.objects.filter(pk__in=list(clip_pks))
    return _partials(asked.shown(), gone=asked.exclude(trashed_at=None))


def trash_partials(clip_pks: Iterable[int]) -> dict[int, SafeString]:
    """The same for an open trash, from where those go that are brought back or deleted for good."""
    asked = Clip.objects.filter(pk__in=list(clip_pks))
    there = asked.trashed()
    return _partials(there, gone=asked.exclude(pk__in=there.values("pk")))


def _partials(there: ClipQuerySet, *, gone: ClipQuerySet) -> dict[int, SafeString]:
    changed: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for team, *row in there.values_list("team", *SHOWN):
        changed[team].append(tuple(row))
    made = [tiles(rows, team=Team(pk=team)) for team, rows in changed.items()]
    drawn = {pk: partial(f"clip-{pk}", card) for some in made for pk, card in some.items()}
    going = gone.values_list("pk", flat=True)
    return drawn | {pk: partial(f"clip-{pk}", NOTHING, swap="delete") for pk in going}


def partial(element: str, html: SafeString, *, swap: str = "outerMorph") -> SafeString:
    """`html` takes the place of the element with that id, which keeps focus and scroll."""
    return format_html(
        '<hx-partial hx-target="#{}" hx-swap="{}">{}</hx-partial>', element, swap, html
    )


Render = Callable[[Iterable[int]], Mapping[int, SafeString]]

# What a live page of each kind gets for changed clips: clip pk → HTML to send.
VIEWS: dict[str, Render] = {"wall": tile_partials, "trash": trash_partials}
