"""A chain of digests: each entry of a ledger vouches for every one before it.

What an entry tells SHA-256 behind the digest before it are its values in a fixed order, as the
literal of a Python tuple in ASCII: `(7, 'charge', -35000000, None, 'd\\xe9j\\xe0')`. Of whole numbers,
texts and None that is the same in every version of Python; `ast.literal_eval` reads it back, so no
two entries tell the same. Days and moments are texts by ISO 8601, moments in UTC, as SQLite keeps
them: `2026-01-20` and `2026-01-20 12:00:00.000007`, without a fraction on the full second.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

FORM = "entries 1"  # told in the start, so that no other form of telling leads to the same chain

Plain = int | str | None


def start(names: Iterable[str]) -> bytes:
    """What the first entry follows: the form, and the names of the values in their order."""
    return hashlib.sha256(told((FORM, *names))).digest()


def digest(previous: bytes, values: tuple[Plain, ...]) -> bytes:
    """32 bytes (SHA-256) over the digest of the entry before and every value of this one."""
    return hashlib.sha256(previous + told(values)).digest()


def told(values: tuple[Plain, ...]) -> bytes:
    return ascii(values).encode()


def plain(value: Any) -> Plain:
    """How a value of a row is told. A word of an enumeration is the text that it stands for."""
    if value is None or type(value) is int:  # first, as most values are numbers
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)
