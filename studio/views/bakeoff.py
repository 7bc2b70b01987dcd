"""The same order to several models at once: choose them, send them with one press."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST
from django_htmx.http import retarget

from studio import permissions
from studio.core.errors import BudgetExceeded, InvalidOrder, NoPrice, PriceChanged
from studio.core.orders import Order
from studio.models import Job
from studio.reports.bakeoff import entries
from studio.services.batches import Wanted, order_all
from studio.views import drafting, hx
from studio.views.access import allowed
from studio.views.drafts import DIRECTOR, Draft
from studio.views.entries import BakeOff, rows_of
from studio.views.gallery import studio_page
from studio.views.orders import ordered, price_in
from studio.views.toasts import toast

FEWEST = 2  # of one there is nothing to compare
PARTS = {"bakeoff": "director/_bakeoff.html", "bakeoff-body": "director/_bakeoff_body.html"}
SEVERAL = "A bake-off is of one order: take out the wildcards, and switch Several off."
TOO_FEW = "Tick at least two models, or close this and press Generate."


@require_POST
@allowed(permissions.can_order, "order takes")
def bake_off(request: hx.MemberRequest) -> HttpResponse:
    """What each model would make of what the form holds; nothing is ordered."""
    return _shown(request, _draft(request).unjudged())


@require_POST
@allowed(permissions.can_order, "order takes")
def send_bake_off(request: hx.MemberRequest) -> HttpResponse:
    """Order from all that are ticked, as takes of one clip, or say why not."""
    draft = _draft(request)
    bake = _bake_off_of(request, draft)
    if len(bake.ticked) < FEWEST:
        problem = bake.problem or TOO_FEW
        return _shown(request, draft.unjudged(), problem=problem, status=422)
    try:
        jobs = _order(request, draft, bake)
    except (BudgetExceeded, InvalidOrder, NoPrice, PriceChanged) as error:
        return _shown(request, draft.unjudged(), problem=error.message, status=error.http_status)
    drafting.remember(request, draft)
    return _sent(request, draft, jobs)


def _draft(request: hx.MemberRequest) -> Draft:
    draft = drafting.sent(request)
    draft.dock = DIRECTOR
    return draft.with_slots_of_its_size()


def _bake_off_of(request: hx.MemberRequest, draft: Draft, *, problem: str = "") -> BakeOff:
    """At first the model of the form alone is ticked."""
    ticked = request.POST.getlist("bake") if "baking" in request.POST else [draft.form.model_key]
    models = [choice.able for choice in draft.models]
    several = _said_several(draft)
    found = entries(draft.team, _order_of(draft), source=draft.form.capability, models=models)
    return BakeOff(
        rows=rows_of(draft.models, found, [] if several else ticked), member=draft.member,
        budgets=draft.budgets, problem=problem or several,
    )  # fmt: skip


def _order_of(draft: Draft) -> Order:
    """What the form holds, with its wildcards resolved."""
    return replace(draft.form.as_typed(), prompt=draft.batch.variants[0].order.prompt)


def _said_several(draft: Draft) -> str:
    """Why there is not one order to compare, or ""."""
    return draft.batch.problem or (SEVERAL if draft.batch.is_many else "")


def _shown(
    request: hx.MemberRequest, draft: Draft, *, problem: str = "", status: int = 200
) -> HttpResponse:
    draft.bakeoff = _bake_off_of(request, draft, problem=problem)
    target = "bakeoff-body" if problem and request.htmx else hx.target_of(request)
    if target not in PARTS:
        return studio_page(request, draft, status=status)
    answer = render(request, PARTS[target], {"draft": draft, "bake": draft.bakeoff}, status=status)
    if problem:
        retarget(answer, f"#{target}")["HX-Reswap"] = "outerMorph"
    return answer


def _order(request: hx.MemberRequest, draft: Draft, bake: BakeOff) -> list[Job]:
    is_written = draft.prompt != _order_of(draft).prompt
    origin = replace(draft.origin, written=draft.prompt if is_written else "")
    wanted = [Wanted(order=row.entry.adapted.order, origin=origin) for row in bake.ticked]
    return order_all(
        request.member, request.project, wanted, shown_price=price_in(request, "bake_price"),
        may_wait="bake_ask" in request.POST,
    )  # fmt: skip


def _sent(request: hx.MemberRequest, draft: Draft, jobs: list[Job]) -> HttpResponse:
    page = reverse("side-by-side", args=[jobs[0].clip_id])
    said = f"Ordered from {len(jobs)} models, as takes of one clip."
    if not request.htmx:
        messages.success(request, said)
        return redirect(page)
    draft.bakeoff = None
    answer = ordered(request, draft, jobs)
    link = format_html('{} <a class="link" href="{}">See them side by side</a>', said, page)
    answer.write(toast(request, link))
    return answer
