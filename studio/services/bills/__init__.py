"""Providers' bills: brought here, laid beside the ledger, and what differs booked or settled."""

from studio.services.bills.bring import upload
from studio.services.bills.fetch import Asked, fetch
from studio.services.bills.preview import preview
from studio.services.bills.read import read, require_unread
from studio.services.bills.remove import remove
from studio.services.bills.settle import book, book_all, bookable, settle, settle_all

__all__ = [
    "Asked",
    "book",
    "book_all",
    "bookable",
    "fetch",
    "preview",
    "read",
    "remove",
    "require_unread",
    "settle",
    "settle_all",
    "upload",
]
