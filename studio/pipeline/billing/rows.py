"""Writing and deleting the lines of a bill, which may be two million: a few thousand at a time.

bulk_create and bulk_update compose their SQL anew for every fifty rows on SQLite, which takes longer
than writing them; so each is one statement here, run for each row. What can be prepared is prepared
before the transaction, in which nobody else can write.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection

from studio.models import BillLine
from studio.pipeline.billing.turn import Turn

BATCH = 2000  # rows of one transaction
PLAIN = {str, int, type(None)}
FIELDS = [field for field in BillLine._meta.concrete_fields if not field.primary_key]


def insert(turn: Turn, rows: Iterable[BillLine], **progress: int) -> None:
    """`progress` names a count of the bill that grows with the rows, from where it is."""
    for batch in batches(rows):
        values = [_values(row, FIELDS) for row in batch]
        progress = {name: count + len(batch) for name, count in progress.items()}
        with turn.writing(**progress), connection.cursor() as cursor:
            cursor.executemany(_insertion(), values)


def batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch


def update(turn: Turn, rows: Sequence[BillLine], names: Sequence[str]) -> None:
    """At most one batch of rows, of which these fields have changed."""
    fields = [BillLine._meta.get_field(name) for name in names]
    values = [[*_values(row, fields), row.pk] for row in rows]
    with turn.writing(), connection.cursor() as cursor:
        cursor.executemany(_changing(fields), values)


def clear(turn: Turn) -> None:
    """Delete every line of the bill. Others who wait to write look only now and then whether they
    may: each time they get as long as the deleting took.
    """
    while keys := list(turn.bill.lines.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        began = time.monotonic()
        with turn.writing():
            turn.bill.lines.filter(pk__in=keys).delete()
        time.sleep(time.monotonic() - began)


def _insertion() -> str:
    names = ", ".join(_quoted(field.column) for field in FIELDS)
    marks = ", ".join(["%s"] * len(FIELDS))
    return f"INSERT INTO {_table()} ({names}) VALUES ({marks})"  # noqa: S608  (names of our own)


def _changing(fields: Sequence[Any]) -> str:
    sets = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    return f"UPDATE {_table()} SET {sets} WHERE id = %s"  # noqa: S608  (names of our own)


def _table() -> str:
    return _quoted(BillLine._meta.db_table)


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _values(row: BillLine, fields: Sequence[Any]) -> list[Any]:
    return [_value(field, getattr(row, field.attname)) for field in fields]


def _value(field: Any, value: Any) -> Any:
    """Plain words and numbers are what every database takes: to ask each field took most of the time."""
    return value if type(value) in PLAIN else field.get_db_prep_save(value, connection)
