"""One turn of the costs benchmark: fills a data folder with a ledger, then measures what reads it.

Every line that it prints is a JSON object with what was just found out.
"""

# ruff: noqa: E402  (Django is set up before the models are imported)

import argparse
import json
import re
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studio.ledger import totals
from studio.models import DailyTotal, Day, Job, LedgerEntry
from studio.models.ledger import CHAINED
from studio.services import audit
from studio.services.setup import first_admin
from tests.benchmarks.costs_fill import Fill
from tests.benchmarks.memory import MB, Rise

ROLLUPS = re.compile(r"studio_daily(total|time)")
# What is proved of the ledger and of what follows from it.
BOOKS = (
    "budgets",
    "entries",
    "holds",
    "charges",
    "once",
    "totals",
    "verdicts",
    "chain",
    "months",
    "caps",
)
ROUNDS = 5
A_MILLION = 1_000_000


def tell(**found: Any) -> None:
    print(json.dumps(found), flush=True)


class Taken(NamedTuple):
    """Seconds of CPU, and by the clock, which other programs on this machine slow down."""

    cpu: float
    clock: float


def timed(act: Callable[[], object]) -> Taken:
    begun, began = time.process_time(), time.perf_counter()
    act()
    return Taken(time.process_time() - begun, time.perf_counter() - began)


def fill(entries: int) -> None:
    seconds = timed(Fill(entries))
    found = {"entries": LedgerEntry.objects.count(), "jobs": Job.objects.count()}
    size = Path(settings.DATABASES["default"]["NAME"]).stat().st_size
    tell(what="fill", seconds=seconds, bytes=size, **found)


def rebuild() -> None:
    team = _admin().team
    with Rise() as rise:
        seconds = timed(lambda: list(totals.rebuild(team)))
    tell(what="rebuild", seconds=seconds, days=Day.objects.count(),
         rows=DailyTotal.objects.count(), megabytes=rise.bytes / MB)  # fmt: skip


def busiest_day() -> None:
    """The longest that a report may have to wait for one stale day."""
    by_day = LedgerEntry.objects.values("day").annotate(jobs=Count("job", distinct=True))
    busiest = by_day.order_by("-jobs").first()
    assert busiest, "there are entries"
    day = busiest["day"]
    taken = []
    for _ in range(ROUNDS):
        Day.objects.filter(date=day).update(stale=True)
        taken.append(timed(lambda: totals.refresh(_admin().team, day, day)))
    tell(what="day", seconds=min(taken), jobs=busiest["jobs"])


def check() -> None:
    """Each check of the audit, and those of the books together, beside a plain reading of them.

    The fill makes no attempts, events or texts: what the other checks miss of these says nothing.
    """
    floor, books = timed(read_plainly), Taken(0, 0)
    with audit.one_moment():
        for name, rows in audit.ROWS.items():
            found: deque[str] = deque(maxlen=3)
            seconds = timed(partial(_exhaust, rows, found))
            told: list[str] = []
            if name in BOOKS:
                books, told = Taken(*map(sum, zip(books, seconds, strict=True))), list(found)
            tell(what="check", path=name, seconds=seconds, floor=floor, wrong=told)
    tell(what="books", seconds=books, floor=floor, checks=BOOKS)


def _exhaust(rows: audit.Check, found: deque[str]) -> None:
    found.extend(rows())


def read_plainly() -> None:
    """Every value that the chain vouches for, as sqlite3 gives it."""
    columns = ", ".join((*CHAINED, "digest", "id"))
    database = sqlite3.connect(settings.DATABASES["default"]["NAME"])
    rows = database.execute(f"SELECT {columns} FROM studio_ledgerentry ORDER BY team_id, number")
    while rows.fetchmany(2_000):
        pass
    database.close()


def page(client: Client, path: str) -> None:
    """A whole page beside the statements over totals that it asks, as bare SQL."""
    answer = client.get(path)
    if answer.status_code != 200:
        tell(what="page", path=path, skipped=f"it answers {answer.status_code}")
        return
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    statements = [one["sql"] for one in asked if ROLLUPS.search(one["sql"])]
    floor = sqlite3.connect(settings.DATABASES["default"]["NAME"])
    for pragma in ("mmap_size=268435456", "cache_size=-20000"):  # as the studio has them
        floor.execute(f"PRAGMA {pragma}")

    def ask() -> None:
        for statement in statements:
            floor.execute(statement).fetchall()

    pages, asks = [], []
    for _ in range(ROUNDS):
        pages.append(timed(lambda: client.get(path)))
        asks.append(timed(ask))
    tell(what="page", path=path, seconds=min(pages), floor=min(asks), statements=len(statements))


def export(client: Client, path: str) -> None:
    """What sending a file adds to the memory of the process, and what came."""
    answer: Any = client.get(path)
    if answer.status_code != 200:
        tell(what="export", path=path, skipped=f"it answers {answer.status_code}")
        return
    size = 0

    def receive() -> None:
        nonlocal size
        for piece in answer.streaming_content:
            size += len(piece)

    with Rise() as rise:
        seconds = timed(receive)
    answer.close()
    tell(what="export", path=path, seconds=seconds, bytes=size, megabytes=rise.bytes / MB)


def last_million() -> str:
    """`since=…`, from which on there are a million entries, or all of them."""
    first = LedgerEntry.objects.order_by("-day", "-pk")[A_MILLION - 1 : A_MILLION].first()
    return f"since={first.day}" if first else ""


def _admin() -> Any:
    admin = first_admin()
    assert admin, "the fill made one"
    return admin


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, required=True)
    parser.add_argument("--page", action="append", default=[])
    parser.add_argument("--export", action="append", default=[])
    asked = parser.parse_args()
    if not Path(settings.DATABASES["default"]["NAME"]).exists():
        fill(asked.entries)
        rebuild()
    busiest_day()
    check()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(_admin().user)
    for path in asked.page:
        page(client, path)
    for path in asked.export:
        export(client, f"{path}?{last_million()}")


if __name__ == "__main__":
    main()
