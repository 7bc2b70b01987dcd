"""The chain: a team's entries are numbered from 1, and each vouches for all before it."""

from collections.abc import Generator, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Func, TextField

from studio.core import chain
from studio.models import Budget, LedgerEntry
from studio.models.ledger import CHAINED, START

TEAM, NUMBER = CHAINED.index("team_id"), CHAINED.index("number")
Row = tuple[Any, ...]  # the values of CHAINED as they are told, the digest, the key


class Told(Func):
    """A day or moment as core/chain tells it, so that no date is made and unmade for every row.

    What SQLite keeps is that text, or else was never written by us.
    """

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> Any:
        return self.as_sql(compiler, connection, template="CAST(%(expressions)s AS text)")


# The templates are for PostgreSQL, whatever style of dates its server was set to.
TOLD = {
    "day": Told("day", template="to_char(%(expressions)s, 'YYYY-MM-DD')"),
    "created_at": Told(
        "created_at",
        template="replace(to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),"
        " '.000000', '')",
    ),
}


def broken_chains() -> Iterator[str]:
    """Names each entry that does not hold what was written, or does not follow the one before.

    Each is compared with the digest that stands in the row before it. So one that was changed is
    named by itself, and one that was changed together with its digest by the next, or by the budget.
    """
    rows = LedgerEntry.objects.order_by("team_id", "number", "pk")
    told = (TOLD.get(name, name) for name in CHAINED)
    stream = rows.values_list(*told, "digest", "pk").iterator(chunk_size=2_000)
    ends: dict[int, tuple[int, bytes]] = {}
    for team, mine in groupby(stream, key=itemgetter(TEAM)):
        ends[team] = yield from _followed(team, mine)
    yield from _wrong_heads(ends)


def _followed(team: int, rows: Iterator[Row]) -> Generator[str, None, tuple[int, bytes]]:
    """Go through a team's entries; the number and the digest of the last are the answer."""
    number, head = 0, START
    for row in rows:
        if row[NUMBER] != number + 1:
            yield f"Entry {row[-1]} of team {team} has number {row[NUMBER]}, it comes after {number}."
        told = bytes(row[-2])
        if chain.digest(head, row[:-2]) != told:
            yield f"Entry {row[-1]} of team {team} is not what was written, or not after entry {number}."
        number, head = row[NUMBER], told
    return number, head


def _wrong_heads(ends: dict[int, tuple[int, bytes]]) -> Iterator[str]:
    """A budget knows its last entry, so that no end of the chain is lost or written anew."""
    for budget in Budget.objects.order_by("team_id").iterator():
        number, head = ends.get(budget.team_id, (0, START))
        if budget.entries != number:
            yield f"{_name(budget)} counts {budget.entries} entries, the last is {number}."
        if bytes(budget.head) != head:
            yield f"{_name(budget)} ends with another entry than number {number}."


def _name(budget: Budget) -> str:
    return f"Budget of team {budget.team_id}"
