"""Proves that money, jobs, takes and files agree, and names every row that does not.

Each check is a generator of findings, one sentence for each row; the table below names them. Rows
are streamed, so that memory does not grow with the studio.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from studio.models import Asset, Job, LedgerEntry, Take
from studio.services.audit import (
    attempts,
    caps,
    chain,
    clips,
    database,
    decisions,
    files,
    history,
    money,
    months,
    results,
    texts,
    totals,
    verdicts,
)

Check = Callable[[], Iterator[str]]

ROWS: dict[str, Check] = {
    "database": database.damage,
    "references": database.loose_ends,
    "budgets": money.budgets_that_do_not_add_up,
    "entries": money.entries_that_do_not_balance,
    "holds": money.wrong_holds,
    "charges": money.wrong_charges,
    "once": money.doubled_entries,
    "totals": totals.wrong_totals,
    "verdicts": verdicts.unlike_the_provider,
    "chain": chain.broken_chains,
    "months": months.wrong_months,
    "caps": caps.wrong_limits,
    "attempts": attempts.wrong_attempts,
    "orders": attempts.shared_orders,
    "marks": attempts.unmarked,
    "takes": results.wrong_takes,
    "numbers": results.wrong_numbers,
    "parts": results.wrong_parts,
    "streams": results.wrong_streams,
    "decisions": decisions.wrong_reviews,
    "clips": clips.tiles_that_tell_otherwise,
    "texts": texts.wrong_texts,
    "events": history.last_words,
    "moves": history.forbidden_moves,
    "leases": history.ended_but_busy,
}
FILES: dict[str, Check] = {"files": files.wrong_files}

# What begins such reading.
BEGIN = {
    "sqlite": "BEGIN DEFERRED",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that should not be: which check found it, and the row in words."""

    check: str
    message: str

    def __str__(self) -> str:
        return f"{self.check}: {self.message}"


def findings(*, with_files: bool = True) -> Iterator[Finding]:
    """Everything that is wrong. Rows are read as of one moment; files, which stay, after that."""
    with one_moment():
        yield from _run(ROWS)
    if with_files:
        yield from _run(FILES)


def _run(checks: dict[str, Check]) -> Iterator[Finding]:
    for name, check in checks.items():
        for message in check():
            yield Finding(check=name, message=message)


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read is as of its begin, without keeping anybody from writing."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(BEGIN[connection.vendor])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def extent() -> dict[str, int]:
    """How much there is to look at."""
    models = {"jobs": Job, "takes": Take, "entries": LedgerEntry, "files": Asset}
    return {name: model._default_manager.count() for name, model in models.items()}
