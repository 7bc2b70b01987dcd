"""The ledger of a team, page by page."""

from dataclasses import dataclass

from studio.models import LedgerEntry, Team

PAGE = 50
SHOWN = ("job__clip__project", "job__author__user", "actor__user")  # with each entry


@dataclass(frozen=True, kw_only=True)
class LedgerPage:
    """Entries, newest first; `before` is the key of the next page, None at the end."""

    entries: list[LedgerEntry]
    before: int | None


def ledger_page(team: Team, *, before: int | None = None) -> LedgerPage:
    entries = LedgerEntry.objects.filter(team=team).select_related(*SHOWN)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    found = list(entries.order_by("-pk")[: PAGE + 1])
    more = len(found) > PAGE
    return LedgerPage(entries=found[:PAGE], before=found[PAGE - 1].pk if more else None)
