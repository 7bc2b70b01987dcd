"""Having a bill read: what can be seen at once is said at once, and a worker does the rest."""

from datetime import date

from django.db import transaction

from studio import tasks
from studio.core.bills.columns import Columns
from studio.core.bills.days import require_days
from studio.core.errors import InvalidBill, TooLate
from studio.models import Bill, Member
from studio.services.bills.bring import require
from studio.services.bills.preview import preview


def read(
    member: Member, bill: Bill, columns: Columns, *, starts_on: date | None = None,
    ends_on: date | None = None,
) -> None:  # fmt: skip
    """Have the bill laid beside the ledger. The days are those of its first and last line where
    nobody says them.

    Raises InvalidBill where the beginning of the file can not be read like this, TooLate where it
    is read, or being read.
    """
    require(member)
    require_unread(Bill.objects.filter(pk=bill.pk).first() or bill)
    _require_beginning(bill, columns, starts_on, ends_on)
    with transaction.atomic():
        if not bill.want(columns.to_json(), starts_on, ends_on):
            raise TooLate(f"Somebody was faster: “{bill.name}” is read, or removed.")
        transaction.on_commit(lambda: tasks.hint_bill(bill.pk))


def require_unread(bill: Bill) -> None:
    if bill.read_at:
        raise TooLate(f"“{bill.name}” is read already.")
    if bill.is_being_read:
        raise TooLate(f"“{bill.name}” is being read.")


def _require_beginning(
    bill: Bill, columns: Columns, starts_on: date | None, ends_on: date | None
) -> None:
    if problem := preview(bill).problem(columns):
        raise InvalidBill(problem)
    if starts_on and ends_on:
        require_days(starts_on, ends_on)
    elif not columns.at:
        raise InvalidBill("From and Until are needed: the bill has no times.")
