"""What it costs to ask a provider about thousands of jobs, beside bare GETs of the same answers.

    python -m tests.benchmarks.polling [--jobs 5000] [--seconds 60] [--every 10]

A provider in a process of its own answers over HTTP after 0.1 s, always with the same news: none.
One worker on a data folder of its own watches the lane as `studio.poll` does; all jobs were sent so
long ago that each is asked about every ten seconds. Its CPU time counts everything: the loop, HTTP,
reading the answers, SQLite with its default settings. The lag is from the moment at which a job was
due to the one at which its round began. The floor asks for the same number of answers with aiohttp
alone, at the same pace, and does not even look at them.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager

GOAL_SHARE, GOAL_LAG = 0.25, 2.0


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU of asking about many jobs beside bare GETs")
    parser.add_argument("--jobs", type=int, default=5000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--every", type=int, default=10, help="seconds between two questions")
    asked = parser.parse_args()
    with provider() as address:
        worker = measure("worker", address, asked)
        floor = measure("floor", address, asked)
    share = worker["cpu"] / worker["seconds"]
    print(f"{asked.jobs:,} jobs, {worker['asked'] / worker['seconds']:.0f} questions a second")
    print(f"worker: {share:.2f} of a core (goal {GOAL_SHARE}), {each(worker):.0f} µs a question,")
    print(
        f"        lag p50 {worker['p50']:.2f} s, p95 {worker['p95']:.2f} s (goal {GOAL_LAG:.0f} s)"
    )
    print(
        f"floor:  {each(floor):.0f} µs a question; the worker takes {each(worker) / each(floor):.1f}×"
    )


def each(told: dict[str, float]) -> float:
    """Microseconds of CPU for one question."""
    return 1e6 * told["cpu"] / told["asked"]


@contextmanager
def provider():
    command = [sys.executable, "-m", "tests.benchmarks.polling_provider"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def measure(what: str, address: str, asked: argparse.Namespace) -> dict[str, float]:
    """In a process of its own: CPU seconds, seconds, questions, and the lag in seconds."""
    sizes = [str(asked.jobs), str(asked.seconds), str(asked.every)]
    with tempfile.TemporaryDirectory(prefix="dailies-polling-") as folder:
        environment = {
            **os.environ,
            "DAILIES_DATA": folder,
            "DAILIES_ALLOW_PRIVATE": "127.0.0.0/8",
            "DAILIES_OCTOPUSX_API_KEY": "a-key",
            "DAILIES_OCTOPUSX_BASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "studio.settings",
        }
        command = [sys.executable, "-m", "tests.benchmarks.polling_room", what, *sizes]
        done = subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


if __name__ == "__main__":
    main()
