"""One turn of the benchmark of costs: fills a data folder unless it is full, then asks for views."""

# ruff: noqa: E402  (Django is set up before the models are imported)

import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from studio import ledger
from studio.models import DailyTotal, Member
from tests.benchmarks.report_fill import Fill

ROUNDS = 3
MOST_SECONDS, MOST_TIMES = 2.0, 3.0


def main(days: int) -> None:
    call_command("migrate", verbosity=0)
    if not DailyTotal.objects.exists():
        Fill(days)
    admin = Member.objects.order_by("pk")[0]
    today = ledger.today_of(admin.team)
    first = today - timedelta(days=days)
    client = Client(headers={"host": "localhost"})
    client.force_login(admin.user)
    print(f"{DailyTotal.objects.count():,} daily totals   page     SQL    times")
    for view in (
        "", "?period=week", "?period=quarter", "?period=year",
        "?by=tag&then=person", f"?period=dates&from={first}&until={today}&by=model",
    ):  # fmt: skip
        _tell(client, f"/costs/{view}")


def _tell(client: Client, address: str) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []

    def listen(execute, sql, params, many, context):
        asked.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        assert client.get(address).status_code == 200
    page = _best(lambda: client.get(address))
    bare = _best(lambda: _ask(asked))
    goal = "" if page <= MOST_SECONDS and page <= MOST_TIMES * bare else "  over the goal"
    print(f"  {address:60} {page:6.2f} s {bare:6.2f} s {page / bare:5.1f}×{goal}")


def _ask(asked: list[tuple[str, tuple[object, ...]]]) -> None:
    """The same questions to the same file, read to the end and thrown away."""
    with sqlite3.connect(settings.DATABASES["default"]["NAME"]) as bare:
        for sql, params in asked:
            if sql.startswith("SELECT") and "studio_daily" in sql:
                bare.execute(
                    sql.replace("%s", "?"),
                    [str(one) if hasattr(one, "isoformat") else one for one in params],
                ).fetchall()


def _best(act: Callable[[], object]) -> float:
    found = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        found.append(time.perf_counter() - begun)
    return min(found)


if __name__ == "__main__":
    main(int(sys.argv[1]))
