"""One bill of a provider: what differs, by kind, and what becomes of each difference."""

import csv
import io
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from studio import permissions
from studio.core.cells import MARK
from studio.core.errors import InvalidChoice
from studio.forms.bills import NoteForm, SumForm
from studio.models import Bill, BillLine
from studio.reports.bills import Group, groups, lines_page, table_of
from studio.services import bills
from studio.views import hx
from studio.views.access import allowed, bill_line_read, bill_read, bill_with_lines
from studio.views.shell import shell

PARTS = frozenset({"differences"})
may_reconcile = allowed(permissions.can_reconcile, "see bills of providers")
SUM_NEEDED = "Sum must be the number that the button showed; load the page again."


@require_GET
@may_reconcile
def bill(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """`?kind=` which differences, `?after=` the last line of the page above."""
    found = bill_read(request, pk)
    if found.is_being_read:
        return _reading(request, found)
    if hx.target_of(request) == "reading":  # a page that said how far it was: the whole one now
        return HttpResponseClientRedirect(reverse("bill", args=[pk]))
    if not found.read_at:
        return redirect("bill-columns", pk)
    return _show(request, found, request.GET)


def _reading(request: hx.MemberRequest, found: Bill) -> HttpResponse:
    may_bring = permissions.can_bring_bills(request.member)
    frame = {**shell(request), "nav": "costs", "team": request.member.team}
    context = {**frame, "bill": found, "may_bring": may_bring}
    return hx.page(request, "bills/reading.html", context, parts={"reading"})


def _show(
    request: hx.MemberRequest, found: Bill, place: QueryDict, *, status: int = 200, **more: Any
) -> HttpResponse:  # fmt: skip
    known = groups(found)
    here, after = _here(known, place.get("kind", "")), _key(place)
    count, worth = bills.bookable(found)
    context = {
        "bill": found, "groups": known, "here": here, "after": after,
        "page": lines_page(found, here.kind, after=after) if here else None,
        "count": count, "worth": worth, "may_bring": permissions.can_bring_bills(request.member),
    }  # fmt: skip
    frame = {**shell(request), "nav": "costs", "team": request.member.team}
    return hx.page(
        request, "bills/bill.html", {**frame, **context, **more}, parts=PARTS, status=status
    )


def _here(known: list[Group], wanted: str) -> Group | None:
    """The kind that is asked for, else the first with something to do, else the first."""
    asked = [group for group in known if group.kind == wanted]
    return next(iter([*asked, *(group for group in known if group.open), *known]), None)


def _key(place: QueryDict) -> int:
    after = place.get("after", "")
    return int(after) if after.isdecimal() and len(after) < 19 else 0


@require_POST
@may_reconcile
def book(request: hx.MemberRequest, pk: int) -> HttpResponse:
    line = bill_line_read(request, pk)
    bills.book(request.member, line)
    done = "is booked" if line.row else "is refunded"
    return _done(request, line.bill, f"{_at(line)} {done}.")


@require_POST
@may_reconcile
def book_all(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """`sum` is what the button showed."""
    found, form = bill_with_lines(request, pk), SumForm(request.POST)
    if not form.is_valid():
        raise InvalidChoice(SUM_NEEDED)
    count = bills.book_all(request.member, found, expected=form.cleaned_data["sum"])
    return _done(request, found, f"{count:,} difference{'' if count == 1 else 's'} booked.")


@require_POST
@may_reconcile
def settle(request: hx.MemberRequest, pk: int) -> HttpResponse:
    line = bill_line_read(request, pk)
    form = NoteForm(request.POST)
    if form.done(partial(bills.settle, request.member, line)):
        return _done(request, line.bill, f"{_at(line)} is settled.")
    return _show(request, line.bill, request.POST, status=422, wrong=line.pk, note_form=form)


@require_POST
@may_reconcile
def settle_all(request: hx.MemberRequest, pk: int) -> HttpResponse:
    """Every open difference of the `kind`."""
    found, form = bill_with_lines(request, pk), NoteForm(request.POST)
    kind = request.POST.get("kind", "")
    if form.done(partial(bills.settle_all, request.member, found, kind)):
        return _done(request, found, "They are settled.")
    return _show(request, found, request.POST, status=422, wrong="all", note_form=form)


def _done(request: hx.MemberRequest, found: Bill, notice: str) -> HttpResponse:
    """htmx gets the differences as they are now, others the same place of the page."""
    if request.htmx:
        return _show(request, found, request.POST, notice=notice)
    messages.success(request, notice)
    place = f"?kind={request.POST.get('kind', '')}&after={_key(request.POST)}"
    return redirect(f"{reverse('bill', args=[found.pk])}{place}#differences")


def _at(line: BillLine) -> str:
    return f"Row {line.row:,}" if line.row else "The charge"


@require_GET
@may_reconcile
def table(request: hx.MemberRequest, pk: int) -> HttpResponseBase:
    """All differences as a CSV, streamed."""
    found = bill_with_lines(request, pk)
    name = content_disposition_header(as_attachment=True, filename=f"bill-{pk}-differences.csv")
    return StreamingHttpResponse(
        _written(found), content_type="text/csv; charset=utf-8",
        headers={"content-disposition": name, "cache-control": "no-store"},
    )  # fmt: skip


def _written(found: Bill) -> Iterator[bytes]:
    yield MARK.encode()
    for cells in table_of(found):
        line = io.StringIO()
        csv.writer(line).writerow(cells)
        yield line.getvalue().encode(errors="replace")
