"""Providers' bills: which there are, bringing one, choosing its columns, taking it away."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio import permissions
from studio.core.bills.preview import Preview
from studio.core.bills.table import MOST_ROWS
from studio.core.errors import InvalidBill, NotAllowed, StudioError
from studio.forms.bills import ColumnsForm, FetchForm, UploadForm
from studio.models import Bill
from studio.reports.bills import bills_page
from studio.services import bills
from studio.storage.receive import BILL_FIELD, BILL_MAX_BYTES, Received
from studio.views import hx
from studio.views.access import allowed, bill_read
from studio.views.shell import shell

SEE = (permissions.can_reconcile, "see bills of providers")
BRING = (permissions.can_bring_bills, "bring bills of providers")
NO_FILE = "File is needed: a CSV that the provider gave you."


def _page(
    request: hx.MemberRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:  # fmt: skip
    frame = {**shell(request), "nav": "costs", "team": request.member.team}
    return hx.page(request, template, {**frame, **context}, status=status)


@require_GET
@allowed(*SEE)
def index(request: hx.MemberRequest) -> HttpResponse:
    """`?before=` the last bill of the page above."""
    return _index(request)


def _index(request: hx.MemberRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    before = request.GET.get("before", "")
    key = int(before) if before.isdecimal() and len(before) < 19 else None
    context = {"page": bills_page(request.member.team, before=key), "later": key is not None}
    if permissions.can_bring_bills(request.member):
        limits = {"most_rows": MOST_ROWS, "most_megabytes": BILL_MAX_BYTES // 10**6}
        forms = {"upload_form": UploadForm(), "fetch_form": FetchForm()}
        context |= {"may_bring": True, **limits, **forms}
    return _page(request, "bills/index.html", {**context, **more}, status=status)


@require_POST
@allowed(*BRING)
def upload(request: hx.MemberRequest) -> HttpResponse:
    """A good file goes on to its columns."""
    form, file = UploadForm(request.POST), request.FILES.get(BILL_FIELD)
    if form.is_valid() and isinstance(file, Received):
        try:
            bill = bills.upload(request.member, form.cleaned_data["provider"], file)
            return redirect("bill-columns", bill.pk)
        except NotAllowed:
            raise
        except StudioError as error:
            form.add_error(None, error.message)
    elif form.is_valid():
        form.add_error(None, NO_FILE)
    return _index(request, upload_form=form, status=422)


@require_POST
@allowed(*BRING)
def fetch(request: hx.MemberRequest) -> HttpResponse:
    form = FetchForm(request.POST)
    made: list[Bill] = []
    if form.done(lambda source, since, until: made.append(_fetched(request, source, since, until))):
        return redirect("bill", made[0].pk)
    return _index(request, fetch_form=form, status=422)


def _fetched(request: hx.MemberRequest, source: Any, since: Any, until: Any) -> Bill:
    remote, table = source
    asked = bills.Asked(remote=remote, table=table, since=since, until=until)
    return bills.fetch(request.member, asked)


@require_http_methods(["GET", "POST"])
@allowed(*BRING)
def columns(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """POST has the bill read with the chosen columns; with the button `look` it only looks again."""
    bill = bill_read(request, pk)
    if bill.is_being_read and request.method == "GET":
        return redirect("bill", bill.pk)
    bills.require_unread(bill)
    try:
        found = bills.preview(bill)
    except InvalidBill as error:
        return _columns(request, bill, None, None, problem=error.message)
    if request.method == "GET":
        return _columns(request, bill, found, _begun(bill, found), problem=_problem(bill, found))
    return _chosen(request, bill, found)


def _begun(bill: Bill, found: Preview) -> ColumnsForm:
    return ColumnsForm(preview=found, days={"starts_on": bill.starts_on, "ends_on": bill.ends_on})


def _problem(bill: Bill, found: Preview) -> str:
    """Of the last try to read it, else of the first rows; none where nobody chose anything so far."""
    begun = found.proposed
    return bill.problem or ("" if begun.problem() else found.problem(begun))


def _chosen(request: hx.MemberRequest, bill: Bill, found: Preview) -> HttpResponse:
    form = ColumnsForm(request.POST, preview=found)
    if "look" in request.POST and form.is_valid():
        problem = found.problem(form.columns)
        return _columns(request, bill, found, form, problem=problem, looked=not problem)
    if form.done(lambda **told: _read(request, bill, form)):
        return redirect("bill", bill.pk)
    return _columns(request, bill, found, form)


def _read(request: hx.MemberRequest, bill: Bill, form: ColumnsForm) -> None:
    days = {name: form.cleaned_data[name] for name in ("starts_on", "ends_on")}
    bills.read(request.member, bill, form.columns, **days)


def _columns(
    request: hx.MemberRequest, bill: Bill, found: Preview | None, form: ColumnsForm | None,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    status = 422 if form is None or form.errors or (form.is_bound and more.get("problem")) else 200
    context = {"bill": bill, "preview": found, "form": form, **more}
    return _page(request, "bills/columns.html", context, status=status)


@require_POST
@allowed(*BRING)
def remove(request: hx.MemberRequest, pk: int) -> HttpResponse:
    bill = bill_read(request, pk)
    bills.remove(request.member, bill)
    messages.success(request, f"“{bill.name}” is removed.")
    return redirect("bills")
