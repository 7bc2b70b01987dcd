"""Made-up months of a provider: charged jobs by the thousand, and the bill that a provider sends."""

import csv
import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from studio.core.bills.columns import Columns
from studio.core.errors import InvalidBill
from studio.core.money import PICO, USD, decimal
from studio.models import (
    Attempt,
    Budget,
    Clip,
    EntryKind,
    Job,
    LedgerEntry,
    Member,
    PriceVersion,
    Project,
)
from studio.pipeline import billing
from studio.services import bills
from studio.services.bills.bring import keep
from tests.factories import make_order

MONTH = datetime(2026, 11, 1, tzinfo=UTC)
COLUMNS = Columns(
    reference="reference", remote_id="id", at="time", amount="amount", unit_in="currency"
)
HEADER = ("reference", "id", "time", "amount", "currency")


@dataclass(frozen=True)
class Row:
    """A line of the bill to be; `job` is whose it is, None for nobody's."""

    job: int | None
    reference: str
    remote_id: str
    at: datetime
    native: int
    unit: str = USD

    def without_names(self):
        return replace(self, reference="", remote_id="")


def charged_jobs(member, numbers, *, provider="runware", unit=USD, unit_price=PICO, every=None):
    """The lines that a provider would bill for new jobs, one after the other within November.

    `numbers` makes the amounts. The entries are no chain: a month of them is made at once.
    """
    count = len(numbers)
    team, every = member.team, every or timedelta(days=29) / max(count, 1)
    project = team.projects.first() or Project.objects.create(team=team, name="Ours")
    price = PriceVersion.objects.filter(provider=provider).first() or PriceVersion.objects.create(
        provider=provider, per="take", amount=350_000, unit=unit, valid_from=MONTH, source="test",
        checked_on=MONTH.date(),
    )  # fmt: skip
    same = {"team": team, "author": member}
    clips = Clip.objects.bulk_create(
        Clip(
            project=project, title=f"Shot {number}", state="succeeded", charged=100 * native, **same
        )
        for number, native in enumerate(numbers)
    )
    began = [MONTH + timedelta(hours=1) + every * number for number in range(count)]
    jobs = Job.objects.bulk_create(
        Job(
            clip=clip, provider=provider, model="m-1", stored_order=make_order().to_json(),
            status="succeeded", price=price, unit_price=unit_price, quoted=native * 100,
            charged=native * 100, started_at=at, ended_at=at + timedelta(seconds=90), **same,
        )
        for clip, native, at in zip(clips, numbers, began, strict=True)
    )  # fmt: skip
    Attempt.objects.bulk_create(
        Attempt(job=job, number=1, reference=f"dl-{job.pk}-{job.pk:032x}", remote_id=f"{provider}-{job.pk}", outcome="accepted")
        for job in jobs
    )  # fmt: skip
    _charge(team, jobs, numbers, unit=unit, unit_price=unit_price)
    return [
        Row(job.pk, f"dl-{job.pk}-{job.pk:032x}", f"{provider}-{job.pk}", at + timedelta(seconds=80), native, unit)
        for job, native, at in zip(jobs, numbers, began, strict=True)
    ]  # fmt: skip


def _charge(team, jobs, numbers, *, unit, unit_price):
    budget, _ = Budget.objects.get_or_create(team=team)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            team=team, number=budget.entries + number, job=job, kind=EntryKind.CHARGE, native=native,
            unit=unit, unit_price=unit_price, credit_price=team.credit_price, digest=bytes(32),
            available=-native * 100, spent=native * 100, day=job.ended_at.date(), cause="test",
            created_at=job.ended_at,
        )
        for number, (job, native) in enumerate(zip(jobs, numbers, strict=True), 1)
    )  # fmt: skip
    total = 100 * sum(numbers)
    Budget.objects.filter(pk=budget.pk).update(
        entries=budget.entries + len(jobs),
        granted=budget.granted + total,
        spent=budget.spent + total,
    )


def as_csv(rows, *, delimiter=","):
    file = io.StringIO()
    table = csv.writer(file, delimiter=delimiter)
    table.writerow(HEADER)
    for row in rows:
        amount = f"{decimal(row.native):f}"
        table.writerow([row.reference, row.remote_id, row.at.isoformat(), amount, row.unit])
    return file.getvalue()


def bring(member, text, tmp_path, *, provider="runware", name="november.csv"):
    """A bill that is not read yet."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return keep(member, provider, path, name=name, source="uploaded")


def read_bill(member: Member, rows, tmp_path, *, columns=COLUMNS, **days):
    """The bill with these rows, laid beside the ledger."""
    number = len(list(tmp_path.glob("*.csv")))
    bill = bring(member, as_csv(rows), tmp_path, name=f"november-{number}.csv")
    read_now(member, bill, columns, **days)
    return bill


def read_now(member: Member, bill, columns=COLUMNS, **days):
    """Ask for it, and be the worker; what that finds wrong is raised."""
    bills.read(member, bill, columns, **days)
    worked(bill)


def worked(bill):
    """Have done at once what a worker does with a bill, and look at it again."""
    assert billing.work(bill.pk)
    bill.refresh_from_db()
    if bill.problem:
        raise InvalidBill(bill.problem)


def removed(member: Member, bill):
    bills.remove(member, bill)
    assert billing.work(bill.pk)


def found_in(bill):
    """(kind, job or row) of every difference."""
    return sorted(
        (line.difference, line.job_id or 0, line.row or 0)
        for line in bill.lines.exclude(difference="")
    )
