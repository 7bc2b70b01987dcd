"""The files that a ledger can be taken home as, by what a command or an address calls them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from studio.reports.exports.lines import Line
from studio.reports.exports.texts import as_csv, as_focus


def _as_xlsx(lines: Iterable[Line]) -> Iterator[bytes]:
    from studio.reports.exports.sheets import as_xlsx  # brings numpy along, where that is

    return as_xlsx(lines)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`name` is what such a file is called, with its ending."""

    name: str
    content_type: str
    pieces: Callable[[Iterable[Line]], Iterator[bytes]]


KINDS = {
    "csv": Kind(name="ledger.csv", content_type="text/csv; charset=utf-8", pieces=as_csv),
    "xlsx": Kind(
        name="ledger.xlsx", pieces=_as_xlsx,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "focus": Kind(name="focus.csv", content_type="text/csv; charset=utf-8", pieces=as_focus),
}  # fmt: skip
