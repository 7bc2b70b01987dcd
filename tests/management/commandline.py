"""The command line of the product, as a person runs it: real processes on a folder of their own."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 240  # generous: two cores, and other tests beside


class Folder:
    """A data folder that need not exist yet, and the commands that are run on it.

    `environment` has what is set besides the folder.
    """

    def __init__(self, path: Path, **environment: str) -> None:
        self.path = path
        self.environment = environment

    def start(self, *arguments: str) -> subprocess.Popen:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "studio.settings"}
        environment |= {"DAILIES_DATA": str(self.path), "DAILIES_RENDERERS": "1"}
        environment |= self.environment
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, stdout, stderr."""
        return finish(self.start(*arguments))

    def json(self, *arguments: str):
        code, out, err = self.run(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)

    def shoot(self, *arguments: str):
        return self.json("shoot", "A red door in the snow.", "--duration", "1", *arguments)

    def rows(self, sql: str) -> list[tuple]:
        """What the database says, once it can be asked at all."""
        database = self.path / "studio.sqlite3"
        if not database.exists():
            return []
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=20) as connection:
            try:
                return connection.execute(sql).fetchall()
            except sqlite3.OperationalError:
                return []

    def wait_for(self, sql: str, process: subprocess.Popen) -> list[tuple]:
        """The rows, as soon as there are any; the process must still be at work then."""
        for _ in range(SECONDS * 50):
            if rows := self.rows(sql):
                return rows
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"It ended first: {process.communicate()}")
        raise AssertionError(f"Never came: {sql}")


def finish(process: subprocess.Popen) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=SECONDS)
    return process.returncode, out, err
