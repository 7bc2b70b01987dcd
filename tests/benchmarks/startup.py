"""How long `manage.py up` takes to the first page, beside a process that only sets Django up.

    python -m tests.benchmarks.startup [--rounds 5]

The data folder is migrated before. Both are processes of their own and take turns, so that the
noise of the machine hits both alike; the page is the sign-in page, asked for again and again.
"""

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
FLOOR = [sys.executable, "-c", "import django; django.setup()"]


def floor(environment):
    """Seconds for Python to start and set Django up."""
    begun = time.monotonic()
    subprocess.run(FLOOR, cwd=ROOT, env=environment, check=True)
    return time.monotonic() - begun


def first_page(environment):
    """Seconds from the command to a whole sign-in page."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    begun = time.monotonic()
    command = [sys.executable, "manage.py", "up", "--port", str(port)]
    studio = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/sign-in/", deadline=begun + PATIENCE_SECONDS)
        return time.monotonic() - begun
    finally:
        studio.send_signal(signal.SIGINT)
        studio.wait()


def wait_for(url, *, deadline):
    while True:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as page:
                page.read()
                return
        except urllib.error.HTTPError:
            raise
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="dailies-startup-") as folder:
        environment = {
            **os.environ, "DAILIES_DATA": folder, "DJANGO_SETTINGS_MODULE": "studio.settings",
        }  # fmt: skip
        first_page(environment)  # migrates
        pairs = [(floor(environment), first_page(environment)) for _ in range(rounds)]
    floors, pages = zip(*pairs, strict=True)
    base, page = statistics.median(floors), statistics.median(pages)
    print(f"django.setup() alone     {base:5.2f} s  (floor)")
    print(f"up, to the first page    {page:5.2f} s  (worst {max(pages):.2f} s; goal: under 3 s)")
    print(f"ratio                    {page / base:5.2f}")


if __name__ == "__main__":
    main()
