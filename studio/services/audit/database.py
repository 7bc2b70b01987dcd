"""What the database itself can say: damaged pages, broken constraints, references to nothing."""

from collections.abc import Iterator

from django.db import connection

MOST = 100  # of a damaged file, the first hundred lines are enough


def damage() -> Iterator[str]:
    """SQLite's own look at every page, index and constraint; other databases guard themselves."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA integrity_check({MOST})")
        yield from (line for (line,) in cursor.fetchall() if line != "ok")


def loose_ends() -> Iterator[str]:
    """Rows that refer to a row that is gone; only SQLite can be made to hold any."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        for table, row, parent, _ in cursor:
            yield f"Row {row} of {table} refers to a row of {parent} that is not there."
