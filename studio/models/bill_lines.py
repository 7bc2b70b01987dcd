"""The lines of providers' bills, and what becomes of their differences."""

from typing import Self

from django.db import models

from studio.core.bills.matching import Kind
from studio.models.bills import Bill
from studio.models.jobs import Job
from studio.models.ledger import LedgerEntry
from studio.models.teams import Member

LONGEST_NOTE = 200


class Difference(models.TextChoices):
    """What is found when a line is laid beside the ledger; "" is that they agree."""

    NONE = "", "Agrees"
    MISSING = Kind.MISSING, "On no bill"
    EXTRA = Kind.EXTRA, "Not in our books"
    AMOUNT = Kind.AMOUNT, "Another amount"
    CURRENCY = Kind.CURRENCY, "Another currency"
    DUPLICATE = Kind.DUPLICATE, "Billed twice"


class MatchedBy(models.TextChoices):
    """How the job of a line was found; the account is the studio's, so another team's has lines too."""

    REFERENCE = "reference", "our reference"
    REMOTE_ID = "id", "their id"
    TIME = "time", "time and amount"
    ELSEWHERE = "elsewhere", "another team's job"


class BillLineQuerySet(models.QuerySet["BillLine"]):
    def shown(self) -> Self:
        """Those of bills that are read: until then a line may still change, or go again.

        Without a join: an UPDATE that had to wait for somebody else's looks at its own conditions
        again, and Django would hide those of a join in a question that is asked once.
        """
        return self.filter(bill__in=Bill.objects.read())


class BillLine(models.Model):
    """A line of a bill, or (`row` None) a charge of ours that no line is about.

    `native` micro-units of `unit` are what the provider says, `expected` of `expected_unit` what our
    ledger says, and `worth` how many micro-credits more the bill takes (below 0: fewer), at the
    rates of the day when it was read. `booked` is the entry that settled the difference,
    `settled_note` why it needs none. Of another team's job nothing is kept but the amount.
    """

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField(null=True)
    reference = models.CharField(max_length=200, blank=True)
    remote_id = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(null=True)
    native = models.BigIntegerField(default=0)
    unit = models.CharField(max_length=8, blank=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="bill_lines")
    matched_by = models.CharField(max_length=10, blank=True, choices=MatchedBy.choices)
    expected = models.BigIntegerField(null=True)
    expected_unit = models.CharField(max_length=8, blank=True)
    worth = models.BigIntegerField(default=0)
    difference = models.CharField(max_length=10, blank=True, choices=Difference.choices)
    booked = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+")
    settled_note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    settled_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = BillLineQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("bill", "difference", "id", name="bill_line_by_difference"),
        ]

    def __str__(self) -> str:
        return f"{self.bill}, {self.place}"

    @property
    def place(self) -> str:
        """Where it stands in the bill, as causes of entries say it."""
        return f"row {self.row}" if self.row else "on no row"

    @property
    def is_bookable(self) -> bool:
        """Whether an entry can settle it: what is about no charge of ours, or worth nothing in
        credits, only a note can.
        """
        return bool(self.difference in BOOKABLE and self.job_id and self.worth)


BOOKABLE = {Difference.AMOUNT, Difference.CURRENCY, Difference.MISSING}
