"""The steps of the benchmark of bills, each in a process of its own."""

# ruff: noqa: E402  (Django is set up before the models are imported)

import csv
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from studio import ledger
from studio.core.money import decimal
from studio.models import Bill, BillLine, Job, Member
from studio.pipeline import billing
from studio.pipeline.billing.rows import BATCH
from studio.services import bills
from studio.services.bills.bring import keep
from studio.services.setup import prepare
from tests.benchmarks.memory import MB, Rise
from tests.bills import COLUMNS, HEADER, MONTH, charged_jobs

PART = 20_000  # jobs that are made at once
AMOUNTS = (350_000, 700_000, 330_000, 70_001)
SPREAD = 49_999  # so that the next charge of the same amount is far away in time
PAUSE_SECONDS = 0.005


def fill(rows, nameless):
    """As many charges as rows, spread over November."""
    admin = prepare()
    ledger.grant(admin.team, 10**12, actor=None, cause="benchmark")
    done = Job.objects.count()
    path = Path(settings.DATA) / "bill.csv"
    with path.open("a", newline="") as file:
        table = csv.writer(file)
        if not done:
            table.writerow(HEADER)
        while done < rows:
            count = min(PART, rows - done)
            _write(table, _charged(admin, count, done), nameless)
            done += count


def _charged(admin, count, done):
    numbers = [AMOUNTS[number % 4] + (done + number) // 4 % SPREAD for number in range(count)]
    with transaction.atomic():
        return charged_jobs(admin, numbers, every=timedelta(days=29) / count)


def _write(table, rows, nameless):
    for number, row in enumerate(rows):
        one = row.without_names() if number % 100 < nameless else row
        table.writerow([one.reference, one.remote_id, one.at.isoformat(), f"{decimal(one.native):f}", one.unit])  # fmt: skip


def read(rows, _nameless):
    member = Member.objects.order_by("pk")[0]
    bill = keep(member, "runware", Path(settings.DATA) / "bill.csv", name="bill.csv", source="uploaded")  # fmt: skip
    days = {"starts_on": MONTH.date(), "ends_on": (MONTH + timedelta(days=29)).date()}
    began = time.perf_counter()
    bills.read(member, bill, COLUMNS, **days)
    print(f"{rows:,} rows: asked for in {time.perf_counter() - began:.2f} s")
    seconds, risen, waits = measured(lambda: billing.work(bill.pk))
    bill.refresh_from_db()
    found = bill.lines.exclude(difference="").count()
    print(f"  read in          {seconds:7.1f} s, {bill.line_count:,} lines, {found:,} differences")
    print(f"  memory           {risen / MB:7.1f} MB more")
    tell(waits)
    assert bill.read_at, bill.problem


def remove(_rows, _nameless):
    bills.remove(Member.objects.order_by("pk")[0], bill := Bill.objects.get())
    seconds, _, waits = measured(lambda: billing.work(bill.pk))
    print(f"  removed in       {seconds:7.1f} s")
    tell(waits)


def tell(waits):
    waits.sort()
    at = int(0.999 * len(waits))
    print(
        f"  others waited    {1000 * waits[-1]:7.0f} ms at most, {1000 * waits[at]:.0f} ms in 999 of "
        f"1,000 times, of {len(waits):,}"
    )


def measured(act):
    """Seconds, bytes that this process rose, and how long each of another process's writes waited."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.bills_room", "wait", "0", "0"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout.readline() == "ready\n"
        with Rise() as rise:
            act()
        said, _ = other.communicate("")
    return rise.seconds, rise.bytes, [float(word) for word in said.split()]


def wait(_rows, _nameless):
    """Write again and again until nobody listens; then say how long each beginning took."""
    waits, over = [], threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    team = Member.objects.order_by("pk")[0].team
    print("ready", flush=True)
    while not over.wait(PAUSE_SECONDS):
        began = time.perf_counter()
        with transaction.atomic():
            type(team).objects.filter(pk=team.pk).update(name=team.name)
            waits.append(time.perf_counter() - began)
    print(*waits)


def floor(_rows, _nameless):
    """The same lines into a table of the same columns and indexes."""
    table = BillLine._meta.db_table
    if connection.vendor != "sqlite":
        return
    source = sqlite3.connect(settings.DATABASES["default"]["NAME"])
    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        target = sqlite3.connect(Path(folder) / "floor.sqlite3", isolation_level=None)
        target.executescript(settings.DATABASES["default"]["OPTIONS"]["init_command"])
        asked = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql > '' ORDER BY type DESC"
        for (sql,) in source.execute(asked, [table]):
            target.execute(sql)
        print(f"  floor            {copied(source, target, table):7.1f} s for inserts alone")


def copied(source, target, table):
    rows, seconds = source.execute(f"SELECT * FROM {table} ORDER BY id"), 0.0
    while batch := rows.fetchmany(BATCH):
        marks = ", ".join("?" * len(batch[0]))
        began = time.perf_counter()
        target.execute("BEGIN IMMEDIATE")
        target.executemany(f"INSERT INTO {table} VALUES ({marks})", batch)
        target.execute("COMMIT")
        seconds += time.perf_counter() - began
    return seconds


STEPS = {step.__name__: step for step in (fill, read, floor, remove, wait)}

if __name__ == "__main__":
    if sys.argv[1] == "fill":
        call_command("migrate", verbosity=0)
    STEPS[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))
