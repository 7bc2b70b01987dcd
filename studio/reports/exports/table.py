"""The ledger as a table for people: its columns, and what each tells of an entry."""

from collections.abc import Callable
from datetime import UTC, date
from decimal import Decimal

from studio.core.amounts import PICO_PLACES, exact, in_usd
from studio.reports.exports.lines import Line

Cell = str | int | Decimal | None


def _time(line: Line) -> str:
    """In UTC, to the microsecond, always as long."""
    return line.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _unit_price(line: Line) -> Decimal | None:
    """What one of the provider's units cost; of our own credits, see the next column."""
    return exact(line.unit_price, places=PICO_PLACES) if line.unit_price else None


COLUMNS: tuple[tuple[str, Callable[[Line], Cell]], ...] = (
    ("number", lambda line: line.number),
    ("day", lambda line: _day(line.day)),
    ("time", _time),
    ("kind", lambda line: line.kind),
    ("job", lambda line: line.job),
    ("clip", lambda line: line.title),
    ("project", lambda line: line.project_name),
    ("person", lambda line: line.author_name),
    ("provider", lambda line: line.provider),
    ("model", lambda line: line.model),
    ("native", lambda line: exact(line.native)),
    ("unit", lambda line: line.unit),
    ("unit price usd", _unit_price),
    ("credit price usd", lambda line: exact(line.credit_price)),
    ("granted", lambda line: exact(line.granted)),
    ("available", lambda line: exact(line.available)),
    ("held", lambda line: exact(line.held)),
    ("spent", lambda line: exact(line.spent)),
    ("spent usd", lambda line: in_usd(line.spent, line.credit_price)),
    ("cause", lambda line: line.cause),
    ("by", lambda line: line.actor_name),
    ("corrects", lambda line: line.corrects),
    ("digest", lambda line: bytes(line.digest).hex()),
)
