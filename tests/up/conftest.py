"""A real `manage.py up` in a process of its own."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 240  # generous: two cores, and other tests beside


def eventually(condition, what="it did not happen"):
    """The first truthy answer of `condition`, asked again and again."""
    deadline = time.monotonic() + SECONDS
    while not (answer := condition()):
        assert time.monotonic() < deadline, what() if callable(what) else what
        time.sleep(0.05)
    return answer


def children_of(pid):
    """Pids of all descendants."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(stat.parent.name)] = int(fields[1])
    found, grown = {pid}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return found - {pid}


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Studio:
    """One `up` on one data folder."""

    def __init__(self, folder, *options, **settings):
        self.folder = folder
        self.settings = settings
        self.log = folder.parent / f"up-{time.monotonic_ns()}.log"
        with self.log.open("w") as log:
            port = () if "--port" in options else ("--port", "0")
            self.process = command(folder, "up", *port, *options, to=log, **settings)
        self.pid = self.process.pid
        self.url = ""

    @property
    def output(self):
        return self.log.read_text()

    def ready(self):
        eventually(lambda: "Web " in self.output or not alive(self.pid), lambda: self.output)
        self.url = re.search(r"^Web +(http://\S+)/$", self.output, re.MULTILINE)[1]
        return self

    def get(self, path):
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=SECONDS) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def rows(self, sql):
        """Run one statement on the database of this studio."""
        with closing(sqlite3.connect(self.folder / "studio.sqlite3", timeout=SECONDS)) as database:
            found = database.execute(sql).fetchall()
            database.commit()
        return found

    def tell(self, number):
        self.process.send_signal(number)
        return self

    def stop(self, number=signal.SIGINT):
        self.tell(number)
        return self.process.wait(SECONDS)


def command(folder, *arguments, to=subprocess.PIPE, **settings):
    """`manage.py …` on a data folder, with these settings and none of this test run's own."""
    environment = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("DAILIES_", "DJANGO_", "PYTEST_", "COV_"))
    }  # fmt: skip
    environment["DAILIES_DATA"] = str(folder)
    environment["DAILIES_RENDERERS"] = "1"
    environment |= {f"DAILIES_{name}": value for name, value in settings.items()}
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=environment, stdout=to, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip


def shell(folder, code):
    """Run a few lines in the studio's own words; what they print, as JSON."""
    done = command(folder, "shell", "--no-imports", "--command", code)
    printed, _ = done.communicate(timeout=SECONDS)
    assert done.returncode == 0, printed.decode()
    return json.loads(printed.decode().splitlines()[-1])


@pytest.fixture
def up(ready_folder):
    """Start studios on one data folder; none of them, and no worker, outlives the test."""
    started, families = [], set()

    def start(*options, ready=True, **settings):
        studio = Studio(ready_folder, *options, **settings)
        started.append(studio)
        return studio.ready() if ready else studio

    yield start
    for studio in started:
        families |= children_of(studio.pid)
        if studio.process.poll() is None:
            studio.process.kill()
            studio.process.wait()
    for pid in families:
        if alive(pid):
            os.kill(pid, signal.SIGKILL)
