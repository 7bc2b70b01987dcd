"""In which letters a file is written, by its bytes alone."""

import codecs
from pathlib import Path

from studio.core.errors import InvalidBill

BEGINNING = 64 * 1024
PIECE = 1024 * 1024
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What people send in place of a CSV, by its first bytes.
OTHERS = (
    (b"PK\x03\x04", "an Excel or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
)


def encoding_of(path: Path) -> str:
    """UTF-8 or UTF-16, with a mark or without; whatever is neither is Windows' western letters."""
    with path.open("rb") as file:
        start = file.read(BEGINNING)
    if other := next((what for mark, what in OTHERS if start.startswith(mark)), ""):
        raise InvalidBill(f"The file must be a CSV, not {other}; save it as CSV first.")
    if marked := next((name for mark, name in MARKS if start.startswith(mark)), ""):
        return marked
    if b"\0" in start:
        return _without_mark(start)
    return "utf-8" if _is_utf8(path) else "cp1252"


def _without_mark(start: bytes) -> str:
    """In UTF-16 every second byte of plain letters is zero."""
    odd, even = start[1::2].count(0), start[0::2].count(0)
    if max(odd, even) < len(start) // 4:
        raise InvalidBill("The file must be a CSV; this one is no text.")
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while piece := file.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
