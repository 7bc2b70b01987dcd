"""Orders to AI/ML API, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from studio.core.errors import ProviderError
from studio.core.wire import BillPage, Receipt, Request, Response, Sending, Update, Verdict
from studio.dialects import errors, failures, flat, reading, updates
from studio.dialects.aimlapi import billing
from studio.dialects.aimlapi.limits import CAPABILITIES
from studio.dialects.aimlapi.served import NAMES, PATH, REFERENCE, AimlapiServed
from studio.dialects.base import Handle, confused

# The words of the schema, and two that older sample code of theirs waits on
# (aimlapi/api-docs at b59b00e7 has "waiting" and "active").
VERDICTS = {
    "queued": Verdict.RUNNING,
    "waiting": Verdict.RUNNING,
    "active": Verdict.RUNNING,
    "generating": Verdict.RUNNING,
    "processing": Verdict.RUNNING,
    "completed": Verdict.SUCCEEDED,
    "error": Verdict.FAILED,
    "failed": Verdict.FAILED,
}
# `error.name` and `error.detail[].type`: the one of a sample in docs (v1.6-pro-effects.md), Kling's,
# and the HTTP statuses of docs/errors-and-messages, where one stands in place of a name
# (2026-08-21).
FAILURES = {
    **failures.KLING,
    "face_detection_error": failures.VERDICT,
    "400": failures.VERDICT,
    "422": failures.VERDICT,
    "429": failures.FAULT,
    "500": failures.FAULT,
    "502": failures.FAULT,
    "503": failures.FAULT,
    "504": failures.FAULT,
}
CREDITS_HEADER = "x-aimlapi-credits-used"
BILLING = "/v2/billing"
LOG_FAILED = "failed"


class Aimlapi(AimlapiServed):
    """The vendor's path is the one of the document; the universal one means the same."""

    slug = "aimlapi"
    label = "AI/ML API"
    note = "Kling 2.5 Turbo Pro"
    address = "https://api.aimlapi.com"
    capabilities = CAPABILITIES
    failures = FAILURES
    unit = "AIML"  # credits, 2,000,000 to the dollar
    handle = Handle.LOOKUP
    bills = billing.TABLES
    forgets = frozenset({"callback"})

    def write_order(self, sending: Sending) -> Request:
        """Their name for our reference is a header; what does not fit its alphabet is dropped
        silently there (docs/capabilities/request-tracing-and-cost.md, 2026-08-21)."""
        flat.check(self, sending)
        body = {"model": sending.order.model, **flat.written(sending, NAMES)}
        return Request(method="POST", path=PATH, headers={REFERENCE: sending.reference}, json=body)

    def read_receipt(self, response: Response, sending: Sending) -> Receipt:
        """Old versions of the document call the id `generation_id`."""
        body = reading.body(self, response)
        name = body.get("id") or body.get("generation_id")
        return Receipt(remote_id=reading.remote_id(self.label, response, name))

    def write_poll(self, remote_ids: Sequence[str]) -> Request:
        return Request(method="GET", path=PATH, query={"generation_id": remote_ids[0]})

    def read_poll(self, response: Response, remote_ids: Sequence[str]) -> dict[str, Update]:
        body = reading.body(self, response)
        word = reading.text(body.get("status"))
        if not word:
            raise confused(self.label, response)
        verdict = VERDICTS.get(word)
        update = updates.of_one_video(
            self,
            response,
            verdict,
            url=reading.link(reading.fields(body.get("video")).get("url")),
            error=body.get("error"),
            charge=_charge(response, verdict),
        )
        return {remote_ids[0]: update}

    def refusal(self, response: Response) -> ProviderError:
        return errors.refusal(self.label, response)

    def write_lookup(self, sending: Sending) -> Request:
        """The log has one row per request (docs/api-references/service-endpoints/usage-logs.md,
        2026-08-21). It has no filter for our reference: these are the 100 rows of a page."""
        return Request(method="GET", path=billing.LOGS, query={"period": "24h", "limit": "100"})

    def read_lookup(self, response: Response, sending: Sending) -> Receipt | None:
        """A video's row may come only when it is finished: not found proves nothing."""
        body = reading.body(self, response)
        if not isinstance(body.get("data"), list):
            raise confused(self.label, response)
        rows = [reading.fields(row) for row in body["data"]]
        ours = [row for row in rows if row.get("client_request_id") == sending.reference]
        row = next((row for row in ours if row.get("status") != LOG_FAILED), next(iter(ours), None))
        return None if row is None else self._found(response, row)

    def _found(self, response: Response, row: Any) -> Receipt:
        """A failed request is billed nothing, and says no more than that (the same page)."""
        said = f"{self.label} has it in its log as failed and does not say why."
        failed = row.get("status") == LOG_FAILED
        update = replace(errors.failed(self.label, "", raw=row, charge=0), reason=said)
        name = reading.remote_id(self.label, response, row.get("inference_id"))
        return Receipt(remote_id=name, update=update if failed else None)

    def write_bill(self, table: str, since: date, until: date, *, after: str = "") -> Request:
        return billing.asked(table, since, until, after)

    def read_bill(self, table: str, response: Response, *, after: str = "") -> BillPage:
        body = reading.body(self, response)
        if not isinstance(body.get("data"), list) or not isinstance(
            body.get("pagination"), Mapping
        ):
            raise confused(self.label, response)
        return billing.page(table, body, after)

    def write_test(self) -> Request:
        return Request(method="GET", path=BILLING)

    def read_test(self, response: Response) -> str:
        """`current_balance` is in dollars (billing-v2.json, 2026-08-21)."""
        balance = reading.fields(reading.body(self, response)).get("current_balance")
        if isinstance(balance, bool) or not isinstance(balance, int | float):
            raise confused(self.label, response)
        return f"{balance:,.2f} USD left"


def _charge(response: Response, verdict: Verdict | None) -> int | None:
    """Credits: `credits_used`, which the document of November 2025 called `tokens_used`.

    Where the body says nothing a header may (request-tracing-and-cost.md, 2026-08-21); a zero there
    is no price. "A failed request is billed nothing" (usage-logs.md, 2026-08-21).
    """
    usage = reading.fields(reading.fields(reading.fields(response.json).get("meta")).get("usage"))
    told = [reading.amount(usage.get(name)) for name in ("credits_used", "tokens_used")]
    told.append(reading.amount(response.headers.get(CREDITS_HEADER)) or None)
    charge = next((amount for amount in told if amount is not None), None)
    return 0 if verdict == Verdict.FAILED and charge is None else charge
