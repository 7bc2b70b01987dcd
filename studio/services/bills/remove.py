"""Taking a bill away again, and the file that waited for it."""

from django.db import transaction
from django.utils import timezone

from studio import tasks
from studio.core.errors import TooLate
from studio.models import Bill, Member
from studio.services.bills.bring import require


def remove(member: Member, bill: Bill) -> None:
    """All its lines go with it, also those of a reading that is under way. Nobody sees it from now
    on; a worker takes it away, for a million lines take a while.

    Raises TooLate where it is removed already, and once a line is booked, for the ledger names the
    bill.
    """
    require(member)
    with transaction.atomic():
        if not Bill.objects.kept().select_for_update().filter(pk=bill.pk).first():
            raise TooLate(f"“{bill.name}” is removed already.")
        if bill.lines.exclude(booked=None).exists():
            raise TooLate(f"“{bill.name}” stays: entries of the ledger say that they come from it.")
        now = timezone.now()
        Bill.objects.filter(pk=bill.pk).update(
            removed_at=now, wanted_at=now, read_at=None, digest=f"removed {bill.pk}"
        )  # the same file may be brought again
        transaction.on_commit(lambda: tasks.hint_bill(bill.pk))
