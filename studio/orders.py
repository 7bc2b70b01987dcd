"""Rules about orders: what may be sent at all, checked before it costs anything."""

import secrets
from dataclasses import replace

from studio.core.errors import InvalidOrder, Problem
from studio.core.orders import Order
from studio.core.spec import Kind
from studio.models import Asset
from studio.providers.animatic import SEED_LIMIT
from studio.providers.registry import capability_of


def check(team_id: int, order: Order) -> Order:
    """The order with defaults and seed filled in. Raises InvalidOrder with every problem."""
    whole = complete(order)
    problems = capability_of(whole).problems(whole) + _frame_problems(team_id, whole)
    if problems:
        raise InvalidOrder(problems)
    return _with_seed(whole)


def complete(order: Order) -> Order:
    """The order with its model's defaults, unchecked. Raises InvalidOrder for an unknown model."""
    given = {name: value for name, value in order.settings.items() if value not in (None, "")}
    settings = {**capability_of(order).defaults(), **given}
    return replace(order, prompt=order.prompt.strip(), settings=settings)


def _frame_problems(team_id: int, order: Order) -> list[Problem]:
    wanted = {"first_frame": order.first_frame, "last_frame": order.last_frame}
    keys = [key for key in wanted.values() if _is_key(key)]
    known = set(
        Asset.objects.pictures().filter(team_id=team_id, pk__in=keys).values_list("pk", flat=True)
    )
    return [
        Problem(name, f"The {name.replace('_', ' ')} is not in this team's pictures; add it again.")
        for name, key in wanted.items()
        if key is not None and key not in known
    ]


def _is_key(key: object) -> bool:
    """Whether a database can be asked for it."""
    return isinstance(key, int) and not isinstance(key, bool) and 0 < key < 2**63


def _with_seed(order: Order) -> Order:
    """A model with a seed always gets one, so that the same shot can be made again."""
    has_seed = any(param.kind == Kind.SEED for param in capability_of(order).params)
    if not has_seed or order.settings.get("seed") is not None:
        return order
    return replace(order, settings={**order.settings, "seed": secrets.randbelow(SEED_LIMIT)})
