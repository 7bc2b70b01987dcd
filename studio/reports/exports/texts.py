"""Files of lines, made while they are sent: the table as CSV, and FOCUS."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from studio.core.amounts import decimal_digits, digits
from studio.core.cells import MARK, safe
from studio.reports.exports import focus, table
from studio.reports.exports.lines import Line

ROWS_IN_PIECE = 500


def as_csv(lines: Iterable[Line]) -> Iterator[bytes]:
    """UTF-8 with its mark, or Excel reads names wrongly; amounts with all their digits."""
    yield MARK.encode()
    columns = [read for _, read in table.COLUMNS]
    rows = ([_cell(read(line), digits) for read in columns] for line in lines)
    yield from _pieces([title for title, _ in table.COLUMNS], rows)


def as_focus(lines: Iterable[Line]) -> Iterator[bytes]:
    """UTF-8 without a mark, which its readers take for a part of the first column's name."""
    columns = [read for _, read in focus.COLUMNS]
    rows = (
        [_cell(read(line), decimal_digits) for read in columns]
        for line in lines
        if line.kind in focus.CATEGORIES
    )
    yield from _pieces([name for name, _ in focus.COLUMNS], rows)


def _cell(value: Any, written: Callable[[Decimal], str]) -> Any:
    return written(value) if isinstance(value, Decimal) else safe(value)


def _pieces(head: list[str], rows: Iterable[list[Any]]) -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    for number, row in enumerate(rows, start=1):
        writer.writerow(row)
        if number % ROWS_IN_PIECE == 0:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    taken = text.getvalue().encode(errors="replace")
    text.seek(0)
    text.truncate()
    return taken
