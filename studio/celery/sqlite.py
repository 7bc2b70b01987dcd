"""The kombu transport on a `QueueFile`: Celery's queue where there is no broker.

A message is deleted when it is acknowledged, so that with `acks_late` a worker that is killed
loses nothing: `free()` gives its messages back. Exchanges are not needed: Celery sends straight
to a queue, and only what every process can look up in the file counts.
"""

import sqlite3
from datetime import datetime
from functools import cache
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import virtual
from kombu.utils.json import dumps, loads

from studio.celery.queue_file import QueueFile

# Celery waits for two seconds at a time; a worker that is told to stop should hear it sooner.
LONGEST_WAIT_SECONDS = 0.2


@cache
def queue_file(path: str) -> QueueFile:
    """The file at this path, with one connection per thread however many channels there are."""
    return QueueFile(Path(path))


class Channel(virtual.Channel):
    connection: Any

    @property
    def _file(self) -> QueueFile:
        path: str = self.connection.client.transport_options["path"]
        return queue_file(path)

    def _put(self, queue: str, message: dict[str, Any], **_: Any) -> None:
        tag = message["properties"]["delivery_tag"]
        self._file.put(queue, tag, dumps(message), expires_at=_expiry(message))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        body = self._file.take(queue)
        if body is None:
            raise Empty
        return loads(body)

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:  # noqa: FBT001, FBT002
        self._file.finish(delivery_tag)
        super().basic_ack(delivery_tag, multiple)

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002
        if not requeue:
            self._file.finish(delivery_tag)
        super().basic_reject(delivery_tag, requeue)

    def _restore(self, message: Any) -> None:
        self._file.give_back(message.delivery_tag)

    def _size(self, queue: str) -> int:
        return self._file.size(queue)

    def _purge(self, queue: str) -> int:
        return self._file.purge(queue)


def _expiry(message: dict[str, Any]) -> float | None:
    """Celery writes when a task expires into a header, as ISO 8601 with a zone."""
    expires = message["headers"].get("expires")
    return datetime.fromisoformat(expires).timestamp() if expires else None


class Transport(virtual.Transport):
    Channel = Channel
    driver_type = "sqlite"
    driver_name = "sqlite3"
    connection_errors = (*virtual.Transport.connection_errors, sqlite3.OperationalError)

    def driver_version(self) -> str:
        return sqlite3.sqlite_version

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:
        wait = min(timeout or LONGEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS)
        super().drain_events(connection, timeout=wait)
