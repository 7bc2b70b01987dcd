"""Rules about money: what an order costs, and the four ways a budget changes.

Each function that moves money runs in the caller's transaction, together with the move of the job
that causes it, and writes the entry that explains the change. What holds at every commit:
available + held + spent = granted, and a terminal job holds nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from studio.core.errors import BudgetExceeded, NoPrice, StudioError
from studio.core.money import CREDIT, in_credits, words
from studio.core.orders import Order
from studio.models import Budget, EntryKind, Job, LedgerEntry, Member, Per, PriceVersion, Team


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What an order would cost: `amount` micro-credits, by which price version."""

    price: PriceVersion
    amount: int
    seconds: int
    count: int

    @property
    def is_free(self) -> bool:
        return self.amount == 0


def price_for(team: Team, order: Order) -> PriceVersion:
    """The version valid now: the team's own before the studio's, the narrowest, the newest.

    Raises NoPrice: without a price there is no job.
    """
    valid: QuerySet[PriceVersion] = PriceVersion.objects.filter(
        Q(team=team) | Q(team=None),
        model__in=["", order.model],
        provider=order.provider,
        valid_from__lte=timezone.now(),
    )
    fitting = [price for price in valid if _fits(price.conditions, order.settings)]
    if not fitting:
        raise NoPrice(
            f"There is no price for {order.provider} {order.model}; an admin can set one."
        )
    return max(fitting, key=_precedence)


def _fits(conditions: Mapping[str, Any], settings: Mapping[str, Any]) -> bool:
    return all(settings.get(name) == value for name, value in conditions.items())


def _precedence(price: PriceVersion) -> tuple[Any, ...]:
    return (
        price.team_id is not None,
        bool(price.model),
        len(price.conditions),
        price.valid_from,
        price.pk,
    )


def quote(team: Team, order: Order) -> Quote:
    """What this order costs now. Raises NoPrice."""
    price = price_for(team, order)
    pieces = order.count * (order.seconds if price.per == Per.SECOND else 1)
    native = price.amount * pieces
    amount = native if price.unit == CREDIT else in_credits(native, credit_price=team.credit_price)
    return Quote(price=price, amount=amount, seconds=order.seconds, count=order.count)


def grant(team: Team, amount: int, *, actor: Member | None, cause: str) -> None:
    """Give the team more to spend, or with a negative amount less; never less than is free."""
    with transaction.atomic():
        Budget.objects.get_or_create(team=team)
        if not _change(team, granted=amount, available=amount):
            raise StudioError(
                f"Only {words(team_budget(team).available)} credits are free to take back."
            )
        _write(EntryKind.GRANT, team, actor=actor, cause=cause, granted=amount, available=amount)


def hold(job: Job, *, actor: Member | None = None) -> None:
    """Set the quote aside. Raises BudgetExceeded, and nothing has changed."""
    with transaction.atomic():
        if not _change(job.team, available=-job.quoted, held=job.quoted):
            left = team_budget(job.team).available
            raise BudgetExceeded(
                f"This needs {words(job.quoted)} credits, {words(left)} are left in the budget."
            )
        parts = {"available": -job.quoted, "held": job.quoted}
        _write(EntryKind.HOLD, job.team, job=job, actor=actor, cause="ordered", **parts)


def settle(job: Job, *, charge: int, cause: str, actor: Member | None = None) -> None:
    """End the hold: spend `charge` micro-credits of it and release the rest.

    A charge above the hold is taken from what is available; where that is not enough the whole
    settlement fails and the job keeps its hold, for a person to decide.
    """
    with transaction.atomic():
        if charge:
            _spend(job, charge, actor=actor, cause=cause)
        if rest := job.quoted - min(charge, job.quoted):
            _release(job, rest, actor=actor, cause=cause)
        Job.objects.filter(pk=job.pk).update(charged=charge)


def _spend(job: Job, charge: int, *, actor: Member | None, cause: str) -> None:
    from_hold = min(charge, job.quoted)
    parts = {"available": from_hold - charge, "held": -from_hold, "spent": charge}
    if not _change(job.team, **parts):
        raise BudgetExceeded(f"The charge of {words(charge)} credits is more than the budget has.")
    _write(EntryKind.CHARGE, job.team, job=job, actor=actor, cause=cause, **parts)


def _release(job: Job, rest: int, *, actor: Member | None, cause: str) -> None:
    parts = {"available": rest, "held": -rest}
    released = _change(job.team, **parts)
    assert released, "a hold is always there to be released"
    _write(EntryKind.RELEASE, job.team, job=job, actor=actor, cause=cause, **parts)


def team_budget(team: Team) -> Budget:
    """The team's budget as it is now; an empty one before the first grant."""
    return Budget.objects.filter(team=team).first() or Budget(team=team)


def _change(team: Team, **parts: int) -> bool:
    """Change the budget in one conditional UPDATE; False, and no change, if a part went below 0."""
    enough = {f"{part}__gte": -amount for part, amount in parts.items() if amount < 0}
    if not any(parts.values()):
        return True
    changes = {part: F(part) + amount for part, amount in parts.items()}
    return bool(Budget.objects.filter(team=team, **enough).update(**changes))


def _write(
    kind: EntryKind,
    team: Team,
    *,
    cause: str,
    actor: Member | None,
    job: Job | None = None,
    **parts: int,
) -> None:
    unit = job.price.unit if job else CREDIT
    LedgerEntry.objects.create(
        kind=kind,
        team=team,
        job=job,
        actor=actor,
        cause=cause,
        unit=unit,
        credit_price=team.credit_price,
        native=_native(team, unit, parts),
        **parts,
    )


def _native(team: Team, unit: str, parts: Mapping[str, int]) -> int:
    """The entry's amount as the provider counts it."""
    amount = max((abs(value) for value in parts.values()), default=0)
    return amount if unit == CREDIT else amount * team.credit_price // 1_000_000
