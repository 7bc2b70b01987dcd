"""Runware's REST interface as a client speaks it: one address, and an array of tasks.

From runware.ai/docs/platform (task-polling, errors, webhooks, image-upload, account-management) and
the model's page, read 2026-11-20.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from studio.core.errors import (
    MaybeSent,
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
)
from studio.core.money import decimal
from studio.core.wire import Receipt, Request, Response, Sending, Update
from studio.dialects.base import Handle, confused
from studio.dialects.reading import amount, fields
from studio.dialects.runware import limits
from studio.dialects.runware.errors import (
    DUPLICATE,
    code_of,
    errors_in,
    refusal_of,
    troubles_poll,
)
from studio.dialects.runware.fields import LABEL, POLL, objects, task_uuid
from studio.dialects.runware.served import Serving
from studio.dialects.runware.tasks import task_of
from studio.dialects.runware.updates import updates_in

# About the poll itself, whatever it says about tasks, as is everything from 500. With others a
# task that failed is answered for as if the poll were wrong.
POLL_REFUSED = {401, 403, 408, 429}


class Runware(Serving):
    """Our own UUID names a task, so the same order may be sent again: a second one is refused as
    `conflictTaskUUID`, which proves that the first has arrived.

    A reference is read back as that UUID, without what stands before it in ours.
    """

    slug = "runware"
    label = LABEL
    note = "Kling 2.5 Turbo Pro"
    address = "https://api.runware.ai"
    capabilities = (limits.CAPABILITY,)
    prices = limits.PRICES
    handle = Handle.REPLAY
    batch = 50

    def write_order(self, sending: Sending) -> Request:
        return _post(task_of(sending))

    def read_receipt(self, response: Response, sending: Sending) -> Receipt:
        """What is said about other tasks is not about ours; `{"data": []}` is a receipt, too."""
        mine = task_uuid(sending.reference)
        errors = [one for one in errors_in(response.json) if one.get("taskUUID") in (mine, None)]
        if any(code_of(one) == DUPLICATE for one in errors):
            return Receipt(remote_id=mine)
        if errors or response.status >= 400:
            raise _of_a_send(refusal_of(_first(errors), response), response.status)
        items = self._items(response)
        if items and not any(item.get("taskUUID") in (mine, None) for item in items):
            raise confused(self.label, response)
        return Receipt(remote_id=mine)

    def write_poll(self, remote_ids: Sequence[str]) -> Request:
        return _post(*({"taskType": POLL, "taskUUID": one} for one in remote_ids))

    def read_poll(self, response: Response, remote_ids: Sequence[str]) -> dict[str, Update]:
        """A poll that was refused is no verdict on any task, even where the refusal names one."""
        errors = errors_in(response.json)
        trouble = [one for one in errors if troubles_poll(one)]
        if trouble or response.status in POLL_REFUSED or response.status >= 500:
            raise refusal_of(_first(trouble or errors), response)
        if updates := updates_in(response.json, remote_ids):
            return updates
        if errors or response.status >= 400:
            raise self._of_a_poll(response)
        self._items(response)
        return {}

    def refusal(self, response: Response) -> ProviderError:
        return refusal_of(_first(errors_in(response.json)), response)

    def write_upload(self, name: str, data_uri: str, reference: str) -> Request:
        """Under a new UUID at every try: an upload twice costs nothing, but the refusal of a
        second one as a duplicate would not have the picture's name."""
        return _post({"taskType": "imageUpload", "taskUUID": _new_uuid(), "image": data_uri})

    def read_upload(self, response: Response) -> str:
        """Documented with `data` as one object, seen as a list."""
        for item in self._made(response):
            if isinstance(name := item.get("imageUUID"), str) and name:
                return name
        raise confused(self.label, response)

    def write_test(self) -> Request:
        """The account's details: they cost nothing, and say how much money is left."""
        return _post(
            {"taskType": "accountManagement", "taskUUID": _new_uuid(), "operation": "getDetails"}
        )

    def read_test(self, response: Response) -> str:
        balances = [amount(item.get("balance")) for item in self._made(response)]
        known = next((balance for balance in balances if balance is not None), None)
        return "" if known is None else f"{decimal(known):,.2f} USD left"

    def read_callback(self, body: Any) -> str:
        """The flat task is documented; of a failure nothing is, so the envelopes are read, too."""
        inside = objects(fields(body).get("data")) + errors_in(body)
        names = [one.get("taskUUID") for one in objects(body) + inside]
        return next((name for name in names if isinstance(name, str)), "")

    def _of_a_poll(self, response: Response) -> ProviderError:
        """A question that is refused for what it is refuses no order."""
        error = self.refusal(response)
        rejected = isinstance(error, ProviderRejected)
        return confused(self.label, response) if rejected else error

    def _made(self, response: Response) -> list[dict[str, Any]]:
        """The items of an answer to a single task that went well."""
        if errors_in(response.json) or response.status >= 400:
            raise self.refusal(response)
        return self._items(response)

    def _items(self, response: Response) -> list[dict[str, Any]]:
        data = fields(response.json).get("data")
        if not isinstance(data, list | dict):
            raise confused(self.label, response)
        return objects(data)


def _post(*tasks: dict[str, Any]) -> Request:
    return Request(method="POST", path="/v1", json=list(tasks))


def _new_uuid() -> str:
    return str(uuid.uuid4())


def _first(errors: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    return next(iter(errors), None)


def _of_a_send(error: ProviderError, status: int) -> ProviderError:
    """Trouble of theirs does not prove that it did not arrive; a refusal for want of room does."""
    if not isinstance(error, ProviderUnavailable):
        return error
    if isinstance(error, ProviderBusy) and status < 500:
        return error
    return MaybeSent(error.message, raw=error.raw, retry_after=error.retry_after)
