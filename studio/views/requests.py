"""Asking for more credits, and what is decided about it."""

from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from studio import permissions
from studio.core.money import words
from studio.forms.caps import ApproveForm, AskForm
from studio.models import CapRequest, Member
from studio.services import requests
from studio.views.access import View, allowed, request_read
from studio.views.caps import PAGE, context_of
from studio.views.hx import MemberRequest

DECIDE = "decide about budgets"


@require_POST
@allowed(permissions.can_ask_for_more, "ask for credits")
def ask(request: MemberRequest) -> HttpResponse:
    member, form = request.member, AskForm(request.POST, of=request.member)
    if form.done(lambda **values: requests.ask(member, **values)):
        return PAGE.changed(request, "Asked. You hear what is decided.", lambda: context_of(member))
    return PAGE.show(request, context_of(member, ask_form=form), status=422)


@require_POST
@allowed(permissions.can_limit, DECIDE)
def approve(request: MemberRequest, pk: int) -> HttpResponse:
    """All of it, or as much as the form says."""
    member, row = request.member, request_read(request, pk)
    permissions.require(permissions.can_decide_request(member, row), DECIDE)
    form = ApproveForm(request.POST, row=row)
    if form.done(lambda amount: requests.approve(member, row, amount)):
        notice = f"{words(row.granted)} cr more. Jobs that waited for them go on."
        return PAGE.changed(request, notice, lambda: context_of(member))
    return PAGE.show(request, _wrong(member, row, form), status=422)


def _wrong(member: Member, row: CapRequest, form: ApproveForm) -> dict[str, object]:
    """The page with this form in its row, or above them where the row is no more to be decided."""
    context = dict(context_of(member))
    shown = [(one, form if one.request.pk == row.pk else own) for one, own in context["approvals"]]
    return {**context, "approvals": shown, "refused_form": None if row.is_open else form}


Act = Callable[[Member, CapRequest], object]


def _does(act: Act, notice: str) -> View:
    """A view that does `act` with one request and shows the page as it is then."""

    @require_POST
    @allowed(permissions.can_ask_for_more, "ask for credits")
    def view(request: MemberRequest, pk: int) -> HttpResponse:
        row = request_read(request, pk)
        act(request.member, row)
        return PAGE.changed(request, notice, lambda: context_of(request.member))

    return view


refuse = _does(requests.refuse, "Refused. Who asked hears of it.")
withdraw = _does(requests.withdraw, "Withdrawn.")
remind = _does(requests.remind, "They are told once more.")
