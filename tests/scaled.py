"""One studio on PostgreSQL and Redis: this process serves pages, another one writes.

`python -m tests.scaled DATABASE` makes that database, prints {"cards", "rings"} and drops it.
"""

import json
import subprocess
import sys

import django
import psycopg

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from studio import live as bell  # noqa: E402
from studio.views import hub  # noqa: E402
from tests.factories import make_job, make_member, make_project  # noqa: E402
from tests.streaming import Viewer, address, start_server  # noqa: E402

TOUCHES = 3


def main() -> None:
    call_command("migrate", verbosity=0)
    author = make_member()
    make_project(author.team)
    job = make_job(author=author)
    hub.LOOK_SECONDS = 3600  # so that nothing arrives but by the bell
    server = start_server()
    try:
        with Viewer(server.port, address(author)).settle() as viewer:
            ids = _watch(viewer, job)
    finally:
        server.stop()
    print(json.dumps({"cards": len(ids), "rings": ids == sorted(set(ids))}))


def _watch(viewer: Viewer, job) -> list[int]:
    """Each commit of the other process arrives as a card before the next one is made."""
    ids = []
    for _ in range(TOUCHES):
        command = [sys.executable, "-m", "tests.writer", str(job.pk), "1"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        newest = bell.newest_event()
        ids.append(next(one.id for one in viewer.messages() if one.id == newest))
    return ids


def on_server(statement: str) -> None:
    with psycopg.connect("postgres://postgres@127.0.0.1:5432/postgres", autocommit=True) as server:
        server.execute(statement)


if __name__ == "__main__":
    name = sys.argv[1]
    on_server(f'CREATE DATABASE "{name}"')
    try:
        main()
    finally:
        connection.close()
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')
