"""Rules about money: what an order costs, how a budget changes, and what limits it.

Each function that moves money runs in the caller's transaction, together with the move of the job
that causes it, and writes the entry that explains the change. What holds at every commit:
available + held + spent = granted, and a terminal job holds nothing.
"""

from studio.ledger.books import over_budget, team_budget, today_of
from studio.ledger.caps import line_up
from studio.ledger.holds import grant, hold, settle
from studio.ledger.later import correct, refund
from studio.ledger.months import close
from studio.ledger.names import label_of, name_of, title_of
from studio.ledger.quotes import (
    Quote,
    charged_in,
    firm_quotes,
    in_force,
    native_quote,
    price_for,
    price_of_unit,
    quote,
    quote_then,
    quotes,
    to_credits,
)
from studio.ledger.rooms import Room, Rooms, short_of

__all__ = [
    "Quote",
    "Room",
    "Rooms",
    "charged_in",
    "close",
    "correct",
    "firm_quotes",
    "grant",
    "hold",
    "in_force",
    "label_of",
    "line_up",
    "name_of",
    "native_quote",
    "over_budget",
    "price_for",
    "price_of_unit",
    "quote",
    "quote_then",
    "quotes",
    "refund",
    "settle",
    "short_of",
    "team_budget",
    "title_of",
    "to_credits",
    "today_of",
]
