"""A worker that `manage.py up` starts: it ends with the process that started it.

Called as `python -m studio.celery.child PARENT_PID [--beat] WORKER_OPTIONS…`.
"""

import ctypes
import os
import signal
import sys
import warnings
from typing import Any

from celery import bootsteps
from celery.beat import EmbeddedService
from celery.exceptions import SecurityWarning

from studio.celery import app

PR_SET_PDEATHSIG = 1  # linux/prctl.h
# One machine: nobody to gossip with, and no broker that wants a heartbeat.
ALONE = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


class Beat(bootsteps.StartStopStep):
    """The clock as a thread of the worker: a process of its own would outlive a killed worker."""

    def create(self, worker: Any) -> Any:
        return EmbeddedService(
            worker.app, thread=True, scheduler_cls=worker.app.conf.beat_scheduler
        )

    def stop(self, worker: Any) -> None:
        self.obj.service.stop()  # without waiting for its nap to end: a daemon thread keeps nobody


def end_with(parent: int) -> None:
    """Be told to stop when the parent is gone, however it went (on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("The studio that started this worker is gone.")


def main(arguments: list[str]) -> None:
    parent, *options = arguments
    end_with(int(parent))
    if "--beat" in options:
        options.remove("--beat")
        app.steps["worker"].add(Beat)
    # Whoever started the studio chose its user, and messages are JSON, never pickles.
    warnings.simplefilter("ignore", SecurityWarning)
    app.worker_main(["--quiet", "worker", "--loglevel=WARNING", *ALONE, *options])


if __name__ == "__main__":
    main(sys.argv[1:])
