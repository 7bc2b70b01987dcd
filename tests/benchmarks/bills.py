"""What reading a long bill costs: time, memory, and how long others wait to write meanwhile.

    python -m tests.benchmarks.bills [--rows 100000] [--nameless 0] [--folder FOLDER]

A studio of its own on SQLite with a charge for each row, or on the database of DATABASE_URL (an
empty one). Another process begins to write all the time, and says how long it had to wait for it.
Memory is how far that of the reading process rises, without the database's mapped file. The floor is the same lines
inserted by plain sqlite3 into a copy of their table with its indexes, as many in one transaction.
`--nameless` of a hundred rows have neither reference nor id, and are found by time and amount. With
--folder what was filled is kept and used again.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOM = [sys.executable, "-m", "tests.benchmarks.bills_room"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--nameless", type=int, default=0)
    parser.add_argument("--folder")
    options = parser.parse_args()
    if options.folder:
        Path(options.folder).mkdir(exist_ok=True)
        run(options.folder, options)
        return
    with tempfile.TemporaryDirectory(prefix="dailies-bills-") as folder:
        run(folder, options)


def run(folder, options):
    environment = {
        **os.environ, "DAILIES_DATA": folder, "DJANGO_SETTINGS_MODULE": "studio.settings",
    }  # fmt: skip
    for step in ("fill", "read", "floor", "remove"):
        command = [*ROOM, step, str(options.rows), str(options.nameless)]
        subprocess.run(command, env=environment, check=True)


if __name__ == "__main__":
    main()
