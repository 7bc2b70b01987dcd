"""Amounts and moments in the cells of a bill, however its country writes them."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import partial

from studio.core import money
from studio.core.words import short

_SPACES = " '\u2019\u00a0\u202f"
# Digits, in groups of three or not; a fraction; an exponent, as programs write small numbers.
_SHAPE = (
    r"[+-]?(?:\d{{1,3}}(?:[{group}{spaces}]\d{{3}})+|\d+)?(?:{point}\d*)?(?:[eE][+-]?\d{{1,2}})?"
)
_SHAPES = {
    ".": re.compile(_SHAPE.format(group=",", spaces=_SPACES, point=r"\."), re.ASCII),
    ",": re.compile(_SHAPE.format(group=".", spaces=_SPACES, point=","), re.ASCII),
}
_OTHERS = {".": ",", ",": "."}
DECIMALS = {".": "1,234.56", ",": "1.234,56"}
_AROUND = re.compile(r"^(?:[A-Z]{3}|[$€£₹¥])?\s*(.*?)\s*(?:[A-Z]{3}|[$€£₹¥])?$")
# Dates such as 03/04/2026 say nothing about themselves.
_COMMA_DECIMALS = re.compile(r"-?[\d.]*\d,(?:\d{1,2}|\d{4,})")
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
MILLISECONDS = 10**11  # of Unix time: seconds reach this number in the year 5138


def amount(text: str, decimals: str) -> int:
    """Micro-units of “1,234.56”, “−0.07 USD”, “(0.35)”. Raises ValueError with what is expected."""
    bare = _bare(text)
    if any(map(str.isdigit, bare)) and _SHAPES[decimals].fullmatch(bare):
        plain = bare.translate(_without(_SPACES + _OTHERS[decimals])).replace(decimals, ".")
        try:
            return money.micros(Decimal(plain))
        except (InvalidOperation, ValueError):
            pass
    raise ValueError(f"must be a number like {DECIMALS[decimals]}, not “{short(text)}”")


def _bare(text: str) -> str:
    """Without the currency around it; brackets mean below zero."""
    found = _AROUND.match(text.strip().replace("−", "-"))
    bare = found[1] if found else ""
    return f"-{bare[1:-1]}" if bare.startswith("(") and bare.endswith(")") else bare


def _without(letters: str) -> dict[int, None]:
    return dict.fromkeys(map(ord, letters))


def guessed_decimals(texts: Iterable[str]) -> str:
    """The decimal sign that these amounts are written with, as far as they tell."""
    return "," if any(_COMMA_DECIMALS.fullmatch(_bare(text)) for text in texts) else "."


def moment(text: str, way: str) -> datetime:
    """A moment in UTC; one without an offset is read as UTC. Raises ValueError as `amount` does."""
    read, example = WAYS[way]
    try:
        found = read(text.strip())
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        found = LAST
    if FIRST <= found < LAST:
        return found
    raise ValueError(f"must be a time like {example}, not “{short(text)}”")


def _unix(text: str) -> datetime:
    number = float(text)
    return datetime.fromtimestamp(number / 1000 if number >= MILLISECONDS else number, UTC)


# 31.12.2026 23:59, 12/31/26, 31-12-2026 11:59:59 PM
_DATED = re.compile(
    r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})"
    r"(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AP]M)?)?",
    re.ASCII | re.IGNORECASE,
)


def _dated(text: str, *, day_first: bool) -> datetime:
    found = _DATED.fullmatch(text)
    if not found:
        raise ValueError("no date")
    one, two, year, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    day, month = (one, two) if day_first else (two, one)
    if half := (found[7] or "").upper():
        hour = hour % 12 + (12 if half == "PM" else 0)
    year += 2000 if year < 100 else 0
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  (`moment` says the zone)


WAYS: dict[str, tuple[Callable[[str], datetime], str]] = {
    "iso": (datetime.fromisoformat, "2026-11-30 14:05 or 2026-11-30T14:05:00Z"),
    "day": (partial(_dated, day_first=True), "30/11/2026 14:05"),
    "month": (partial(_dated, day_first=False), "11/30/2026 14:05"),
    "unix": (_unix, "1796047500, seconds or milliseconds since 1970"),
}


def guessed_way(texts: Iterable[str]) -> str:
    """The first way in which all of these can be read; dates that fit two are the day's first."""
    told = [text for text in texts if text.strip()]
    return next((way for way in WAYS if told and all(_fits(text, way) for text in told)), "iso")


def _fits(text: str, way: str) -> bool:
    try:
        moment(text, way)
    except ValueError:
        return False
    return True
