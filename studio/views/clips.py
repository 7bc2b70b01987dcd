"""The clip page: one shot with its takes, what it was made from and what it cost."""

import json
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.text import Truncator
from django.views.decorators.http import require_GET

from studio import permissions
from studio.core import camera
from studio.core.orders import Order
from studio.models import Asset, Job, Take
from studio.providers.registry import all_providers
from studio.reports import lineage
from studio.reports.rehearsals import rehearsal_of
from studio.reports.sides import sides
from studio.services.remix import WAYS
from studio.views import clip_cards as cards
from studio.views import hx
from studio.views.access import clip_read, signed_in
from studio.views.clip_streams import streams_of
from studio.views.live import stream_url
from studio.views.shell import shell


@require_GET
@signed_in
def clip(request: hx.MemberRequest, pk: int) -> HttpResponse:
    shown = clip_read(request, pk)
    takes = list(cards.takes_of(shown))
    take = _chosen(takes, request.GET.get("take"))
    job = take.job if take else shown.job
    context = {
        **shell(request),
        "stream": stream_url(request, f"clip-{pk}"),
        "clip": shown,
        "may_order": permissions.can_order(request.member),
        "takes": takes,
        "take": take,
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
    return hx.page(request, "clip/clip.html", context, parts={"takes"})


def _chosen(takes: list[Take], number: str | None) -> Take | None:
    """The take that the address names, else the newest."""
    if number is None:
        return takes[-1] if takes else None
    for take in takes:
        if str(take.number) == number:
            return take
    raise Http404(f"This clip has no take {number}.")


def _scene_of(job: Job) -> Asset | None:
    key = job.order.scene
    return Asset.objects.scenes().filter(team_id=job.team_id, pk=key).first() if key else None


def settings_of(job: Job) -> list[tuple[str, str]]:
    """The order's settings as label and value, in the order that the model lists them."""
    order = job.order
    provider = all_providers().get(order.provider)
    able = provider.capability(order.model) if provider else None
    labels = {param.name: (param.label, param.unit) for param in (able.settings if able else ())}
    rows = [("Provider", f"{provider.label if provider else order.provider}, {order.model}")]
    rows += [
        (label, f"{said(value)} {unit}".strip())
        for name, (label, unit) in labels.items()
        if name != "camera" and (value := order.settings.get(name)) not in (None, "")
    ]
    return [*rows, ("Camera", _camera(order))] if "camera" in labels else rows


def said(value: Any) -> str:
    """A value in a few words: a list as its items, an object as the beginning of its JSON."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(item.replace("_", " ") for item in value)
    return Truncator(json.dumps(value)).chars(120) if isinstance(value, dict | list) else str(value)


def _camera(order: Order) -> str:
    """The move in words and, since it may be wanted again, in numbers."""
    words = camera.sentence(order.camera).removeprefix("The camera ").removesuffix(".")
    numbers = camera.write(order.camera).replace(",", ", ")
    return f"{words} ({numbers})" if numbers else words
