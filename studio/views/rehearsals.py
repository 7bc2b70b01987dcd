"""Rehearse what the form holds, and shoot for real what was rehearsed."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from studio import permissions
from studio.core.errors import InvalidOrder, Problem
from studio.models import Job
from studio.services import rehearsals
from studio.views import hx, jobs
from studio.views.access import allowed
from studio.views.drafts import Draft
from studio.views.orders import generate, price_in


@require_POST
@allowed(permissions.can_order, "order takes")
def rehearse(request: hx.MemberRequest) -> HttpResponse:
    """The form sent to Animatic; the form stays as it is, to be generated or changed."""
    return generate(request, act=_rehearse)


def _rehearse(request: hx.MemberRequest, draft: Draft) -> Sequence[Job]:
    if len(draft.form.variants) > 1:
        raise InvalidOrder([Problem("prompt", ONE)])
    return [
        rehearsals.rehearse(
            request.member, request.project, draft.form.order, origin=draft.origin_of_rehearsal,
            shown_price=price_in(request, "rehearsal_price"),
        )
    ]  # fmt: skip


ONE = "A rehearsal is of one shot: take out the wildcards, and switch Several off."


def _shoot(request: hx.MemberRequest, job: Job) -> str:
    """`?times=` and `?price=` are what the button knew."""
    times = request.GET.get("times", "")
    rehearsals.shoot(
        request.member, job, times=int(times) if times.isdecimal() and len(times) < 9 else 0,
        shown_price=price_in(request, "price"),
    )  # fmt: skip
    return "Ordered for real, beside its rehearsal."


shoot = jobs.does(_shoot)
