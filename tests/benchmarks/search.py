"""What searching, sorting and paging the wall costs with 100,000 clips, beside 1,000.

    python -m tests.benchmarks.search [--rounds 30]

Two data folders, of 1,000 and of 100,000 takes with prompts, notes, tags, decisions, providers,
costs and seeds that differ; the newest thousand is alike in both. First page and deepest page of
each view go through the real WSGI handler as a browser asks for them; CPU time of the process is
compared, the best of the rounds. Then, with 100,000, searches of every kind as whole pages, the best
of three, also by the clock, which other programs on this machine slow down; the slowest stands
beside its bare SQL.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from typing import Any

SIZES = (1_000, 100_000)
MOST_MILLISECONDS = 300


def main() -> None:
    parser = argparse.ArgumentParser(description="Searches with 100,000 clips")
    parser.add_argument("--rounds", type=int, default=30)
    asked = parser.parse_args()
    small, large = (_measure(count, asked.rounds) for count in SIZES)
    _tell_pages(small["pages"], large["pages"])
    _tell_searches(large)


def _measure(count: int, rounds: int) -> dict[str, Any]:
    """What a process of its own found."""
    with tempfile.TemporaryDirectory(prefix="dailies-search-") as folder:
        command = [sys.executable, "-m", "tests.benchmarks.search_room", str(count), str(rounds)]
        environment = {
            **os.environ,
            "DAILIES_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "studio.settings",
        }
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _tell_pages(small: dict[str, list[float]], large: dict[str, list[float]]) -> None:
    print("CPU of a page with 100,000 clips beside 1,000    first page            deepest page")
    worst = [0.0, 0.0]
    for name, beside in small.items():
        cells = []
        for which, (few, many) in enumerate(zip(beside, large[name], strict=True)):
            worst[which] = max(worst[which], many / few)
            cells.append(f"{few:6.1f} → {many:6.1f} ms {many / few:.2f}×")
        print(f"  {name:46} {'  '.join(cells)}")
    print(f"  at most: first page {worst[0]:.2f}×, deepest page {worst[1]:.2f}× (goal 2×)")


def _tell_searches(large: dict[str, Any]) -> None:
    slow = sorted(large["searches"].items(), key=lambda one: -one[1][0])
    print(f"{len(slow)} searches of 100,000 clips as whole pages: CPU, clock; the slowest:")
    for name, taken in slow[:8]:
        print(f"  {_said(taken)}  {name}")
    print(f"  slowest {_said(slow[0][1])} (goal {MOST_MILLISECONDS} ms)")
    print(f"  its bare SQL {_said(large['floor'])}")
    print(f"  median {_said(slow[len(slow) // 2][1])}")
    print(f"  counts of all views {_said(large['counts'])}")


def _said(taken: list[float]) -> str:
    return f"{taken[0]:5.0f} ms CPU, {taken[1]:5.0f} ms"


if __name__ == "__main__":
    main()
