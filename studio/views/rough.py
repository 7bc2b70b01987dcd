"""What the button Rehearse says: its price, and what Animatic does differently, or why it can not."""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.core.errors import InvalidOrder
from studio.core.orders import Order
from studio.providers.animatic import CAPABILITY as ANIMATIC
from studio.services.rehearsals import as_animatic
from studio.views.choices import Choice


@dataclass(frozen=True, kw_only=True)
class Rough:
    """`amount` is in micro-credits, nearly always 0; `refused` says why there is no rehearsal."""

    amount: int
    changes: tuple[str, ...] = ()
    refused: str = ""


def rough_of(order: Order, models: Sequence[Choice]) -> Rough | None:
    """None for Animatic itself, which needs no rehearsal."""
    own = next(choice for choice in models if choice.able is ANIMATIC)
    if own.now:
        return None
    try:
        changes = as_animatic(order).changes
    except InvalidOrder as error:
        return Rough(amount=0, refused=error.message)
    return Rough(amount=own.offer.amount, changes=tuple(map(str, changes)))
