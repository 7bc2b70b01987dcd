"""A progress bar of one line, for a person at a terminal; silent for everybody else."""

import os
from typing import TextIO

from studio.core.status import JobStatus
from studio.models import Job

ERASE = "\r\x1b[K"
BROADEST = 40
USUAL = 80  # columns, where a terminal does not know its own
WORDS = {
    JobStatus.QUEUED: "In line",
    JobStatus.SENDING: "Sending",
    JobStatus.RUNNING: "Working",
    JobStatus.SAVING: "Saving",
}


class Bar:
    """Draws over its own line of `stream`, if that is a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.is_seen = stream.isatty()
        self.shown = ""

    def show(self, job: Job) -> None:
        if not self.is_seen:
            return
        line = picture(job, columns=os.get_terminal_size(self.stream.fileno()).columns or USUAL)
        if line != self.shown:
            self._write(f"{ERASE}{line}")
            self.shown = line

    def clear(self) -> None:
        if self.shown:
            self._write(ERASE)
            self.shown = ""

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()


def picture(job: Job, *, columns: int) -> str:
    """“Rendering frames ━━━━━─────  42 %”, one column less than there is room for."""
    words = job.phase or WORDS.get(JobStatus(job.status), job.status.capitalize())
    if job.progress is None or job.status != JobStatus.RUNNING:
        return words[: columns - 1]
    percent = f"{job.progress:3} %"
    width = min(BROADEST, columns - len(words) - len(percent) - 3)
    full = max(width, 0) * job.progress // 100
    bar = f"{'━' * full}{'─' * (width - full)}"
    return " ".join(filter(None, (words, bar, percent)))[: columns - 1]
