"""The beginning of a bill, before anybody said which column is what."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Self

from studio.core.bills.columns import Columns, proposed
from studio.core.bills.lines import lines
from studio.core.bills.table import Table
from studio.core.errors import InvalidBill

SHOWN = 6
TRIED = 200


@dataclass(frozen=True, kw_only=True)
class Preview:
    """`rows` are the first ones with their numbers, `proposed` the columns that fit them."""

    table: Table
    rows: Sequence[tuple[int, list[str]]]
    proposed: Columns

    @classmethod
    def of(cls, path: Path, provider: str, *, unit: str, remembered: Columns | None) -> Self:
        """Raises InvalidBill at one of the first rows."""
        table = Table.of(path)
        rows = list(islice(table.rows(), TRIED))
        cells = [cells for _, cells in rows]
        begun = proposed(provider, table.header, cells, remembered, unit=unit)
        return cls(table=table, rows=rows[:SHOWN], proposed=begun)

    def problem(self, columns: Columns) -> str:
        """Why the beginning of the file can not be read with these columns, or ""."""
        try:
            for _ in islice(lines(self.table, columns), TRIED):
                pass
        except InvalidBill as error:
            return error.message
        return ""
