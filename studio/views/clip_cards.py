"""The parts of the clip page that change while it is open."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from studio.core.status import ACTIVE, JobStatus
from studio.models import Attempt, Clip, Event, Job, Take
from studio.reports.rehearsals import rehearsal_of
from studio.views import note_cards
from studio.views.cards import VIEWS, partial
from studio.views.decision_cards import decision_partials

MOST_ANSWERS = 20


def takes_of(clip: Clip) -> QuerySet[Take]:
    everything = Take.objects.filter(clip=clip).select_related(
        "job", "video", "poster", "strip", "last_frame"
    )
    return everything.order_by("number")


def unfinished_of(clip: Clip) -> QuerySet[Job]:
    """Jobs that may still add takes to this clip."""
    return clip.jobs.filter(status__in=ACTIVE).order_by("pk")


def history_of(clip: Clip) -> QuerySet[Event]:
    """What happened, newest first."""
    told = Event.objects.filter(clip=clip).exclude(status=Event.TOUCH)
    return told.select_related("actor__user", "guest", "job__again").order_by("-pk")[:100]


def answers_of(clip: Clip) -> list[Attempt]:
    """Attempts whose provider refused something or made nothing, with its own words; newest first.

    They are for admins: other people never see what a provider wrote.
    """
    told = Attempt.objects.filter(job__clip=clip).exclude(raw="").select_related("job")
    latest = told.order_by("-pk")[:MOST_ANSWERS]
    return [attempt for attempt in latest if _came_to_less(attempt)]


def _came_to_less(attempt: Attempt) -> bool:
    """Not all was made that was ordered: some or all takes were refused, or nobody knows."""
    return attempt.job.status != JobStatus.SUCCEEDED or bool((attempt.answer or {}).get("reason"))


def takes_partials(clip_pks: Iterable[int]) -> dict[int, SafeString]:
    """What the live stream sends to open clip pages: takes, rehearsal, notes and decisions."""
    clips = Clip.objects.filter(pk__in=list(clip_pks)).select_related("project")
    return {clip.pk: _strip(clip) + decision_partials(clip) for clip in clips}


def _strip(clip: Clip) -> SafeString:
    context = {
        "clip": clip, "takes": takes_of(clip), "jobs": unfinished_of(clip),
        "real": rehearsal_of(clip),
    }  # fmt: skip
    drawn = "".join(_part(name, context) for name in ("takes", "rehearsal"))
    return SafeString(drawn + note_cards.parts(clip))


def _part(name: str, context: dict[str, Any]) -> SafeString:
    html = get_template(f"clip/_{name}.html").render(context)
    return partial(name, mark_safe(html))  # noqa: S308  (a template's own)


VIEWS["clip"] = takes_partials
