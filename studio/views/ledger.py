"""The ledger: every entry that is asked for, what they add up to, and the files to take home."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio import permissions
from studio.forms.entries import EntryFilterForm
from studio.reports import entries
from studio.reports.entries import EntryFilter, Place, Sums
from studio.views import hx
from studio.views.access import allowed
from studio.views.shell import shell

SUMS, SUMS_ALONE = "entry-sums", "costs/_sums.html"


@require_GET
@allowed(permissions.can_see_costs, "see the ledger")
def ledger(request: hx.MemberRequest) -> HttpResponse:
    team = request.member.team
    wanted = EntryFilter.read(team, request.GET)
    if hx.target_of(request) == SUMS:
        told = {"wanted": wanted, "team": team, "sums": entries.sums(team, wanted)}
        return render(request, SUMS_ALONE, told)
    before = Place.read(request.GET.get("before", ""))
    context = {
        **_frame(request), "wanted": wanted, "form": _form(request),
        "page": entries.page(team, wanted, before=before), "later": before is not None,
        "sums": _sums(request, wanted), "team": team,
    }  # fmt: skip
    return hx.page(request, "costs/ledger.html", context, parts={"entries"})


def _sums(request: hx.MemberRequest, wanted: EntryFilter) -> Sums | None:
    """None where all entries of many jobs have to be read for them: the page comes first."""
    if wanted.is_by_job and "sums" not in request.GET:
        return None
    return entries.sums(request.member.team, wanted)


def _frame(request: hx.MemberRequest) -> dict[str, Any]:
    return {**shell(request), "nav": "costs"}


def _form(request: hx.MemberRequest) -> EntryFilterForm:
    rows = asdict(entries.choices(request.member.team))
    return EntryFilterForm(request.GET.dict(), rows)
