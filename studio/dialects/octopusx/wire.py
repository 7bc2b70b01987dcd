"""OctopusX's wire format as we send it: JSON to /v1/videos, and what it answers.

Source unless a line says otherwise: docs.octopusx.ai/en/videos/kling, the pages generation and
query, read 2026-11-20.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from studio.core.errors import ProviderConfused, ProviderError, Unsupported
from studio.core.wire import Receipt, Request, Response, Result, Sending, Update, Verdict
from studio.core.words import short
from studio.dialects import reading
from studio.dialects.base import Dialect, confused, raw_of
from studio.dialects.octopusx import errors
from studio.dialects.octopusx.limits import CAPABILITIES, LABEL, SLUG
from studio.dialects.octopusx.places import CREATE_PATH, FILE_PLACES, MODEL, PLACES, PROMPT
from studio.dialects.octopusx.served import Serving

SETTINGS = {place.setting for place in PLACES}
MODELS = {able.model for able in CAPABILITIES}

# Their word → ours; any other is running, under the deadline of whoever asks.
VERDICTS = {
    "completed": Verdict.SUCCEEDED,
    "failed": Verdict.FAILED,
    "cancelled": Verdict.FAILED,
    "canceled": Verdict.FAILED,
    # The answer of /v1/video/generations: doc.octopusx.ai/en/tasks/task-status, and in capitals
    # docs.octopusx.ai/en/videos/seedance-2/query.
    "succeeded": Verdict.SUCCEEDED,
    "success": Verdict.SUCCEEDED,
    "failure": Verdict.FAILED,
}
# Where a video's link may stand; the last three are of /v1/video/generations.
LINK_PLACES = (
    ("video_url",),
    ("metadata", "url"),
    ("url",),
    ("result_url",),
    ("data", "content", "video_url"),
)


class Octopusx(Serving, Dialect):
    """No order can be found again by our reference, and nobody calls us back."""

    slug = SLUG
    label = LABEL
    note = "Kling 2.5, 2.6 and 3.0 Omni, with sound and motion control"
    address = "https://octopusx.ai"
    capabilities = CAPABILITIES
    failures = errors.FAILURES
    forgets = frozenset({"reference", "callback"})

    def write_order(self, sending: Sending) -> Request:
        _require_places(sending)
        body: dict[str, Any] = {MODEL: sending.order.model, PROMPT: sending.order.prompt}
        for place in PLACES:
            if (value := sending.order.settings.get(place.setting)) not in (None, ""):
                _put(body, place.path, place.written(value))
        for name, link in sending.links.items():
            _put(body, FILE_PLACES[name][0], link)
        return Request(method="POST", path=CREATE_PATH, json=body)

    def read_receipt(self, response: Response, sending: Sending) -> Receipt:
        """The answer's model is a name for billing, never the one that was asked for."""
        task = self._task(response)
        name = task.get("task_id") or task.get("id")  # the same on the page; `id` may be a number
        return Receipt(remote_id=reading.remote_id(LABEL, response, name))

    def write_poll(self, remote_ids: Sequence[str]) -> Request:
        (remote_id,) = remote_ids
        return Request(method="GET", path=f"{CREATE_PATH}/{quote(remote_id, safe='')}")

    def read_poll(self, response: Response, remote_ids: Sequence[str]) -> dict[str, Update]:
        """A task that they do not know is no verdict about it."""
        if response.status >= 400 and errors.is_no_such_task(response):
            raise ProviderConfused(f"{LABEL} does not know this task.", raw=raw_of(response))
        (remote_id,) = remote_ids
        return {remote_id: _update(self._task(response), response)}

    def refusal(self, response: Response) -> ProviderError:
        return errors.refusal(response)

    def write_test(self) -> Request:
        """Which models the key may use (docs.octopusx.ai/en/texts/models, 2026-11-20)."""
        return Request(method="GET", path="/v1/models")

    def read_test(self, response: Response) -> str:
        models = reading.body(self, response).get("data")
        if not isinstance(models, list):
            raise confused(LABEL, response)
        listed = [reading.fields(model).get("id") for model in models]
        ours = [able.model for able in CAPABILITIES if able.model in listed]
        return f"The key lists {len(models):,} models, of Kling: {', '.join(ours) or 'none'}."

    def _task(self, response: Response) -> Mapping[str, Any]:
        """The task itself, also out of the envelope of /v1/video/generations."""
        body = reading.body(self, response)
        inside = body.get("data")
        return inside if "status" not in body and isinstance(inside, Mapping) else body


def _require_places(sending: Sending) -> None:
    """Nothing is dropped in silence."""
    if sending.order.model not in MODELS:
        raise Unsupported(f"{LABEL} has no model “{short(sending.order.model)}”.")
    left = {*sending.order.settings} - SETTINGS | {*sending.links} - {*FILE_PLACES}
    if left := left | {*sending.parts}:
        raise Unsupported(f"{LABEL} has no place for {', '.join(sorted(left))}.")


def _put(body: dict[str, Any], path: str, value: Any) -> None:
    *outer, last = path.split(".")
    for name in outer:
        body = body.setdefault(name, {})
    body[last] = value


def _update(task: Mapping[str, Any], response: Response) -> Update:
    status = task.get("status")
    if not isinstance(status, str):
        raise confused(LABEL, response)
    verdict, link = VERDICTS.get(status.casefold(), Verdict.RUNNING), _link(task)
    if verdict == Verdict.FAILED:
        return errors.failure(task, response)
    if verdict == Verdict.SUCCEEDED and link:
        results = (Result(index=0, links={"video": link}),)
        return Update(verdict=verdict, results=results, raw=raw_of(response))
    # A success without its link is none yet.
    progress = _progress(task.get("progress"))
    return Update(verdict=Verdict.RUNNING, progress=progress, raw=raw_of(response))


def _link(task: Mapping[str, Any]) -> str:
    """The first that is an address: new-api may put a reason where the link should be."""
    for path in LINK_PLACES:
        value: Any = task
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        if isinstance(value, str) and value.startswith(("https://", "http://")):
            return value
    return ""


def _progress(said: Any) -> int | None:
    """50, "50" or "50%"."""
    text = str(said).removesuffix("%") if isinstance(said, int | str) else ""
    return min(int(text), 100) if re.fullmatch(r"[0-9]{1,3}", text) else None
