"""What a clip's page says of decisions, and goes on to say while it is open."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from studio.core.review import Verdict
from studio.models import Clip, Member, Take
from studio.reports.decisions import panels
from studio.reports.review import MOST_COUNTED, Place
from studio.views.cards import partial

PARTS = {"review": "review/_status.html", "said": "review/_decision.html"}


def decision_partials(clip: Clip) -> SafeString:
    """The status of each take and who said what: every open page takes those of its own take."""
    takes = list(clip.takes.order_by("pk"))
    told = panels(clip, [take.pk for take in takes])
    return SafeString("".join(_parts(take, told[take.pk]) for take in takes))


def _parts(take: Take, panel: Any) -> str:
    context = {"take": take, "panel": panel}
    return "".join(
        partial(f"{name}-{take.pk}", mark_safe(render_to_string(template, context)))  # noqa: S308
        for name, template in PARTS.items()
    )


def head_of(take: Take, clip: Clip, member: Member) -> dict[str, Any]:
    """What the page says in its head, as this person sees it: `mine` is their own verdict."""
    take.clip = clip  # known already
    panel = panels(clip, [take.pk])[take.pk]
    mine = take.decisions.filter(member=member).values_list("verdict", flat=True).first()
    return {
        "panel": panel,
        "mine": mine or "",
        "verdicts": list(Verdict),
        "place": Place.of(take, member, clip.project),
        "most_counted": MOST_COUNTED,
    }
