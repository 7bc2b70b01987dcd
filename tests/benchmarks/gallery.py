"""What the studio page costs, beside raw SQL and f-strings that make the same bytes.

    python -m tests.benchmarks.gallery [--requests 300]

Two data folders, of 1,000 and of 100,000 jobs, each a clip with a take. A signed-in author loads
the wall with its 48 cards through the real WSGI handler with the whole middleware. The floor asks
SQLite for the session, the member, the project, the budget and the 48 rows with what a tile shows,
checks the session's signature, and puts the page together from f-strings around the same shell.
Both run in turns; CPU time of the process is compared, the lower quartile of the turns.
"""

import argparse
import os
import subprocess
import sys
import tempfile

SIZES = (1_000, 100_000)


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU of the studio page beside a floor")
    parser.add_argument("--requests", type=int, default=300)
    asked = parser.parse_args()
    results = [_measure(jobs, asked.requests) for jobs in SIZES]
    for jobs, (page, floor) in zip(SIZES, results, strict=True):
        print(
            f"{jobs:>7,} jobs: page {page:6.0f} µs, floor {floor:6.0f} µs CPU,"
            f" {page / floor:.2f}× the floor (goal 4×)"
        )
    (small, _), (large, _) = results
    print(f"100,000 jobs cost {large / small:.2f}× of 1,000 (goal 1.3×)")


def _measure(jobs: int, requests: int) -> tuple[float, float]:
    """Microseconds of CPU for the page and for the floor, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="dailies-gallery-") as folder:
        command = [sys.executable, "-m", "tests.benchmarks.gallery_room", str(jobs), str(requests)]
        environment = {
            **os.environ,
            "DAILIES_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "studio.settings",
        }
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    page, floor = map(float, done.stdout.split()[-2:])
    return page, floor


if __name__ == "__main__":
    main()
