"""What the report costs over three years of one big team: about a million daily totals.

    python -m tests.benchmarks.report [--days 1095]

That is what ten million ledger entries come to (see report_fill.py). Each view goes through the real
WSGI handler; the best of the rounds stands beside its own bare SQL, asked again without Django.
Goals: under 2 s, and within 3 times of that SQL.
"""

import argparse
import os
import subprocess
import sys
import tempfile


def main() -> None:
    parser = argparse.ArgumentParser(description="The report over three years")
    parser.add_argument("--days", type=int, default=3 * 365)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dailies-costs-") as folder:
        environment = {
            **os.environ, "DAILIES_DATA": folder, "DJANGO_SETTINGS_MODULE": "studio.settings",
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.benchmarks.report_room", str(asked.days)]
        subprocess.run(command, env=environment, check=True)


if __name__ == "__main__":
    main()
