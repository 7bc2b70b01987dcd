"""The audit of the books: the chain, closed months, limits, and what providers said."""

from datetime import UTC, datetime
from unittest import mock

import pytest
from django.db import connection

from studio import ledger
from studio.core.errors import Moderated
from studio.core.money import CREDIT, MICRO
from studio.core.status import JobStatus
from studio.models import Attempt, Cap, CapHold, CapPeriod, LedgerEntry
from studio.models.caps import Every
from studio.pipeline import settle
from studio.services import audit
from tests.ledger.world import Clock
from tests.services.auditing import House, named

S = JobStatus
JANUARY, FEBRUARY = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


class Books(House):
    """That studio in January 2026, with a limit from then on; two months were closed since.

    `paid` was charged 7 by its provider, of which 2 came back and 1 was found to be missing;
    `spared` failed for what it showed, and `counted` runs.
    """

    def __init__(self, folder):
        self.clock = Clock()
        with mock.patch("django.utils.timezone.now", self.clock):
            self.clock.now = JANUARY
            super().__init__(folder)
            team = self.author.team
            self.cap = Cap.objects.create(team=team, amount=100 * MICRO, every=Every.EVER)
            self.counted = self.job(S.RUNNING)
            self.paid = self.charged(self.job(S.RUNNING, count=3), 7 * MICRO)
            self.clock.now = FEBRUARY
            ledger.close(team, JANUARY.date(), actor=None)
            self.later = self.found_out()
            self.clock.pass_days(30)
            ledger.close(team, FEBRUARY.date(), actor=self.author)
            ledger.grant(team, MICRO, actor=self.author, cause="more")
        self.hold = self.counted.entries.get()
        self.charge = self.paid.entries.get(kind="charge")
        self.other = self.done.entries.get(kind="charge")
        self.refund, self.correction = self.later
        self.last = LedgerEntry.objects.latest("number")
        self.period = CapPeriod.objects.get()
        self.before = self.hold.number - 1
        self.last_but_one = self.last.number - 1

    def charged(self, job, amount):
        said = {"verdict": "succeeded", "charge": amount, "results": [1] * job.order.count}
        Attempt.objects.filter(job=job).update(answer=said)
        job.move(S.SAVING)
        settle.succeed(job, charge=amount, unit=CREDIT, write=lambda: self.write_takes(job))
        return job

    def found_out(self):
        self.paid.refresh_from_db()
        refund = ledger.refund(
            self.paid, 2 * MICRO, native=2 * MICRO, cause="kind", actor=self.author
        )
        correction = ledger.correct(self.paid, MICRO, native=MICRO, cause="bill", actor=None)
        return refund, correction


BREAKS = {
    "entry with another amount": (
        "UPDATE studio_ledgerentry SET native = native + 1 WHERE id = {hold.pk}",
        "chain", "Entry {hold.pk} of team {author.team_id} is not what was written",
    ),
    "entry of another time": (
        "UPDATE studio_ledgerentry SET created_at = '2026-01-02' WHERE id = {hold.pk}",
        "chain", "Entry {hold.pk} of team",
    ),
    "entry by somebody else": (
        "UPDATE studio_ledgerentry SET actor_id = {author.pk} WHERE id = {hold.pk}",
        "chain", "Entry {hold.pk} of team",
    ),
    "entry with another digest": (
        "UPDATE studio_ledgerentry SET digest = zeroblob(32) WHERE id = {hold.pk}",
        "chain", "Entry {hold.pk} of team",
    ),
    "entry gone from the middle": (
        "DELETE FROM studio_ledgerentry WHERE id = {hold.pk}",
        "chain", "it comes after {before}",
    ),
    "last entry gone": (
        "DELETE FROM studio_ledgerentry WHERE id = {last.pk}",
        "chain", "counts {last.number} entries, the last is {last_but_one}",
    ),
    "entry with another number": (
        "UPDATE studio_ledgerentry SET number = number + 9 WHERE id = {last.pk}",
        "chain", "Entry {last.pk} of team {author.team_id} has number",
    ),
    "entry that nobody chained": (
        "INSERT INTO studio_ledgerentry (team_id, number, job_id, kind, granted, available, held,"
        " spent, native, unit, credit_price, unit_price, cause, day, created_at, digest)"
        " SELECT team_id, number + 1, job_id, kind, granted, available, held, spent, native,"
        " unit, credit_price, unit_price, cause, day, created_at, digest"
        " FROM studio_ledgerentry WHERE id = {last.pk}",
        "chain", "is not what was written, or not after entry {last.number}",
    ),
    "budget with another head": (
        "UPDATE studio_budget SET head = zeroblob(32)",
        "chain", "Budget of team {author.team_id} ends with another entry",
    ),
    "sums of a closed month": (
        "UPDATE studio_closedmonth SET spent = spent + 1000000 WHERE month = '2026-01-01'",
        "months", "January 2026 of team {author.team_id} was closed with spent",
    ),
    "number of entries of a closed month": (
        "UPDATE studio_closedmonth SET entries = 1 WHERE month = '2026-01-01'",
        "months", "January 2026 of team {author.team_id} was closed with entries 1",
    ),
    "entry moved into a closed month": (
        "UPDATE studio_ledgerentry SET day = '2026-01-20' WHERE id = {refund.pk}",
        "months", "Entry {refund.pk} is booked on 2026-01-20, in a month that was closed before",
    ),
    "closed month gone": (
        "DELETE FROM studio_closedmonth WHERE month = '2026-01-01'",
        "months", "Entry {hold.pk} is booked on 2026-01-01, before the first month",
    ),
    "hole between closed months": (
        "UPDATE studio_closedmonth SET month = '2025-12-01' WHERE month = '2026-01-01'",
        "months", "February 2026 of team {author.team_id} is closed, the month before it is not",
    ),
    "month opened again": (
        "UPDATE studio_budget SET closed_until = '2026-01-31'",
        "months", "is closed until 2026-01-31, by its closed months until 2026-02-28",
    ),
    "use of a limit": (
        "UPDATE studio_capperiod SET used = used + 1000000",
        "caps", "Period {period.pk} of limit {cap.pk} from 0001-01-01 says",
    ),
    "what a living job uses of a limit": (
        "UPDATE studio_caphold SET amount = 1000000 WHERE job_id = {counted.pk}",
        "caps", "Job {counted.pk} uses 1 of period {period.pk}, it holds or has cost 3",
    ),
    "what an ended job uses of a limit": (
        "UPDATE studio_caphold SET amount = 9000000 WHERE job_id = {paid.pk}",
        "caps", "Job {paid.pk} uses 9 of period {period.pk}, it holds or has cost 6",
    ),
    "job that no limit counts": (
        "DELETE FROM studio_caphold WHERE job_id = {counted.pk}",
        "caps", "Job {counted.pk} uses nothing of limit {cap.pk}",
    ),
    "charge that the provider did not say": (
        """UPDATE studio_attempt SET answer = '{{"charge": 1, "results": [1, 1, 1]}}'"""
        " WHERE job_id = {paid.pk}",
        "verdicts", "Job {paid.pk} was charged 7 as animatic counts, the provider said 0.000001",
    ),
    "charge in a unit of somebody else": (
        "UPDATE studio_ledgerentry SET unit = 'USD' WHERE id = {charge.pk}",
        "verdicts", "Job {paid.pk} was charged in USD, animatic counts credit",
    ),
    "refund of nothing": (
        "UPDATE studio_ledgerentry SET corrects_id = NULL WHERE id = {refund.pk}",
        "entries", "Entry {refund.pk} is not what a refund looks like",
    ),
    "refund that costs": (
        "UPDATE studio_ledgerentry SET spent = 1, available = -1 WHERE id = {refund.pk}",
        "entries", "Entry {refund.pk} is not what a refund looks like",
    ),
    "correction of another job": (
        "UPDATE studio_ledgerentry SET corrects_id = {other.pk} WHERE id = {correction.pk}",
        "entries", "Entry {correction.pk} is not what a correction looks like",
    ),
    "hold that corrects": (
        "UPDATE studio_ledgerentry SET corrects_id = {other.pk} WHERE id = {hold.pk}",
        "entries", "Entry {hold.pk} is not what a hold looks like",
    ),
    "entry without a cause": (
        "UPDATE studio_ledgerentry SET cause = '' WHERE id = {hold.pk}",
        "entries", "Entry {hold.pk} does not say what caused it",
    ),
    "refund that the job was not told": (
        "UPDATE studio_job SET charged = charged + 2000000 WHERE id = {paid.pk}",
        "charges", "Job {paid.pk} says 8 charged, its entries 6",
    ),
}  # fmt: skip


@pytest.fixture
def house(db, tmp_path):
    return Books(tmp_path)


class TestBooks:
    def test_are_in_order(self, house):
        assert list(audit.findings()) == []

    @pytest.mark.parametrize("name", BREAKS)
    def test_what_is_broken_is_found_and_named(self, house, name):
        wanted, found = named(house, *BREAKS[name])
        assert wanted, found

    def test_only_the_entry_that_was_changed_is_named(self, house):
        statement = "UPDATE studio_ledgerentry SET native = native + 1 WHERE id = {hold.pk}"
        wanted, found = named(house, statement, "chain", "Entry")
        assert len(wanted) == len(found) == 1

    def test_who_makes_the_digest_fit_is_named_by_the_next_entry(self, house):
        row = LedgerEntry.objects.get(pk=house.hold.pk)
        before = LedgerEntry.objects.get(team=row.team, number=row.number - 1)
        row.native += 1
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE studio_ledgerentry SET native = %s, digest = %s WHERE id = %s",
                [row.native, row.follow(before.digest), row.pk],
            )
        [found] = [one for one in audit.findings(with_files=False) if one.check == "chain"]
        following = LedgerEntry.objects.get(team=row.team, number=row.number + 1)
        assert f"Entry {following.pk} of team" in found.message

    def test_what_came_while_a_limit_was_away_is_no_finding(self, house):
        CapHold.objects.filter(job=house.counted).delete()
        CapPeriod.objects.update(used=6 * MICRO)
        Cap.objects.update(every=Every.MONTH)  # it is of January, and the present one is another
        assert list(audit.findings(with_files=False)) == []

    def test_a_charge_that_the_provider_spares_us_is_none(self, house):
        Attempt.objects.filter(job=house.failed).update(answer={"charge": 5, "results": []})
        house.failed.category = Moderated.category
        house.failed.save()
        assert [one.check for one in audit.findings(with_files=False)] == []

    def test_a_provider_that_does_not_say_what_it_charges_is_no_finding(self, house):
        Attempt.objects.filter(job=house.paid).update(answer={"charge": None, "results": [1, 1, 1]})
        assert list(audit.findings(with_files=False)) == []
