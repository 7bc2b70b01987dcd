"""A queue of messages in one SQLite file: first in, first out, and at least once."""

import os
import sqlite3
import threading
import time
from pathlib import Path

# NORMAL may lose the newest messages with the power, never to a crash; jobs stand in the database.
SCHEMA = """
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS message (
        id INTEGER PRIMARY KEY,
        queue TEXT NOT NULL,
        tag TEXT NOT NULL UNIQUE,
        body TEXT NOT NULL,
        expires_at REAL,
        taken_by INTEGER
    ) STRICT;
    CREATE INDEX IF NOT EXISTS waiting ON message (queue, id) WHERE taken_by IS NULL;
    CREATE INDEX IF NOT EXISTS expiring ON message (queue, expires_at) WHERE expires_at IS NOT NULL;
"""
BUSY_SECONDS = 20


class QueueFile:
    """Used by any number of processes and threads; a message stays until it is finished.

    Every thread has its own connection, and a forked process never touches its parent's.
    Raises sqlite3.OperationalError when the disk is full or the folder is gone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mine = threading.local()
        self._inherited: list[sqlite3.Connection] = []

    def put(self, queue: str, tag: str, body: str, *, expires_at: float | None = None) -> None:
        """Add a message to the end; `expires_at` is seconds since the epoch."""
        if expires_at is not None:
            self._drop_expired(queue)
        self._run(
            "INSERT INTO message (queue, tag, body, expires_at) VALUES (?, ?, ?, ?)",
            queue, tag, body, expires_at,
        )  # fmt: skip

    def take(self, queue: str) -> str | None:
        """The body of the oldest waiting message, now taken by this process; None if none waits."""
        if not self._run(
            "SELECT 1 FROM message WHERE queue = ? AND taken_by IS NULL LIMIT 1", queue
        ):
            return None  # reading alone keeps idle workers out of the writers' way
        self._drop_expired(queue)
        taken = self._run(
            """UPDATE message SET taken_by = ? WHERE id = (
                SELECT id FROM message WHERE queue = ? AND taken_by IS NULL ORDER BY id LIMIT 1
            ) RETURNING body""",
            os.getpid(), queue,
        )  # fmt: skip
        return taken[0][0] if taken else None

    def finish(self, tag: str) -> None:
        """The message has done its work."""
        self._run("DELETE FROM message WHERE tag = ?", tag)

    def give_back(self, tag: str) -> None:
        """The message waits again, in its old place."""
        self._run("UPDATE message SET taken_by = NULL WHERE tag = ?", tag)

    def free(self, pid: int | None = None) -> int:
        """Give back what this dead process had taken (None: whoever); say how many."""
        freed = self._run(
            """UPDATE message SET taken_by = NULL
            WHERE taken_by IS NOT NULL AND (?1 IS NULL OR taken_by = ?1) RETURNING id""",
            pid,
        )
        return len(freed)

    def size(self, queue: str) -> int:
        """How many messages wait."""
        rows = self._run("SELECT count(*) FROM message WHERE queue = ? AND taken_by IS NULL", queue)
        return int(rows[0][0])

    def purge(self, queue: str) -> int:
        """Drop what waits; say how many messages."""
        sql = "DELETE FROM message WHERE queue = ? AND taken_by IS NULL RETURNING id"
        return len(self._run(sql, queue))

    def _drop_expired(self, queue: str) -> None:
        now = time.time()
        late = "queue = ? AND expires_at < ? AND taken_by IS NULL"
        if self._run(f"SELECT 1 FROM message WHERE {late} LIMIT 1", queue, now):  # noqa: S608
            self._run(f"DELETE FROM message WHERE {late}", queue, now)  # noqa: S608

    def _run(self, sql: str, *values: str | float | None) -> list[tuple[str]]:
        """Run one statement by itself; all rows are read, since a RETURNING locks until then."""
        return self._connection().execute(sql, values).fetchall()

    def _connection(self) -> sqlite3.Connection:
        if getattr(self._mine, "pid", None) != os.getpid():
            if inherited := getattr(self._mine, "connection", None):
                self._inherited.append(inherited)  # closing it here could harm the parent's
            self._mine.connection = self._connect()
            self._mine.pid = os.getpid()
        connection: sqlite3.Connection = self._mine.connection
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        _use_wal(connection)
        connection.executescript(SCHEMA)
        return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Several first starts at once: SQLite answers "locked" to all but one without waiting."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
