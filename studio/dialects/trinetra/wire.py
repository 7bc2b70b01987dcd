"""Orders to Trinetra, and what it answers."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from studio.core.errors import ProviderError
from studio.core.wire import Receipt, Request, Response, Sending, Update, Verdict
from studio.dialects import errors, failures, flat, reading, updates
from studio.dialects.base import Handle, confused
from studio.dialects.trinetra.limits import CAPABILITIES, PRICES, SIMPLE, UNIT
from studio.dialects.trinetra.served import JOBS, NAMES, PATH, TrinetraServed

# The page names queued and succeeded, and "a terminal state"; the others are the usual words.
VERDICTS = {
    "queued": Verdict.RUNNING,
    "pending": Verdict.RUNNING,
    "processing": Verdict.RUNNING,
    "running": Verdict.RUNNING,
    "succeeded": Verdict.SUCCEEDED,
    "failed": Verdict.FAILED,
    "cancelled": Verdict.FAILED,
    "canceled": Verdict.FAILED,
    "expired": Verdict.FAILED,
}
# Its page names no code of a failure; its object is Kling's, whose codes may come through. Of the
# words for an end, `expired` and `cancelled` are nobody's verdict on the order.
FAILURES = {**failures.KLING, "expired": failures.FAULT, "cancelled": failures.FAULT}
NO_JOB = "no-such-job"  # cannot exist: its own ids start with job_


class Trinetra(TrinetraServed):
    """Our reference is its `external_task_id`, "correlation/idempotency id": what it does with the
    same one again is not described, so nothing is sent twice."""

    slug = "trinetra"
    label = "Trinetra"
    note = "Kling 2.5, priced by resolution"
    address = "https://brahmand-api.bulletshorts.co"
    capabilities = CAPABILITIES
    prices = PRICES
    failures = FAILURES
    unit = UNIT
    handle = Handle.LOOKUP

    def headers(self, key: str) -> dict[str, str]:
        return {"x-api-key": key}

    def write_order(self, sending: Sending) -> Request:
        flat.check(self, sending)
        body = {
            **flat.written(sending, NAMES),
            **_camera(sending),
            **({"external_task_id": sending.reference} if sending.reference else {}),
            **({"callback_url": sending.callback} if sending.callback else {}),
        }
        return Request(method="POST", path=PATH, json=body)

    def read_receipt(self, response: Response, sending: Sending) -> Receipt:
        return Receipt(remote_id=self._name(response, reading.body(self, response)))

    def _name(self, response: Response, body: Any) -> str:
        """The answer to an order calls it `job_id`, the job itself `id`."""
        return reading.remote_id(self.label, response, body.get("job_id") or body.get("id"))

    def write_poll(self, remote_ids: Sequence[str]) -> Request:
        return Request(method="GET", path=f"{JOBS}{quote(remote_ids[0], safe='')}")

    def read_poll(self, response: Response, remote_ids: Sequence[str]) -> dict[str, Update]:
        body = reading.body(self, response)
        word = reading.text(body.get("status"))
        if not word:
            raise confused(self.label, response)
        update = updates.of_one_video(
            self,
            response,
            VERDICTS.get(word),
            url=_video(body),
            error=body.get("error") or {"message": body.get("message")},
            charge=reading.amount(body.get("credits_charged")),
        )
        return {remote_ids[0]: update}

    def refusal(self, response: Response) -> ProviderError:
        return errors.refusal(self.label, response)

    def write_lookup(self, sending: Sending) -> Request:
        """That a job is found by `external_task_id` is Kling's custom; here it is not documented,
        but asking is free."""
        return self.write_poll([sending.reference])

    def read_lookup(self, response: Response, sending: Sending) -> Receipt | None:
        if response.status == 404:
            return None
        return self.read_receipt(response, sending)

    def write_test(self) -> Request:
        """There is no page about the account; a job that is not there needs the key, too."""
        return self.write_poll([NO_JOB])

    def read_test(self, response: Response) -> str:
        """Its own "not found" is JSON; any other may be that of a wrong address."""
        if response.status == 404 and isinstance(response.json, dict):
            return ""
        if response.status == 404:
            raise confused(self.label, response)
        reading.body(self, response)
        return ""

    def read_callback(self, body: Any) -> str:
        """The job document, as the poll has it; not signed, so no more than a hint."""
        job = reading.fields(body)
        return reading.text(job.get("id")) or reading.text(job.get("job_id"))


def _camera(sending: Sending) -> dict[str, Any]:
    """Its words for the axes are ours; on pan and tilt see core/camera.py. A camera without any is
    one that stays still, which needs no saying."""
    move, axes = (sending.order.settings.get(name) for name in ("camera_type", "camera"))
    move = move or (SIMPLE if axes else None)
    control = {"type": move, "config": axes}
    said = {name: value for name, value in control.items() if value}
    return {"camera_control": said} if said else {}


def _video(body: Any) -> str:
    """The first output that is a video, or does not say what it is."""
    outputs = reading.items(reading.fields(body.get("output")).get("outputs"))
    found = [reading.fields(output) for output in outputs]
    videos = (one.get("url") for one in found if one.get("type", "video") == "video")
    return next(filter(None, map(reading.link, videos)), "")
