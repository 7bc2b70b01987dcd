"""The bar of shoot: for terminals of any width, and for nobody else."""

import io
import os
import pty
import select

import pytest

from studio.core.status import JobStatus
from studio.management.progress import Bar, picture
from studio.models import Job


def job(status=JobStatus.RUNNING, progress=None, phase=""):
    return Job(status=status, progress=progress, phase=phase)


class TestPicture:
    @pytest.mark.parametrize(
        ("progress", "bar"),
        [(0, "─" * 40), (50, "━" * 20 + "─" * 20), (100, "━" * 40)],
    )
    def test_fills_with_the_progress(self, progress, bar):
        line = picture(job(progress=progress, phase="Rendering frames"), columns=100)
        assert line == f"Rendering frames {bar} {progress:3} %"

    @pytest.mark.parametrize("columns", [1, 5, 20, 24, 30, 79, 300])
    def test_is_narrower_than_the_terminal(self, columns):
        line = picture(job(progress=42, phase="Rendering take 2 of 4"), columns=columns)
        assert len(line) < columns

    @pytest.mark.parametrize(
        ("status", "words"), [("queued", "In line"), ("saving", "Saving"), ("failed", "Failed")]
    )
    def test_without_pixels_in_the_making_there_are_just_words(self, status, words):
        assert picture(job(status, progress=42), columns=80) == words


class TestBar:
    def test_draws_over_its_line_and_wipes_it_in_the_end(self):
        reading, writing = pty.openpty()
        with os.fdopen(writing, "w") as terminal:
            bar = Bar(terminal)
            for _ in range(3):
                bar.show(job(JobStatus.QUEUED))
            bar.show(job(JobStatus.SAVING))
            bar.clear()
            bar.clear()
            wanted = "\r\x1b[KIn line\r\x1b[KSaving\r\x1b[K"
            shown = ""
            while len(shown) < len(wanted):  # a terminal hands out what it has got so far
                shown += os.read(reading, 1000).decode()
            assert not select.select([reading], [], [], 0)[0]
        os.close(reading)
        assert shown == wanted

    def test_is_silent_where_nobody_looks(self):
        stream = io.StringIO()
        bar = Bar(stream)
        bar.show(job())
        bar.clear()
        assert stream.getvalue() == ""
