"""A studio on a file of its own with a real server, and a viewer that reads its stream."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from shutil import copyfile

import pytest
import uvicorn
from django.core.management import call_command
from django.db import connections

from studio import live as bell
from studio.models import Member
from studio.views import cards, live
from studio.views.audience import Audience, Ticket

PATIENCE_SECONDS = 20


@contextmanager
def database_at(path: Path) -> Iterator[None]:
    """Let every thread of this process use that SQLite file, and not keep it open for the next."""
    configured = connections.settings["default"]
    usual, before = connections["default"], dict(configured)
    del connections["default"]
    configured |= {"NAME": str(path), "CONN_MAX_AGE": 0}
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = usual
        configured.update(before)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory, django_db_blocker) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "studio.sqlite3"
    with django_db_blocker.unblock(), database_at(path):
        call_command("migrate", verbosity=0)
    return path


@pytest.fixture
def ready_folder(tmp_path, migrated_file) -> Path:
    """A data folder for processes: its tables are made, which takes seconds, and nothing else is there."""
    path = tmp_path / "data"
    path.mkdir()
    copyfile(migrated_file, path / "studio.sqlite3")
    return path


@pytest.fixture
def data_folder(tmp_path, migrated_file, django_db_blocker, monkeypatch) -> Iterator[Path]:
    """A data folder as `up` would have it, in use by this process."""
    path = tmp_path / "studio.sqlite3"
    copyfile(migrated_file, path)
    monkeypatch.setattr(bell, "SOCKET", tmp_path / "live.sock")
    monkeypatch.setattr(cards, "_rendered", {})  # the same ids mean other clips here
    with django_db_blocker.unblock(), database_at(path):
        yield tmp_path


class Server:
    """The studio's ASGI app under uvicorn, in a thread."""

    def __init__(self, app, port: int = 0) -> None:
        self.socket = socket.create_server(("127.0.0.1", port), backlog=2048)
        self.port = self.socket.getsockname()[1]
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=5)
        self.uvicorn = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.uvicorn.run, args=([self.socket],))
        self.thread.start()

    def stop(self) -> None:
        live.close()
        self.uvicorn.should_exit = True
        self.thread.join(PATIENCE_SECONDS)
        assert not self.thread.is_alive(), "the server did not stop"


def start_server(port: int = 0) -> Server:
    from studio.asgi import app  # loads every middleware

    return Server(app, port)


@pytest.fixture
def server(data_folder) -> Iterator[Server]:
    running = start_server()
    yield running
    if running.thread.is_alive():
        running.stop()


def address(member: Member, view: str = "wall", *, since: int | None = None, project=None) -> str:
    """A stream's address as a page would have it that is rendered now."""
    project = project or member.team.projects.order_by("pk").first()
    ticket = Ticket(member.pk, Audience(member.team_id, project.pk, view))
    newest = bell.newest_event() if since is None else since
    return f"{live.PATH}?token={ticket.sign()}&since={newest}"


@dataclass
class Message:
    id: int = 0
    event: str = ""
    data: str = ""


class Viewer:
    """Somebody who has a page open. Every read has a deadline, none waits for a fixed time."""

    def __init__(self, port: int, url: str, *, last_event_id: int | str | None = None) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        headers = {} if last_event_id is None else {"Last-Event-ID": str(last_event_id)}
        self.connection.request("GET", url, headers=headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status

    def lines(self) -> Iterator[str]:
        while line := self.response.readline():
            yield line.decode().rstrip("\n")

    def messages(self) -> Iterator[Message]:
        message, is_empty = Message(), True
        for line in self.lines():
            name, _, value = line.partition(": ")
            if not line and not is_empty:
                yield message
                message, is_empty = Message(), True
            elif name.rstrip(":") in {"id", "event", "data"}:
                is_empty = False
                if name == "id":
                    message.id = int(value)
                elif name == "event":
                    message.event = value
                else:
                    message.data += value + "\n"

    def next(self) -> Message:
        return next(self.messages())

    def card(self) -> Message:
        """The next message that changes a card."""
        return next(one for one in self.messages() if one.id and not one.event)

    def settle(self) -> "Viewer":
        """Return when the hub has let us in; a stream begins with the retry line."""
        assert self.response.readline().startswith(b"retry:")
        _until(lambda: live._hub and not live._hub.door and live._hub.rooms)
        return self

    def close(self) -> None:
        self.response.close()
        self.connection.close()

    def __enter__(self) -> "Viewer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _until(condition) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        os.sched_yield()


def touch_elsewhere(folder: Path, job_id: int, times: int) -> subprocess.Popen:
    """Another process of the same studio touches a job that often."""
    command = [sys.executable, "-m", "tests.writer", str(job_id), str(times)]
    env = {**os.environ, "DAILIES_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "studio.settings"}
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
