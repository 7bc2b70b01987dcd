"""The days of a bill: as somebody said them, else those of its first and last line."""

from datetime import date

from studio.core.bills.lines import Survey
from studio.core.errors import InvalidBill

LONGEST_DAYS = 400


def days_of(found: Survey, starts_on: date | None, ends_on: date | None) -> tuple[date, date]:
    """Raises InvalidBill."""
    first = starts_on or (found.first.date() if found.first else None)
    last = ends_on or (found.last.date() if found.last else None)
    if first is None or last is None:
        raise InvalidBill("From and Until are needed: the bill has no times.")
    require_days(first, last)
    return first, last


def require_days(first: date, last: date) -> None:
    if not 0 <= (last - first).days <= LONGEST_DAYS:
        raise InvalidBill(
            f"Until must be on or after From ({first}), and at most {LONGEST_DAYS} days later, not {last}."
        )
