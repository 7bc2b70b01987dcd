"""A bake-off as its dialog shows it: a row for each model, which are ticked, and what all cost."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from studio.ledger import Room, Rooms
from studio.models import Member
from studio.reports.bakeoff import Entry
from studio.views.asking import Asking, asking_of
from studio.views.choices import Choice


@dataclass(frozen=True, kw_only=True)
class Row:
    """One model: how it is listed, and what it would make of the order."""

    choice: Choice
    entry: Entry
    ticked: bool

    @property
    def key(self) -> str:
        return self.choice.key


@dataclass(frozen=True, kw_only=True)
class BakeOff:
    """`problem` is why it was not sent."""

    rows: Sequence[Row]
    member: Member
    budgets: Rooms
    problem: str = ""

    @property
    def ticked(self) -> list[Row]:
        return [row for row in self.rows if row.ticked]

    @property
    def amount(self) -> int:
        """Micro-credits for all that are ticked."""
        return sum(row.entry.amount for row in self.ticked)

    @cached_property
    def short(self) -> Room | None:
        """The budget that lacks most for all that are ticked."""
        amounts: Counter[str] = Counter()
        for row in self.ticked:
            amounts.update({row.entry.able.provider: row.entry.amount})
        lacking = self.budgets.short_of(amounts)
        return lacking[0] if lacking else None

    @property
    def available(self) -> int:
        return self.budgets.budget.available

    @property
    def left(self) -> int:
        return self.available - self.amount

    @cached_property
    def asking(self) -> Asking | None:
        """Whom to ask for what is missing; None where there is room."""
        return (
            asking_of(self.member, self.short.missing, cap=self.short.cap) if self.short else None
        )


def rows_of(
    choices: Sequence[Choice], found: Sequence[Entry], ticked: Collection[str]
) -> list[Row]:
    """What refuses the order can not be ticked."""
    return [
        Row(choice=choice, entry=entry, ticked=choice.key in ticked and not entry.problems)
        for choice, entry in zip(choices, found, strict=True)
    ]
