"""The page of orders that need an admin: what is known of each, and the ways out."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from studio import permissions
from studio.forms.uncertain import (
    WAYS_OUT,
    AdoptForm,
    ChargeForm,
    DecisionForm,
    FetchForm,
    ReleaseForm,
    ResendForm,
)
from studio.models import Job, Member
from studio.pipeline.undecided import billable
from studio.reports.uncertain import Undecided, undecided, value
from studio.services import uncertain as services
from studio.views import hx
from studio.views.access import allowed, job_read
from studio.views.shell import shell

Decide = Callable[..., None]


@require_GET
@allowed(permissions.is_admin, services.DECIDE)
def uncertain(request: hx.MemberRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: hx.MemberRequest, *, refused: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    """`refused` is a form that was sent and did not work; it takes the place of its empty one."""
    team = request.member.team
    rows = [{"one": one, "forms": _forms(one, refused)} for one in undecided(team)]
    context = {
        **shell(request), "nav": "queue", "rows": rows, "value": value(team),
        "billable": billable(team)[:MOST_BILLABLE],
        "sentences": refused.sentences() if refused else [],
    }  # fmt: skip
    return hx.page(request, "queue/uncertain.html", context, status=status)


MOST_BILLABLE = 50


def _forms(one: Undecided, refused: DecisionForm | None) -> list[DecisionForm]:
    empty = [form(one.job, one.attempt) for form in WAYS_OUT[one.kind]]
    return [refused if refused and refused.slug == form.slug else form for form in empty]


def _decides(form_class: type[DecisionForm], decide: Decide, said: str) -> Callable[..., Any]:
    """A view that takes the form, lets `decide` do it, and comes back to the page."""

    @require_POST
    @allowed(permissions.is_admin, services.DECIDE)
    def view(request: hx.MemberRequest, pk: int) -> HttpResponse:
        job = job_read(request, pk)
        form = form_class(job, data=request.POST)
        if not form.done(_bound(decide, request.member, job)):
            return _page(request, refused=form, status=422)
        messages.success(request, said)
        return redirect("uncertain")

    return view


def _bound(decide: Decide, member: Member, job: Job) -> Decide:
    return lambda **values: decide(member, job, **values)


adopt = _decides(AdoptForm, services.adopt, "It goes on under the provider's name.")
resend = _decides(ResendForm, services.resend, "It is in line again.")
fetch = _decides(FetchForm, services.fetch, "Its files are asked for again.")
charge = _decides(ChargeForm, services.charge, "Charged. The rest of the hold went back.")
release = _decides(ReleaseForm, services.release, "Given up. The hold went back.")
