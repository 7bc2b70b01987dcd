"""What the price of 200 jobs costs, beside that of one.

    python -m tests.benchmarks.many [--requests 40]

A data folder of its own with the studio's own models and prices. The director's form is sent to
the quote through the real handler, in turns with one order and with 10 prompts × 10 durations × 2
seeds; wall time of the process is compared, the median of the turns.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time

GOAL_MILLISECONDS = 200
ONE = {
    "dock": "director", "model": "animatic/animatic-1", "drawn_for": "animatic/animatic-1",
    "prompt": "A red door.", "duration": "5", "aspect": "16:9", "resolution": "720p", "count": "1",
    "format": "mp4", "quality": "60",
}  # fmt: skip
MANY = {
    **ONE, "prompt": "A {a|b|c|d|e} door {in|out}.", "several": ["duration", "seed"],
    "many_duration": [str(number) for number in range(1, 11)], "many_seed": "2 seeds",
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="The quote of 200 jobs beside that of one")
    parser.add_argument("--requests", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dailies-many-") as folder:
        os.environ.update(DAILIES_DATA=folder, DJANGO_SETTINGS_MODULE="studio.settings")
        one, many = _measure(asked.requests)
    print(f"one order {one:.1f} ms, 200 jobs {many:.1f} ms ({many / one:.2f}×, goal 200 ms)")
    sys.exit(many > GOAL_MILLISECONDS)


def _measure(requests: int) -> tuple[float, float]:
    """Milliseconds for one and for many."""
    client = _client()
    turns = [
        (_timed(client, ONE, "Generate"), _timed(client, MANY, "200 jobs")) for _ in range(requests)
    ]
    return statistics.median(one for one, _ in turns), statistics.median(many for _, many in turns)


def _client():
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    from tests.factories import make_member, make_project

    member = make_member("admin")
    make_project(member.team)
    client = Client(headers={"host": "localhost"})
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _timed(client, typed, said) -> float:
    begun = time.perf_counter()
    answer = client.post("/quote/", typed)
    taken = 1000 * (time.perf_counter() - begun)
    assert said in answer.content.decode(), answer.status_code
    return taken


if __name__ == "__main__":
    main()
