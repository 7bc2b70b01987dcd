"""The lines of a bill: each row that counts, as values, or a sentence about the first wrong one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from studio.core.bills import values
from studio.core.bills.columns import ROLES, Columns
from studio.core.bills.seen import Names
from studio.core.bills.table import Table
from studio.core.errors import InvalidBill
from studio.core.words import short, storable

LONGEST_NAME = 200
LONGEST_UNIT = 8
MOST_UNITS = 40  # sums are shown for each; more of them are no currencies
NOTHING = {"null", "none", "nil", "-", "n/a"}  # as programs write that there is none


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """`native` micro-units of `unit`, below zero for what is given back; `row` as in the file."""

    row: int
    reference: str
    remote_id: str
    at: datetime | None
    native: int
    unit: str

    @property
    def names(self) -> list[str]:
        return [name for name in (self.reference, self.remote_id) if name]

    @property
    def is_credit(self) -> bool:
        return self.native < 0


@dataclass(kw_only=True)
class Survey:
    """What a file holds, known after every row of it was understood once.

    `units` are those of its amounts, `credits` the references and ids of lines that give something
    back.
    """

    lines: int = 0
    units: set[str] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None
    credits: Names = field(default_factory=Names)

    def add(self, line: Line) -> None:
        self.lines += 1
        self._add_unit(line)
        if line.at:
            self.first = min(self.first or line.at, line.at)
            self.last = max(self.last or line.at, line.at)
        for name in line.names if line.is_credit else ():
            self.credits.add(name)

    def _add_unit(self, line: Line) -> None:
        self.units.add(line.unit)
        if len(self.units) > MOST_UNITS:
            raise InvalidBill(
                f"Row {line.row:,}: a bill may have at most {MOST_UNITS} currencies, and "
                f"“{line.unit}” is one more; another column must say them."
            )


def survey(table: Table, columns: Columns, *, beat: Callable[[], None] = lambda: None) -> Survey:
    """Raises InvalidBill, also where no row counts; `beat` is called after each that does."""
    found = Survey()
    for line in lines(table, columns):
        found.add(line)
        beat()
    if not found.lines:
        of = f" whose {columns.kept_in} is {' or '.join(columns.kept)}" if columns.kept_in else ""
        raise InvalidBill(f"The file has no rows{of} below its header.")
    return found


def lines(table: Table, columns: Columns) -> Iterator[Line]:
    """Each row that counts. Raises InvalidBill, with the row's number and what was expected."""
    if problem := columns.problem() or _lost(table, columns):
        raise InvalidBill(problem)
    read = _Reader(table, columns)
    for row, cells in table.rows():
        if read.counts(cells):
            yield read.line(row, cells)


def _lost(table: Table, columns: Columns) -> str:
    for role, label in ROLES.items():
        name = getattr(columns, role)
        if name and name not in table.header:
            return f"{label} must be a column of the file; “{short(name)}” is not in its header."
    return ""


class _Reader:
    """Knows the place of each column, so that a million rows look for none."""

    def __init__(self, table: Table, columns: Columns) -> None:
        self.columns = columns
        self.kept = {word.strip().casefold() for word in columns.kept}
        names = {role: getattr(columns, role) for role in ROLES}
        self.places = {role: table.header.index(name) for role, name in names.items() if name}

    def counts(self, cells: list[str]) -> bool:
        return not self.columns.kept_in or self._cell("kept_in", cells).casefold() in self.kept

    def line(self, row: int, cells: list[str]) -> Line:
        try:
            return Line(
                row=row, reference=self._name("reference", cells),
                remote_id=self._name("remote_id", cells), at=self._moment(cells),
                native=self._amount(cells), unit=self._unit(cells),
            )  # fmt: skip
        except ValueError as error:
            raise InvalidBill(f"Row {row:,}: {error}.") from error

    def _moment(self, cells: list[str]) -> datetime | None:
        """A cell without a time says nothing; what stands there must be one."""
        text = self._cell("at", cells)
        with self._named("at"):
            return values.moment(text, self.columns.way) if text else None

    def _amount(self, cells: list[str]) -> int:
        with self._named("amount"):
            return values.amount(self._cell("amount", cells), self.columns.decimals)

    def _unit(self, cells: list[str]) -> str:
        """“usd” is USD."""
        if not self.columns.unit_in:
            return self.columns.unit
        unit = self._cell("unit_in", cells).upper()
        if 0 < len(unit) <= LONGEST_UNIT and unit.isalpha() and unit.isascii():
            return unit
        raise ValueError(f"{self.columns.unit_in} must be a currency like USD, not “{short(unit)}”")

    @contextmanager
    def _named(self, role: str) -> Iterator[None]:
        try:
            yield
        except ValueError as error:
            raise ValueError(f"{getattr(self.columns, role)} {error}") from error

    def _cell(self, role: str, cells: list[str]) -> str:
        place = self.places.get(role)
        return "" if place is None else cells[place].strip()

    def _name(self, role: str, cells: list[str]) -> str:
        name = storable(self._cell(role, cells))
        if len(name) > LONGEST_NAME:
            raise ValueError(
                f"{getattr(self.columns, role)} may have at most {LONGEST_NAME} characters, "
                f"not {len(name):,}"
            )
        return "" if name.lower() in NOTHING else name
