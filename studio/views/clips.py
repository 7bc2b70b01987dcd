"""The clip page: one shot with its takes, what it was made from and what it cost."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from studio import permissions
from studio.models import Asset, Clip, Job, Note, Take
from studio.reports import lineage
from studio.reports.rehearsals import rehearsal_of
from studio.reports.settings import settings_of
from studio.reports.sides import sides
from studio.services import looks
from studio.services.remix import WAYS
from studio.views import clip_cards as cards
from studio.views import hx, note_cards
from studio.views.access import clip_read, signed_in
from studio.views.clip_streams import streams_of
from studio.views.composers import Composer, composer_for
from studio.views.decision_cards import head_of
from studio.views.live import stream_url
from studio.views.shell import shell


@require_GET
@signed_in
def clip(request: hx.MemberRequest, pk: int) -> HttpResponse:
    shown = clip_read(request, pk)
    looks.seen([shown])
    return clip_page(request, shown, _chosen(shown, request.GET.get("take")))


def clip_page(
    request: hx.MemberRequest,
    shown: Clip,
    take: Take | None,
    *,
    composer: Composer | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a clip with that take in the player; `composer` is the box that was refused."""
    takes = list(cards.takes_of(shown))
    job = take.job if take else shown.job
    context = {
        **shell(request),
        "stream": stream_url(request, f"clip-{shown.pk}"),
        "clip": shown,
        "may_order": permissions.can_order(request.member),
        "takes": takes,
        "take": take,
        **(head_of(take, shown, request.member) if take else {}),
        "streams": streams_of(take, request.GET.get("stream")) if take else None,
        "job": job,
        "jobs": cards.unfinished_of(shown),
        "real": rehearsal_of(shown),
        "ways": WAYS,
        "sides": len(sides(shown)),
        "settings": settings_of(job) if job else [],
        "scene": _scene_of(job) if job else None,
        "entries": job.entries.order_by("pk") if job else [],
        "events": cards.history_of(shown),
        "answers": cards.answers_of(shown) if permissions.is_admin(request.member) else [],
        "back": lineage.back(shown),
        "onward": lineage.onward(shown),
        "drift": lineage.DRIFT if lineage.drifts(shown) else "",
    }
    if take:
        context |= _talk(request, take, composer)
    return hx.page(request, "clip/clip.html", context, parts={"takes"}, status=status)


def _chosen(clip: Clip, number: str | None) -> Take | None:
    """The take that the address names, else the newest."""
    takes = cards.takes_of(clip).reverse()
    if number is None:
        return takes.first()
    found = takes.filter(number=number).first() if number.isdecimal() and len(number) < 9 else None
    if found is None:
        raise Http404(f"This clip has no take {number}.")
    found.clip = clip
    return found


def _talk(request: hx.MemberRequest, take: Take, composer: Composer | None) -> dict[str, Any]:
    """The notes of all takes, and the box for a new one or for what the address names."""
    asked = {name: _note(request, take, name) for name in ("reply", "edit")}
    box = composer or composer_for(
        take, typed=request.GET.dict(), answers=asked["reply"], changes=asked["edit"]
    )
    base = reverse("clip", args=[take.clip_id])
    notes = note_cards.context_of(note_cards.notes_of(take.clip), base=base, take=take)
    return {**notes, "composer": box, "me": f"m{request.member.pk}"}


def _note(request: hx.MemberRequest, take: Take, name: str) -> Note | None:
    text = request.GET.get(name, "")
    standing = take.clip.notes.filter(removed_at=None, take=take)
    return standing.filter(pk=text).first() if text.isdecimal() and len(text) < 18 else None


def _scene_of(job: Job) -> Asset | None:
    key = job.order.scene
    return Asset.objects.scenes().filter(team_id=job.team_id, pk=key).first() if key else None
