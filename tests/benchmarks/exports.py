"""What files of a large ledger cost, in time and memory, and how fast its page finds entries.

    python -m tests.benchmarks.exports [--entries 1000000] [--folder FOLDER]

A studio of its own on SQLite, or on the database of DATABASE_URL (an empty one). Each file is made
whole in this process and thrown away; its memory is how far the process rose above what it needed
after a small file, without the database's file, which SQLite maps into memory otherwise. The floor
is SQL alone that reads the same rows. With --folder what was filled is kept and used again.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOM = [sys.executable, "-m", "tests.benchmarks.exports_room"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--folder")
    options = parser.parse_args()
    if options.folder:
        Path(options.folder).mkdir(exist_ok=True)
        run(options.folder, options.entries)
        return
    with tempfile.TemporaryDirectory(prefix="dailies-exports-") as folder:
        run(folder, options.entries)


def run(folder, entries):
    environment = {
        **os.environ, "DAILIES_DATA": folder, "DJANGO_SETTINGS_MODULE": "studio.settings",
    }  # fmt: skip
    for step in ("fill", "floor", "csv", "focus", "xlsx", "page", "close"):
        subprocess.run([*ROOM, step, str(entries)], env=environment, check=True)


if __name__ == "__main__":
    main()
