"""The newest entries of a team's ledger, as the report shows them beside its figures."""

from studio.models import LedgerEntry, Team

SHOWN = 5


def latest(team: Team) -> list[LedgerEntry]:
    """One query."""
    rows = LedgerEntry.objects.filter(team=team)
    with_names = rows.select_related("job__clip", "job__author__user", "actor__user")
    return list(with_names.order_by("-pk")[:SHOWN])
