"""The table as an Excel workbook: written into an unlinked file, then sent from there.

A workbook is a ZIP whose sheets must be whole before it begins, so it can not be made while it is
sent. openpyxl writes rows to disk as they come: its memory does not grow with them.
"""

import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import IO, Any

from django.conf import settings
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from studio.core.amounts import digits
from studio.core.cells import safe
from studio.reports.exports import table
from studio.reports.exports.lines import Line

MOST_ROWS = 1_048_576  # that a sheet can have, with its head
PIECE_BYTES = 256 * 1024
NAME = "Ledger"
TEXT, NUMBER = "s", "n"


def as_xlsx(lines: Iterable[Line]) -> Iterator[bytes]:
    with tempfile.TemporaryFile(dir=settings.SCRATCH) as file:
        write(lines, file)
        file.seek(0)
        while piece := file.read(PIECE_BYTES):
            yield piece


def write(lines: Iterable[Line], file: IO[bytes], *, most_rows: int = MOST_ROWS) -> None:
    """One sheet after the other, each as long as Excel allows, each with a head that stays."""
    book = Workbook(write_only=True)
    readers = [read for _, read in table.COLUMNS]
    sheet = None
    for number, line in enumerate(lines):
        if number % (most_rows - 1) == 0:
            sheet = _sheet(book, number // (most_rows - 1))
        assert sheet
        sheet.append([_cell(sheet, read(line)) for read in readers])
    if sheet is None:
        _sheet(book, 0)
    book.save(file)


def _sheet(book: Workbook, index: int) -> WriteOnlyWorksheet:
    sheet = book.create_sheet(f"{NAME} {index + 1}" if index else NAME)
    sheet.freeze_panes = "A2"
    sheet.append([title for title, _ in table.COLUMNS])
    return sheet


def _cell(sheet: WriteOnlyWorksheet, value: table.Cell) -> Any:
    """A text is a text whatever it looks like, an error or a formula; a number has all its digits."""
    if value is None or isinstance(value, int):
        return value
    cell = WriteOnlyCell(sheet)
    if isinstance(value, Decimal):
        cell._value, cell.data_type = digits(value), NUMBER
    else:
        cell._value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("�", safe(value)), TEXT
    return cell
