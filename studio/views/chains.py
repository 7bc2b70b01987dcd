"""The page of a chain: its takes one after the other, and all of them as one file."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from studio import permissions
from studio.models import Clip, Take
from studio.pipeline.chains import Link
from studio.services import chains
from studio.views import hx
from studio.views.access import allowed, clip_read, signed_in


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A link as the player needs it: frames `first` to `end` of its video."""

    link: Link
    first: int

    @property
    def take(self) -> Take:
        return self.link.take

    @property
    def end(self) -> int:
        return self.link.frames

    @property
    def seconds(self) -> float:
        return (self.end - self.first) / float(self.take.fps)


@require_GET
@signed_in
def chain(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """Plays from the first take to the one that the address names, else the clip's newest."""
    clip = clip_read(request, pk)
    return _page(request, clip, _take(clip, request.GET.get("take")))


def _page(request: hx.MemberRequest, clip: Clip, take: Take | None) -> HttpResponse:
    links = chains.links_to(take) if take else []
    shown = _shown(links)
    context: dict[str, Any] = {
        "member": request.member,
        "clip": clip,
        "take": take,
        "links": shown,
        "seconds": sum(one.seconds for one in shown),
        "film": chains.film_of(links) if len(links) > 1 else None,
        "may_join": permissions.can_join(request.member, clip),
    }
    return hx.page(request, "chain/chain.html", context, parts={"export"})


@require_POST
@allowed(permissions.can_look, "see takes")
def export(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """Have the film made; the page says how far it is."""
    clip = clip_read(request, pk)
    take = _take(clip, request.POST.get("take"))
    if take is None:
        raise Http404("This clip has no takes.")
    chains.ask(request.member, take)
    if request.htmx:
        return _page(request, clip, take)
    return redirect(f"{reverse('chain', args=[pk])}?take={take.number}")


def _take(clip: Clip, number: str | None) -> Take | None:
    """The take that the address names, else the newest."""
    if number is None:
        return chains.newest_take(clip)
    known = Take.objects.filter(clip=clip).select_related("clip", "job", "video", "poster")
    wanted = known.filter(number=int(number)) if number.isdecimal() and len(number) < 9 else []
    if take := next(iter(wanted), None):
        return take
    raise Http404(f"This clip has no take {number}.")


def _shown(links: list[Link]) -> list[Shown]:
    """A take that was given the frame before it as its first one does not show that twice."""
    befores = [None, *links[:-1]] if links else []
    return [
        Shown(link=link, first=int(before is not None and _repeats(before, link)))
        for before, link in zip(befores, links, strict=True)
    ]


def _repeats(before: Link, link: Link) -> bool:
    """Whether it was ordered with a first frame that is where the take before it ends."""
    given = link.take.job.order.first_frame
    if given is None or link.frames < 2:
        return False
    cut = link.take.clip.came_from_frame
    return given == before.take.last_frame_id if cut is None else True
