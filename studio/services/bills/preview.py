"""What a bill looks like before it is read, with the columns that were chosen, or those of the
provider's last one.
"""

from dataclasses import replace

from studio.core.bills.columns import Columns
from studio.core.bills.preview import Preview
from studio.core.money import USD
from studio.models import Bill
from studio.providers.registry import all_providers
from studio.storage import media


def preview(bill: Bill) -> Preview:
    """Raises InvalidBill at one of the first rows, StorageFailed where the file is gone."""
    provider = all_providers().get(bill.provider)
    unit = provider.unit if provider else USD
    path = media.local_path(bill.file)
    found = Preview.of(path, bill.provider, unit=unit, remembered=_remembered(bill))
    chosen = Columns.from_json(bill.columns) if bill.columns else found.proposed
    return replace(found, proposed=chosen)


def _remembered(bill: Bill) -> Columns | None:
    """Those of the team's last bill of the provider that was read."""
    read = Bill.objects.read().filter(team=bill.team_id, provider=bill.provider)
    last = read.order_by("-read_at").first()
    return Columns.from_json(last.columns) if last else None
