"""Reading a bill: every row is understood first, then lines are kept, a few thousand at a time.

Until the last transaction sets `read_at`, nobody sees a line of it.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Sum
from django.utils import timezone

from studio import ledger
from studio.core.bills.columns import Columns
from studio.core.bills.days import days_of
from studio.core.bills.lines import Survey, lines, survey
from studio.core.bills.matching import Rates
from studio.core.bills.table import Table
from studio.core.errors import NoRate
from studio.core.money import UNIT_PRICES
from studio.models import Bill, MatchedBy, Team
from studio.pipeline.billing import missing, rows, times
from studio.pipeline.billing.matcher import Matcher
from studio.pipeline.billing.turn import Turn
from studio.storage import media


def read(turn: Turn) -> None:
    """Lay the bill beside the ledger. The days are those of its first and last line where nobody
    says them.

    The file is read twice, so that a wrong row is found before anything is written. In memory a
    line costs two bits, one of a refund 16 bytes, a charge on no bill eight; for those without a
    name SQLite sorts about 40 bytes each, and 16 stay where they are found by their time. Raises
    InvalidBill with the row, Stopped.
    """
    bill, columns = turn.bill, Columns.from_json(turn.bill.columns)
    table = Table.of(media.local_path(bill.file))
    found = survey(table, columns, beat=turn.beat)
    bill.starts_on, bill.ends_on = days_of(found, bill.starts_on, bill.ends_on)
    matcher = Matcher(bill, found, rates_of(bill.team, found.units))
    with turn.writing(line_count=found.lines):
        pass
    rows.insert(turn, matcher.rows(lines(table, columns)), done=0)
    times.match(turn, matcher)
    missing.add(turn)
    _finish(turn, found)


def rates_of(team: Team, units: Iterable[str]) -> Rates:
    """What a bill's units cost now; those whose price nobody said are left out."""
    prices = dict(UNIT_PRICES)
    for unit in units:
        try:
            prices[unit] = ledger.price_of_unit(team, unit)
        except NoRate:
            continue
    return Rates(credit_price=team.credit_price, prices=prices)


def _finish(turn: Turn, found: Survey) -> None:
    """Sums before the transaction: nobody else writes lines of this bill."""
    bill, sums = turn.bill, _sums(turn.bill)
    elsewhere = bill.lines.filter(matched_by=MatchedBy.ELSEWHERE).count()
    bill.read_at = timezone.now()
    with turn.writing(
        read_at=bill.read_at, starts_on=bill.starts_on, ends_on=bill.ends_on, sums=sums,
        elsewhere=elsewhere,
    ):  # fmt: skip
        pass


def _sums(bill: Bill) -> list[list[str | int]]:
    """[unit, billed, ours] for each unit, of the team's own lines."""
    own = bill.lines.exclude(matched_by=MatchedBy.ELSEWHERE).order_by()
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for place, (unit, amount) in enumerate((("unit", "native"), ("expected_unit", "expected"))):
        for name, total in own.values_list(unit).annotate(Sum(amount, default=0)):
            sums[name][place] = total
    return [[unit, *both] for unit, both in sorted(sums.items()) if unit]
