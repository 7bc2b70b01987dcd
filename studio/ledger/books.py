"""The books of a team: one way to change a budget, and the entries that explain each change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from studio.core.money import CREDIT, words
from studio.ledger import days
from studio.models import Budget, EntryKind, Job, LedgerEntry, Member, Team

PARTS = ("granted", "available", "held", "spent")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One ledger entry to be: what it adds to each part of the budget, in micro-credits."""

    kind: EntryKind
    parts: Mapping[str, int]
    native: int
    unit: str = CREDIT
    unit_price: int = 0
    corrects: LedgerEntry | None = None


def book(
    team: Team, entries: Sequence[Entry], *, cause: str, job: Job | None = None,
    actor: Member | None = None,
) -> list[LedgerEntry]:  # fmt: skip
    """Change the budget by all of these entries and write them; [] and no change if a part went below 0.

    They are numbered and chained under the lock of the budget, so that a team's entries have one order.
    """
    with transaction.atomic():
        budget = locked(team)
        sums = {part: sum(entry.parts.get(part, 0) for entry in entries) for part in PARTS}
        if any(getattr(budget, part) + amount < 0 for part, amount in sums.items()):
            return []
        same: dict[str, Any] = {"job": job, "actor": actor, "cause": cause}
        written = [_write(budget, entry, **same) for entry in entries]
        for part, amount in sums.items():
            setattr(budget, part, getattr(budget, part) + amount)
        budget.save(update_fields=[*PARTS, "entries", "head"])
        days.booked(team.pk, written)
    return written


def locked(team: Team) -> Budget:
    """The budget as it is now, which nobody else changes until the transaction ends."""
    mine = Budget.objects.select_for_update().filter(team=team)
    budget = mine.first()
    if budget is None:  # before the first grant
        Budget.objects.get_or_create(team=team)
        budget = mine.get()
    budget.team = team
    return budget


def _write(budget: Budget, entry: Entry, **same: Any) -> LedgerEntry:
    now = timezone.now()
    row = LedgerEntry(
        team=budget.team, number=budget.entries + 1, kind=entry.kind, native=entry.native,
        unit=entry.unit, unit_price=entry.unit_price, credit_price=budget.team.credit_price,
        corrects=entry.corrects, day=open_day(budget), created_at=now, **entry.parts, **same,
    )  # fmt: skip
    row.digest = row.follow(bytes(budget.head))
    row.save()
    budget.entries, budget.head = row.number, row.digest
    return row


def open_day(budget: Budget) -> date:
    """The day on which something is booked now: today, or the first one that is not closed."""
    today = today_of(budget.team)
    closed = budget.closed_until
    return max(today, closed + timedelta(days=1)) if closed else today


def today_of(team: Team) -> date:
    return timezone.now().astimezone(ZoneInfo(team.time_zone)).date()


def team_budget(team: Team) -> Budget:
    """The team's budget as it is now; an empty one before the first grant."""
    return Budget.objects.filter(team=team).first() or Budget(team=team)


def over_budget(team: Team, amount: int) -> str:
    left = words(team_budget(team).available)
    return f"This needs {words(amount)} credits, {left} are left in the budget."
