"""From a draft to a job: the price on the button, the director, and Generate."""

from collections.abc import Callable, Collection, Sequence
from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from studio import permissions
from studio.core.errors import BudgetExceeded, InvalidOrder, NoPrice, PriceChanged
from studio.core.money import words
from studio.core.status import JobStatus
from studio.models import Clip, Job
from studio.services import batches, jobs
from studio.views import cards, drafting, hx
from studio.views.access import allowed
from studio.views.days import today
from studio.views.drafts import COMPOSE, DIRECTOR, Draft
from studio.views.gallery import studio_page
from studio.views.toasts import toast


@require_http_methods(["GET", "POST"])
@allowed(permissions.can_order, "order takes")
def director(request: hx.MemberRequest) -> HttpResponse:
    """Everything about one shot beside the wall; POST keeps what was typed so far.

    With `close` the answer is the compose bar with the same draft, with `redraw` the form stays
    where it is: for another model, or one more row.
    """
    asked = request.method == "GET"
    draft = drafting.asked(request) if asked else drafting.sent(request).unjudged()
    assert draft, "reviewers were told so before"
    if "redraw" not in request.POST:
        draft.dock = COMPOSE if "close" in request.POST else DIRECTOR
    draft.redrawn = False
    return studio_page(request, draft.with_slots_of_its_size())


@require_POST
@allowed(permissions.can_order, "order takes")
def quote(request: hx.MemberRequest) -> HttpResponse:
    """What follows from the settings as they are: the button, the words on pills, the bill.

    Nothing does while another model's form is on its way.
    """
    draft = drafting.sent(request)
    if draft.redrawn:
        return HttpResponse(status=204)
    return render(request, f"{draft.dock}/_follows.html", {"draft": draft})


@require_POST
@allowed(permissions.can_order, "order takes")
def order(request: hx.MemberRequest) -> HttpResponse:
    return generate(request)


@require_POST
@allowed(permissions.can_order, "change jobs")
def edit(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """Save: the director's form, sent for a job that still waits."""
    return generate(request, edit=pk)


Act = Callable[[hx.MemberRequest, Draft], Sequence[Job]]


def generate(
    request: hx.MemberRequest, *, edit: int | None = None, act: Act | None = None
) -> HttpResponse:
    """Order what the form holds, or show it again with what is wrong (422)."""
    draft = drafting.sent(request, edit=edit)
    if draft.files.rearranged or draft.redrawn:
        return studio_page(request, draft.unjudged())
    draft.judge()
    if not draft.form.is_valid():
        draft.show_file_problems()
        return studio_page(request, draft, status=422)
    try:
        made = (act or _order)(request, draft)
    except (BudgetExceeded, InvalidOrder, NoPrice, PriceChanged) as error:
        draft.form.add_error(None, error.message)
        return studio_page(request, draft, status=error.http_status)
    drafting.remember(request, draft)
    return ordered(request, draft, made)


def _order(request: hx.MemberRequest, draft: Draft) -> Sequence[Job]:
    price = price_in(request, "shown_price")
    if draft.replaces:
        (one,) = draft.wanted
        return [
            jobs.edit(
                request.member, draft.replaces, one.order, shown_price=price,
                written=one.origin.written,
            )
        ]  # fmt: skip
    return batches.order_all(
        request.member,
        request.project,
        draft.wanted,
        shown_price=price,
        may_wait="ask" in request.POST,
    )


def price_in(request: hx.MemberRequest, name: str) -> int | None:
    """The price in micro-credits that a button showed, if it says so."""
    shown = request.POST.get(name) or request.GET.get(name, "")
    return int(shown) if shown.isdecimal() and len(shown) < 19 else None


def ordered(request: hx.MemberRequest, draft: Draft, made: Sequence[Job]) -> HttpResponse:
    """The new tiles at their place, and the same form ready for the next order."""
    job = made[0]
    if not request.htmx:
        messages.success(request, _said_of_rehearsal(draft, job) or _said_of(made))
        return redirect("wall")
    parts = _tiles(request, {one.clip_id for one in made}, is_new=draft.makes_a_clip(job))
    if said := _said_of_rehearsal(draft, job):
        parts.append(toast(request, said))
    before, draft = draft, draft.after(job)
    if before.dock == draft.dock == COMPOSE:
        parts.append(_part(request, "once", "compose/_once.html", draft))
        parts.append(_part(request, "generate", "compose/_generate.html", draft))
    else:
        parts.append(_part(request, "dock", draft.template, draft))
    left = SafeString(words(draft.budgets.budget.available))
    parts.append(cards.partial("stat-credits b", left, swap="innerHTML"))
    return HttpResponse(mark_safe("".join(parts)))  # noqa: S308  (templates' own)


ORDERED = {
    JobStatus.QUEUED: "Ordered. It is in line now.",
    JobStatus.WAITING: "It waits until the budget has room for it.",
}


def _said_of(made: Sequence[Job]) -> str:
    """What became of them: some may be in line while others wait for the budget."""
    if len(made) == 1:
        return ORDERED[cast(JobStatus, made[0].status)]
    waiting = sum(job.status == JobStatus.WAITING for job in made)
    rest = f", {waiting} of them wait until the budget has room" if waiting else ""
    return f"{len(made)} jobs are ordered{rest}."


def _said_of_rehearsal(draft: Draft, job: Job) -> str:
    """That it is one, and what is different about it; "" for what is meant as it is."""
    if not job.intended:
        return ""
    changes = draft.rough.changes if draft.rough else ()
    return " ".join(["Animatic rehearses it.", *changes])


def _tiles(request: hx.MemberRequest, clips: Collection[int], *, is_new: bool) -> list[SafeString]:
    """New clips come first on the wall, the last one right under today's heading; another stays."""
    if not is_new:
        return list(cards.tile_partials(clips).values())
    team = request.member.team
    newest = Clip.objects.filter(pk__in=clips).order_by("-pk").values_list(*cards.SHOWN)
    tiles = cards.tiles(newest, team=team).values()
    html = today(team, shown=True) + "".join(tiles)
    return [cards.partial("today", mark_safe(html), swap="outerHTML")]  # noqa: S308


def _part(request: hx.MemberRequest, element: str, template: str, draft: Draft) -> SafeString:
    html = render_to_string(template, {"draft": draft}, request)
    return cards.partial(element, mark_safe(html), swap="outerHTML")  # noqa: S308
