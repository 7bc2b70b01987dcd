"""How far this process rises above the memory that it needs now."""

import re
import time
from pathlib import Path

from django.db import connection

MB = 1_000_000


class Rise:
    """`bytes` at the highest point of a block, and its `seconds` by the clock.

    SQLite reads its file meanwhile: what it maps of it would count as memory of this process.
    """

    def __enter__(self):
        self.mapped = map_at_most(0)
        Path("/proc/self/clear_refs").write_text("5")
        self.before, self.begun = peak(), time.perf_counter()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self.begun
        self.bytes = peak() - self.before
        map_at_most(self.mapped)

    def __str__(self):
        return f"{self.seconds:7.1f} s, +{self.bytes / MB:.1f} MB"


def map_at_most(size):
    """How much of its file SQLite maps into memory from now on; the answer is how much it did."""
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        (before,) = cursor.execute("PRAGMA mmap_size").fetchone()
        cursor.execute(f"PRAGMA mmap_size = {size}")
    return before


def peak():
    return 1024 * int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
