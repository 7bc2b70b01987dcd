"""A file of rows as somebody's spreadsheet or a provider's page wrote it, read without being kept."""

import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Self

from studio.core.bills.encoding import PIECE, encoding_of
from studio.core.errors import InvalidBill
from studio.core.words import short, storable

MOST_ROWS = 2_000_000
MOST_COLUMNS = 200
SAMPLE_ROWS = 20
DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "“|”"}


@dataclass(frozen=True, kw_only=True)
class Table:
    """What is known of a file before its rows are read; `header` names every column once."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]

    @classmethod
    def of(cls, path: Path) -> Self:
        """Raises InvalidBill with what was expected."""
        encoding = encoding_of(path)
        delimiter = _delimiter(path, encoding)
        with suppress(StopIteration):
            header = next(_records(path, encoding, delimiter))
            return cls(path=path, encoding=encoding, delimiter=delimiter, header=_names(header))
        raise InvalidBill("The file has no rows; its first one must name the columns.")

    def require_length(self) -> None:
        """Raises InvalidBill where there are too many rows. Lines are counted first, which takes
        little time; a row is one or several of them.
        """
        if _count_lines(self.path) <= MOST_ROWS:
            return
        records = _records(self.path, self.encoding, self.delimiter)
        if next(islice(records, MOST_ROWS + 1, None), None) is not None:
            raise InvalidBill(_too_many())

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The cells of each row below the header, with its number as spreadsheets count it.

        Empty rows are left out. Raises InvalidBill at the first row that is none.
        """
        width = len(self.header)
        for number, cells in enumerate(_records(self.path, self.encoding, self.delimiter), 1):
            if number == 1 or not any(cells):
                continue
            if number > MOST_ROWS + 1:
                raise InvalidBill(_too_many())
            if len(cells) != width:
                raise InvalidBill(self._torn(number, len(cells)))
            yield number, cells

    def _torn(self, number: int, found: int) -> str:
        said = DELIMITERS[self.delimiter]
        return (
            f"Row {number:,} has {found} value{'' if found == 1 else 's'}, the header "
            f"{len(self.header)}: the row is cut off, or {said} in a value stands without quotes."
        )


def _too_many() -> str:
    return f"The file has more than {MOST_ROWS:,} rows; divide it into several bills."


def _count_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(PIECE), b""))


def _delimiter(path: Path, encoding: str) -> str:
    """The one that gives every row of the beginning as many values as the header has."""
    best = max(DELIMITERS, key=lambda delimiter: _fit(path, encoding, delimiter))
    if _fit(path, encoding, best)[0] < 2:
        raise InvalidBill(
            "Row 1 has only one column; columns must be divided by a comma, a semicolon, a tab or “|”."
        )
    return best


def _fit(path: Path, encoding: str, delimiter: str) -> tuple[int, float, int]:
    """How well it divides: that there is a second column, in how many rows, into how many."""
    widths: list[int] = []
    with suppress(InvalidBill):
        widths += map(len, islice(_records(path, encoding, delimiter), SAMPLE_ROWS))
    if not widths:
        return 0, 0, 0
    same = widths.count(widths[0]) / len(widths)
    return min(widths[0], 2), same, widths[0]


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    errors = "replace" if encoding == "cp1252" else "strict"
    number = 0
    with (
        path.open("rb") as raw,
        TextIOWrapper(raw, encoding=encoding, errors=errors, newline="") as text,
    ):
        try:
            for cells in csv.reader(text, delimiter=delimiter, strict=True):
                number += 1
                yield cells
        except csv.Error as error:
            raise InvalidBill(
                f"Row {number + 1:,} can not be read: a quote in it is opened and not closed, or a "
                "value is far too long."
            ) from error
        except UnicodeError as error:
            raise InvalidBill(
                f"Row {number + 1:,} can not be read: the file breaks off in a letter."
            ) from error


def _names(cells: list[str]) -> tuple[str, ...]:
    """Each named once: “cost”, “cost (2)”; a column without a name by its number."""
    if len(cells) > MOST_COLUMNS:
        raise InvalidBill(f"The file has {len(cells):,} columns; at most {MOST_COLUMNS} are read.")
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = short(storable(cell).strip()) or f"Column {number}"
        times = sum(one == name or one.startswith(f"{name} (") for one in names)
        names.append(f"{name} ({times + 1})" if name in names else name)
    return tuple(names)
