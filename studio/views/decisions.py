"""Deciding: about one take on its page, about many clips on the wall, and taking it back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from studio.core.review import Verdict
from studio.forms.decisions import VerdictForm, clip_keys
from studio.models import Clip, Take
from studio.reports import review
from studio.services import decisions
from studio.services.decisions import Said
from studio.views import cards, hx, steps
from studio.views.access import signed_in, take_read
from studio.views.links import came_from
from studio.views.toasts import toast

DONE: dict[Verdict | None, str] = {
    Verdict.APPROVE: "approved",
    Verdict.CHANGES: "needs changes",
    Verdict.REJECT: "rejected",
    None: "your decision is taken back",
}
MOST_DRAWN = 48  # tiles that an answer brings; the live stream brings the others


@require_POST
@signed_in
def decide(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """Decide about one take, and go on to the next one that waits."""
    take = take_read(request, pk)
    verdict = VerdictForm(request.POST).said()
    queue = review.waiting(request.member, take.clip.project)
    waited = queue.filter(pk=take.pk).exists()
    said = decisions.decide(member=request.member, take=take, verdict=verdict)
    if said.steps:
        words = f"“{take.clip.title}”, take {take.number}: {DONE[verdict]}."
        messages.success(request, words, extra_tags=steps.write(request.member, said.steps))
    following = review.following(queue.exclude(pk=take.pk), take) if verdict else take
    if following is None:
        return redirect("review") if waited else redirect(page_of(take))
    return redirect(page_of(following))


def page_of(take: Take) -> str:
    return f"{reverse('clip', args=[take.clip_id])}?take={take.number}"


@require_POST
@signed_in
def decide_clips(request: hx.MemberRequest) -> HttpResponse:
    """Decide about the best take of each of `clips`; the answer brings their tiles."""
    verdict = VerdictForm(request.POST).said()
    keys = clip_keys(request.POST.getlist("clips"))
    clips = list(Clip.objects.of_team(request.member.team).filter(pk__in=keys))
    if len(clips) < len(keys):
        raise Http404("One of these clips is not here.")
    said = decisions.decide_many(member=request.member, clips=clips, verdict=verdict)
    token = steps.write(request.member, said.steps) if said.steps else ""
    return _told(request, _summary(said, len(clips), verdict), keys, token)


def _summary(said: Said, asked: int, verdict: Verdict | None) -> str:
    done, left_out = len(said.takes), asked - len(said.takes)
    words = [f"{_clips(done)}: {DONE[verdict]}."] if done else []
    if left_out:
        words.append(
            f"{_clips(left_out)} {'has' if left_out == 1 else 'have'} no take to decide about."
        )
    return " ".join(words)


def _clips(number: int) -> str:
    return f"{number:,} clip{'' if number == 1 else 's'}"


@require_POST
@signed_in
def undo(request: hx.MemberRequest) -> HttpResponse:
    """Take back what a toast told of; with `?to=take` go back to that take."""
    asked = steps.read(request.member, request.POST.get("token", ""))
    count = decisions.take_back(member=request.member, steps=asked)
    words = "Undone." if count else "Nothing to undo: you have decided anew since."
    takes = Take.objects.filter(pk__in=[step.take for step in asked])
    if request.GET.get("to") == "take" and (first := takes.first()):
        messages.success(request, words)
        page = page_of(first)
        return HttpResponseClientRedirect(page) if request.htmx else redirect(page)
    return _told(request, words, list(takes.values_list("clip", flat=True)[:MOST_DRAWN]))


def _told(request: hx.MemberRequest, words: str, clips: list[int], token: str = "") -> HttpResponse:
    """What was done, with the first of the changed tiles; a plain form goes back to its page."""
    if not request.htmx:
        messages.success(request, words, extra_tags=token)
        return redirect(came_from(request))
    drawn = cards.tile_partials(clips[:MOST_DRAWN]).values()
    shown = toast(request, words, undo_steps=token)
    return HttpResponse(mark_safe("".join([*drawn, shown])))  # noqa: S308  (templates' own)
