"""A provider's bill, asked for over its API: its rows become a file, and a worker reads that."""

import csv
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from django.conf import settings

from studio.core.bills import columns
from studio.core.bills.table import Table
from studio.core.errors import InvalidBill, StudioError
from studio.core.wire import BillTable
from studio.models import Bill, Member
from studio.providers.remote import Remote
from studio.services.bills.bring import keep, require
from studio.services.bills.read import read
from studio.services.bills.remove import remove
from studio.storage import media
from studio.storage.errors import told_in_our_words


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which table of which provider, for which days in UTC, both included."""

    remote: Remote
    table: BillTable
    since: date
    until: date

    @property
    def name(self) -> str:
        return f"{self.remote.label}, {self.table.label.lower()}, {self.since} to {self.until}"


def fetch(member: Member, asked: Asked) -> Bill:
    """Raises NotAllowed, InvalidBill, ProviderError; then nothing is kept.

    The provider is asked before anything is written: no lock is held meanwhile.
    """
    require(member)
    _require_days(asked)
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH) as folder:
        path = Path(folder) / "bill.csv"
        rows = asked.remote.bill_rows(asked.table.name, asked.since, asked.until)
        with told_in_our_words():
            _write(path, rows, asked)
        bill = keep(member, asked.remote.slug, path, name=asked.name, source=asked.table.label)
    return _read(member, bill, asked)


def _require_days(asked: Asked) -> None:
    days, most = (asked.until - asked.since).days + 1, asked.table.most_days
    if days < 1:
        raise InvalidBill(f"Until must be on or after From ({asked.since}), not {asked.until}.")
    if most and days > most:
        raise InvalidBill(f"Until may be at most {most} days after From, not {days}.")


def _write(path: Path, rows: Iterable[Mapping[str, str]], asked: Asked) -> None:
    """Each row once: pages that move while they are read tell some twice."""
    first = next(whole := iter(rows), None)
    if first is None:
        raise InvalidBill(f"{asked.remote.label} billed nothing on these days.")
    names, seen = list(first), set()
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(names)
        for row in chain([first], whole):
            cells = tuple(row.get(name, "") for name in names)
            if cells not in seen:
                seen.add(cells)
                table.writerow(cells)


def _read(member: Member, bill: Bill, asked: Asked) -> Bill:
    table = Table.of(media.local_path(bill.file))
    wanted = columns.proposed(bill.provider, table.header, [])
    try:
        read(member, bill, wanted, starts_on=asked.since, ends_on=asked.until)
    except StudioError:
        with suppress(StudioError):
            remove(member, bill)
        raise
    return bill
