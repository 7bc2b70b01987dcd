"""The file of a bill, which lies in the storage until it is read."""

from studio.models import Bill
from studio.storage import media


def drop(bill: Bill) -> None:
    """Unless another bill is still to be read from the same file. Raises StorageFailed."""
    others = Bill.objects.kept().filter(file=bill.file, read_at=None).exclude(pk=bill.pk)
    if bill.file and not others.exists():
        media.remove(bill.file)
