"""Cells of a table that spreadsheets open: what a person wrote is never run as a formula."""

from typing import Any

# What begins a formula for Excel, LibreOffice or Google Sheets, also in full width; tabs and line
# ends before it are skipped by some of them (OWASP, “CSV Injection”).
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Tells Excel that the file is UTF-8; other programs skip it.
MARK = "\ufeff"


def safe(value: Any) -> Any:
    """A text as a cell that stays a text; numbers are what they are, None is empty."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = value.replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(FORMULAS) else text
