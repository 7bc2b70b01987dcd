"""What AI/ML API billed: its log of requests, and the account's own ledger.

From aimlapi/api-docs, docs/api-references/service-endpoints (2026-08-21): usage-logs.md with
logs-v2.json, account-balance.md with billing-transactions-v2.json. Both page by at most 100 rows,
newest first, the log by an offset, the ledger by a cursor. Where they differ: the log "comes from
the analytics pipeline and is meant for attribution and budgeting", has our reference, and one row
per request, at the time when it was made; what "actually moved your balance" is the ledger, which
has only the inference id, at the time when it was recorded. The log does not say whether its `end`
is included, so it ends with the last millisecond of a day; the ledger's `to` is not.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from studio.core.wire import BillPage, BillTable, Request
from studio.dialects import reading

LOGS = "/v2/logs"
TRANSACTIONS = "/v2/billing/transactions"
PAGE = 100
TABLES = (
    BillTable(name="logs", label="Log of requests", most_days=92),
    BillTable(name="transactions", label="Account ledger"),
)


def asked(table: str, since: date, until: date, after: str) -> Request:
    """`after` is the offset of the log, the cursor of the ledger, "" at the beginning."""
    query = {"limit": str(PAGE)}
    if table == "logs":
        query |= {"start": f"{since}T00:00:00Z", "end": f"{until}T23:59:59.999Z"}
        query |= {"status": "succeeded", "offset": after or "0"}
        return Request(method="GET", path=LOGS, query=query)
    query |= {"from": f"{since}T00:00:00Z", "to": f"{until + timedelta(days=1)}T00:00:00Z"}
    query |= {"type": "MODEL_USAGE"} | ({"cursor": after} if after else {})
    return Request(method="GET", path=TRANSACTIONS, query=query)


def page(table: str, body: Mapping[str, Any], after: str) -> BillPage:
    """An empty page is the last one, whatever it says of itself."""
    rows = tuple(_flat(reading.fields(row)) for row in body["data"])
    more = body["pagination"].get("has_more") is True and bool(rows)
    cursor = reading.text(body["pagination"].get("next_cursor"))
    further = str(int(after or 0) + len(rows)) if table == "logs" else cursor
    return BillPage(rows=rows, after=further if more else "")


def _flat(row: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """{"cost": {"credits": 5}} is {"cost.credits": "5"}."""
    flat: dict[str, str] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{before}{name}.")
        else:
            flat[f"{before}{name}"] = "" if value is None else str(value)
    return flat
