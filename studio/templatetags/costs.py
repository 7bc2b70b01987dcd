"""Figures as the cost report shows them."""

from collections.abc import Callable, Mapping
from typing import Any

from django import template

from studio import permissions
from studio.core import figures
from studio.core.figures import cr
from studio.models import EntryKind, LedgerEntry, Member

register = template.Library()

for figure in (
    figures.cr,
    figures.about,
    figures.rate,
    figures.usd,
    figures.percent,
    figures.lasting,
):
    register.filter(figure)


# The pages about money: what each is called, and who may open it.
ROOMS: tuple[tuple[str, str, Callable[[Member], bool]], ...] = (
    ("Report", "costs", permissions.can_see_costs),
    ("Ledger", "costs-ledger", permissions.can_see_costs),
    ("Budgets", "budgets", permissions.can_see_costs),
    ("Months", "costs-months", permissions.can_see_costs),
    ("Bills", "bills", permissions.can_reconcile),
    ("By mail", "costs-mailed", permissions.can_see_costs),
)


@register.inclusion_tag("costs/_rooms.html", takes_context=True)
def costs_rooms(context: Mapping[str, Any]) -> dict[str, Any]:
    """Links to the pages about money that the member may open, the present one marked."""
    request = context["request"]
    rooms = [(label, route) for label, route, may in ROOMS if may(request.member)]
    return {"rooms": rooms, "here": request.resolver_match.url_name}


ICONS = {
    EntryKind.GRANT: "plus", EntryKind.HOLD: "hold", EntryKind.CHARGE: "coin",
    EntryKind.RELEASE: "refund", EntryKind.REFUND: "refund", EntryKind.CORRECTION: "pen",
}  # fmt: skip
CLASSES = {EntryKind.HOLD: "dim", EntryKind.RELEASE: "ok", EntryKind.REFUND: "ok"}


@register.filter
def entry_icon(kind: str) -> str:
    return ICONS[EntryKind(kind)]


@register.filter
def entry_class(kind: str) -> str:
    return CLASSES.get(EntryKind(kind), "")


@register.filter
def signed(entry: LedgerEntry) -> str:
    """“75 held”, “−75” spent, “+42” given back or granted."""
    if entry.kind == EntryKind.HOLD:
        return f"{cr(entry.held)} held"
    moved = -entry.held if entry.kind == EntryKind.RELEASE else entry.granted - entry.spent
    return f"+{cr(moved)}" if moved > 0 else cr(moved)
