"""HTTP's rules for asking for a part of a file, and for not asking twice (RFC 9110, 13 and 14)."""

import re
from dataclasses import dataclass
from typing import Literal

RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII | re.IGNORECASE)
DIGITS = 18  # more than any file has; longer numbers are not worth parsing

Unsatisfiable = Literal["unsatisfiable"]


@dataclass(frozen=True)
class Span:
    """Bytes `first` to `last`, both included, as in Content-Range."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def asked_span(header: str, size: int) -> Span | Unsatisfiable | None:
    """What one `Range` header asks of a file of `size` bytes.

    None means the whole file: also for several ranges, other units and nonsense, which a server
    may ignore.
    """
    found = RANGE.fullmatch(header.strip())
    if not found or not any(found.groups()):
        return None
    start, end = (int(digits[:DIGITS]) if digits else None for digits in found.groups())
    if start is None:
        return _suffix(end or 0, size)
    if end is not None and end < start:
        return None
    if start >= size:
        return "unsatisfiable"
    return Span(start, min(size - 1 if end is None else end, size - 1))


def _suffix(length: int, size: int) -> Span | Unsatisfiable:
    return Span(max(0, size - length), size - 1) if length and size else "unsatisfiable"


def matches(header: str, etag: str) -> bool:
    """Whether `If-None-Match` names this ETag (or everything)."""
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in tags or etag in tags
