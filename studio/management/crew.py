"""The workers of one studio as child processes: started, started again, stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings

LIVED_LONG_SECONDS = 30
LONGEST_PAUSE_SECONDS = 30
PATIENCE_SECONDS = 10

# Most of them wait for providers: one that asks for each lane, and one for each slow answer.
JOB_THREADS = 16
JOBS = ("-P", "threads", "-c", str(JOB_THREADS), "-Q", "drive,poll,media", "-n", "jobs@%h")


@dataclass
class Worker:
    """One place in the crew, and the process that fills it."""

    title: str
    options: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0
    start_at: float = 0
    pause: float = field(default=0)

    def start(self) -> None:
        """In a session of its own, so that Ctrl-C reaches the studio alone, which tells it."""
        command = [sys.executable, "-m", "studio.celery.child", str(os.getpid()), *self.options]
        self.process = subprocess.Popen(  # noqa: S603
            command,
            cwd=settings.BASE,
            env={**os.environ, "DAILIES_DATA": str(settings.DATA)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.started_at = time.monotonic()

    def fell(self) -> subprocess.Popen[bytes] | None:
        """The process if it has just ended; then the next one is due after a pause.

        The pause doubles while one after the other ends soon.
        """
        ended = self.process
        if ended is None or ended.poll() is None:
            return None
        now = time.monotonic()
        lived_long = now - self.started_at > LIVED_LONG_SECONDS
        self.pause = (
            0.5 if lived_long or not self.pause else min(self.pause * 2, LONGEST_PAUSE_SECONDS)
        )
        self.process, self.start_at = None, now + self.pause
        return ended

    def signal(self, number: signal.Signals) -> None:
        """To the worker and whatever it has started."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, number)


class Crew:
    """All workers of a studio."""

    def __init__(self, *, renderers: int) -> None:
        jobs = Worker("jobs", ("--beat", *JOBS))
        render = [
            Worker(f"renderer {number}", _renderer(number)) for number in range(1, renderers + 1)
        ]
        self.workers = [jobs, *render]
        self.is_stopping = False

    def look_after(self, *, on_fall: Callable[[Worker, subprocess.Popen[bytes]], None]) -> None:
        """Start whoever is due; `on_fall` hears of each that has ended by itself."""
        for worker in self.workers:
            if ended := worker.fell():
                on_fall(worker, ended)
            if worker.process is None and time.monotonic() >= worker.start_at:
                worker.start()

    def tell_to_stop(self) -> None:
        """Renders stop between two frames; everything else finishes its step."""
        if self.is_stopping:
            return
        self.is_stopping = True
        for worker in self.workers:
            worker.signal(signal.SIGTERM)

    def kill(self) -> None:
        for worker in self.workers:
            worker.signal(signal.SIGKILL)

    def wait(self) -> None:
        """Until all are gone; whoever takes too long is killed, and taken up at the next start."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        for worker in self.workers:
            while worker.process and worker.process.poll() is None:
                if time.monotonic() > deadline:
                    self.kill()
                time.sleep(0.05)


def _renderer(number: int) -> tuple[str, ...]:
    """Pixels hold the interpreter: a process each, with one job at a time."""
    return ("-P", "solo", "-c", "1", "-Q", "render", "-n", f"renderer{number}@%h")
