"""What a long ledger costs: totals from it, the report over them, its checks, and its exports.

    python -m tests.benchmarks.costs [--entries 10000000] [--folder FOLDER] [--page /costs/]

A data folder of its own gets so many ledger entries of three years, with the jobs, clips and takes
that they paid for; one that is named is kept, and filled only once. Then the totals of all days are
made; each page is asked for through the whole middleware, beside the statements over totals that
it asks, given to sqlite3 as they are; each check of the audit runs over everything, beside sqlite3
that reads all that the chain vouches for; and a million rows are exported, while the process's
memory is watched.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

TODAY = datetime.now(UTC).date()
THREE_YEARS = f"/costs/?period=dates&from={TODAY - timedelta(days=1_095)}&until={TODAY}&by=model"
PAGES = (
    "/costs/", "/costs/?period=week", "/costs/?period=quarter", "/costs/?period=year",
    "/costs/?by=tag&then=person", "/costs/?by=decision&then=model", THREE_YEARS,
    "/costs/budgets/", "/costs/ledger/", "/costs/months/", "/queue/",
)  # fmt: skip
EXPORTS = ("/costs/entries.csv", "/costs/entries.xlsx", "/costs/focus.csv")
MOST_TIMES, MOST_PAGE_SECONDS, MOST_CHECK_SECONDS, MOST_DAY_SECONDS = 3, 2, 10, 0.5

Found = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description="Reports, checks and exports of a long ledger")
    parser.add_argument("--entries", type=int, default=10_000_000)
    parser.add_argument("--folder", help="Keep the data here, or use what is here.")
    parser.add_argument("--page", action="append", help="An address; as often as needed.")
    asked = parser.parse_args()
    with _folder(asked.folder) as folder:
        for found in _measured(folder, asked.entries, asked.page or PAGES):
            skipped = found.get("skipped")
            of = f" {found['path']}" if "path" in found else ""
            print(f"{found['what']}{of}: " + (f"skipped, {skipped}" if skipped else
                  SAID[found["what"]](found, asked.entries)), flush=True)  # fmt: skip


@contextmanager
def _folder(named: str | None) -> Iterator[str]:
    if named:
        Path(named).mkdir(parents=True, exist_ok=True)
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="dailies-costs-") as folder:
        yield folder


def _measured(folder: str, entries: int, pages: list[str] | tuple[str, ...]) -> Iterator[Found]:
    """What a process of its own finds, as soon as it does."""
    command = [sys.executable, "-m", "tests.benchmarks.costs_room", "--entries", str(entries)]
    command += [word for page in pages for word in ("--page", page)]
    command += [word for path in EXPORTS for word in ("--export", path)]
    environment = {
        **os.environ,
        "DAILIES_DATA": folder,
        "DJANGO_SETTINGS_MODULE": "studio.settings",
    }
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as room:
        assert room.stdout, "it is a pipe"
        yield from map(json.loads, room.stdout)
    if room.returncode:
        sys.exit(room.returncode)


def _took(found: Found, name: str = "seconds") -> str:
    cpu, clock = found[name]
    return f"{cpu:.2f} s CPU, {clock:.2f} s"


def _fill(found: Found, _entries: int) -> str:
    return (
        f"{found['entries']:,} entries and {found['jobs']:,} jobs, {found['bytes'] / 1e9:.1f} GB: "
        f"{_took(found)}"
    )


def _rebuild(found: Found, _entries: int) -> str:
    return (
        f"{found['days']:,} days, {found['rows']:,} rows: {_took(found)}; memory "
        f"{found['megabytes']:.0f} MB"
    )


def _day(found: Found, _entries: int) -> str:
    return f"{found['jobs']:,} jobs: {_took(found)} (goal {MOST_DAY_SECONDS} s for 10,000)"


def _check(found: Found, _entries: int) -> str:
    wrong = f"; WRONG: {found['wrong']}" if found["wrong"] else ""
    return f"{_took(found)}; {_times(found)} a plain reading{wrong}"


def _books(found: Found, entries: int) -> str:
    each = found["seconds"][0] / (entries / 1e6)
    return (
        f"{', '.join(found['checks'])}: {_took(found)}; {_times(found)} a plain reading, "
        f"{each:.1f} s CPU for a million (goal {MOST_CHECK_SECONDS} s)"
    )


def _times(found: Found) -> str:
    return f"{found['seconds'][0] / found['floor'][0]:.1f}×"


def _page(found: Found, _entries: int) -> str:
    said = f"{_took(found)} (goal {MOST_PAGE_SECONDS} s)"
    if not found["statements"]:
        return said
    times = found["seconds"][0] / found["floor"][0]
    return (
        f"{said}; {times:.2f}× of its {found['statements']} statements over totals: "
        f"{_took(found, 'floor')} (goal {MOST_TIMES}×)"
    )


def _export(found: Found, _entries: int) -> str:
    return (
        f"{found['bytes'] / 1e6:.0f} MB: {_took(found)}; memory {found['megabytes']:.1f} MB "
        "(goal: the same for any number of rows)"
    )


SAID: dict[str, Callable[[Found, int], str]] = {
    "fill": _fill, "rebuild": _rebuild, "day": _day, "check": _check, "books": _books,
    "page": _page, "export": _export,
}  # fmt: skip


if __name__ == "__main__":
    main()
