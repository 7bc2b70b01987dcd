"""Limits on what may be spent: set, changed, removed, and brought back."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from studio import ledger, permissions
from studio.core.errors import InvalidCap
from studio.core.money import words
from studio.ledger import counting
from studio.models import Cap, CapPeriod, Member
from studio.services.budgets import go_on

SET = "set budgets"


def add(
    member: Member, /, *, of_studio: bool = False, amount: int, warn_at: int, stops: bool, **scope: Any
) -> Cap:  # fmt: skip
    """Limit what the team spends, or with `of_studio` what all teams do, by micro-credits a period.

    `scope` has project, member, provider and every, as Cap has them. What was ordered since the
    present period began counts from the start. Raises InvalidCap where there is one for the same,
    or more than `amount` is used already; NotAllowed.
    """
    team = None if of_studio else member.team
    cap = Cap(team=team, amount=amount, warn_at=warn_at, stops=stops, created_by=member, **scope)
    _require(member, cap)
    with transaction.atomic():
        counting.lock(cap)
        _require_only_one(cap)
        cap.save()
        _require_room(cap, counting.begin(cap))
    return cap


def _require(member: Member, cap: Cap) -> None:
    permissions.require(permissions.can_change_cap(member, cap), SET)
    ours = (cap.project is None or cap.project.team_id == cap.team_id) and (
        cap.member is None or cap.member.team_id == cap.team_id
    )
    permissions.require(ours, "limit what belongs to another team")


def _require_only_one(cap: Cap) -> None:
    same = Cap.objects.standing().filter(
        team=cap.team_id, project=cap.project_id, member=cap.member_id, provider=cap.provider,
        every=cap.every,
    )  # fmt: skip
    if same.exclude(pk=cap.pk).exists():
        raise InvalidCap(
            f"There is a budget for {ledger.title_of(cap)}, {cap.get_every_display()}, already; "
            "edit that one."
        )


def _require_room(cap: Cap, periods: list[CapPeriod]) -> None:
    """Raise InvalidCap where more is held and spent than a limit that stops would allow."""
    most = max((period.used - period.extra for period in periods), default=0)
    if cap.stops and cap.amount < most:
        raise InvalidCap(
            f"{words(most)} credits of it are held or spent already; enter at least {words(most)}, "
            "or let it not stop."
        )


def change(member: Member, cap: Cap, *, amount: int, warn_at: int, stops: bool) -> Cap:
    """Let its present period follow; jobs that wait for it go on. Raises as `add` does."""
    _require(member, cap)
    cap.amount, cap.warn_at, cap.stops = amount, warn_at, stops
    with transaction.atomic():
        counting.lock(cap)
        cap.save(update_fields=["amount", "warn_at", "stops"])
        _require_room(cap, counting.follow(cap))
        transaction.on_commit(lambda: go_on(cap.team))
    return cap


def remove(member: Member, cap: Cap) -> None:
    """Nothing counts in it any more, and nothing waits for it; `restore` takes it back."""
    _require(member, cap)
    with transaction.atomic():
        Cap.objects.standing().filter(pk=cap.pk).update(removed_at=timezone.now())
        transaction.on_commit(lambda: go_on(cap.team))


def restore(member: Member, cap: Cap) -> Cap:
    """Let it count again, also what was ordered meanwhile. Raises InvalidCap where there is another
    for the same by now.
    """
    _require(member, cap)
    with transaction.atomic():
        counting.lock(cap)
        _require_only_one(cap)
        Cap.objects.filter(pk=cap.pk).update(removed_at=None)
        counting.begin(cap)
    cap.removed_at = None
    return cap
